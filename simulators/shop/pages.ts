import { CURRENCY, GOODS, type Order } from './orders.ts'

const escaped = (text: string): string =>
  text.replace(/[&<>"']/gu, (character) => `&#${String(character.codePointAt(0))};`)

export const money = (minor: number): string => `${(minor / 100).toFixed(2)} ${CURRENCY}`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escaped(title)}</title><style>
:root{color-scheme:light dark;--paper:#f4f6f2;--ink:#14211c;--line:#d5dbd5;--accent:#0b5563;--on-accent:#fff;--bad:#a3231c}
@media(prefers-color-scheme:dark){:root{--paper:#0f1514;--ink:#e7edea;--line:#2a3532;--accent:#6cc6d4;--on-accent:#06262c;--bad:#f3938a}}
body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:16px;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem}h2{font-size:1.125rem;margin-top:24px}fieldset{border:1px solid var(--line);border-radius:5px}
li{overflow-wrap:anywhere;font-size:.875rem;padding-bottom:4px}
nav a{margin-right:16px;color:var(--accent)}label{display:block;padding:4px 0}
input:not([type=checkbox]){font:inherit;padding:8px;width:100%;box-sizing:border-box}
button{font:inherit;padding:10px 16px;margin-top:12px;background:var(--accent);color:var(--on-accent);border:0;border-radius:5px}
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:6px 4px;border-top:1px solid var(--line)}strong{white-space:nowrap}
@media(max-width:30rem){tr{display:flex;flex-wrap:wrap;align-items:baseline;border-top:1px solid var(--line)}td,th{border:0}}
.wrong{color:var(--bad)}</style></head><body>
<nav><a href="/">Basket</a><a href="/back-room">Back room</a></nav><main><h1>${escaped(title)}</h1>${body}</main></body></html>
`

const refusal = (said: string | null): string =>
  said === null ? '' : `<p class="wrong" role="alert">${escaped(said)}</p>`

export const basketPage = (said: string | null): string =>
  page(
    'Basket',
    `${refusal(said)}<form method="post" action="/pay"><fieldset><legend>Goods</legend>${GOODS.map(
      ({ code, name, price }) =>
        `<label><input type="checkbox" name="goods" value="${code}"> ${name}, ${money(price)}</label>`,
    ).join('')}</fieldset>
<label for="number">Gift card number</label><input id="number" name="number" required autocomplete="off" maxlength="40">
<label for="ecode">eCode</label><input id="ecode" name="ecode" required autocomplete="off" maxlength="40">
<button>Pay</button></form><p>What the card does not cover is paid by other means.</p>`,
  )

export const receiptPage = ({ id, goods, total, byCard, last4 }: Order): string =>
  page(
    'Thank you',
    `<p>Order ${id}: ${goods.join(', ')}, ${money(total)}.</p><p>By gift card ending in ${last4}: <strong>${money(byCard)}</strong></p>
<p>By other means: <strong>${money(total - byCard)}</strong></p>`,
  )

export const backRoomPage = (orders: readonly Order[], said: string | null): string =>
  page(
    'Back room',
    `${refusal(said)}<h2>Orders</h2>${orders.length === 0 ? '<p>None yet: buy something in the basket.</p>' : ''}<table>${orders
      .map(
        ({ id, total, byCard, refunded }) =>
          `<tr><th>${id}</th><td>${money(total)}</td><td>by card ${money(byCard)}, given back ${money(refunded)}</td><td>${
            byCard > refunded
              ? `<form method="post" action="/refund"><input type="hidden" name="order" value="${id}"><label>Give back <input name="amount" value="${((byCard - refunded) / 100).toFixed(2)}"></label><button>Refund</button></form>`
              : ''
          }</td></tr>`,
      )
      .join(
        '',
      )}</table><h2>Webhooks, as they come</h2><p>The newest first, while this page is open.</p><ol id="events" aria-live="polite"></ol><script>
new EventSource('/live').onmessage = ({ data }) => {
  const line = document.createElement('li')
  line.textContent = data
  document.querySelector('#events').prepend(line)
}</script>`,
  )

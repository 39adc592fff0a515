import { CURRENCY, GOODS, type Order } from './orders.ts'

const escaped = (text: string): string =>
  text.replace(/[&<>"']/gu, (character) => `&#${String(character.codePointAt(0))};`)

export const money = (minor: number): string => `${(minor / 100).toFixed(2)} ${CURRENCY}`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:16px;color:#14211c;background:#fff}
nav a{margin-right:16px;color:#0b5563}label{display:block;padding:4px 0}
input:not([type=checkbox]){font:inherit;padding:8px;width:100%;box-sizing:border-box}
button{font:inherit;padding:10px 16px;margin-top:12px;background:#0b5563;color:#fff;border:0;border-radius:5px}
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:6px 4px;border-top:1px solid #d5dbd5}
.wrong{color:#a3231c}</style></head><body>
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
<button>Pay</button></form><p>What the card has not, is paid by other means.</p>`,
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
    `${refusal(said)}<h2>Orders</h2><table>${orders
      .map(
        ({ id, total, byCard, refunded }) =>
          `<tr><th>${id}</th><td>${money(total)}</td><td>by card ${money(byCard)}, given back ${money(refunded)}</td><td>${
            byCard > refunded
              ? `<form method="post" action="/refund"><input type="hidden" name="order" value="${id}"><label>Give back <input name="amount" value="${((byCard - refunded) / 100).toFixed(2)}"></label><button>Refund</button></form>`
              : ''
          }</td></tr>`,
      )
      .join('')}</table><h2>Webhooks, as they come</h2><ol id="events" aria-live="polite"></ol><script>
new EventSource('/live').onmessage = ({ data }) => {
  const line = document.createElement('li')
  line.textContent = data
  document.querySelector('#events').prepend(line)
}</script>`,
  )

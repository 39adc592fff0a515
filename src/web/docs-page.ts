/** The page of the API's documentation, made of the endpoints themselves. */

import type { Example } from '../office/demo-example.ts'
import type { Endpoint } from './api/endpoint.ts'
import { EXAMPLES } from './api/examples.ts'
import { html, type Html, page } from './page.ts'
import { PROBLEMS } from './problems.ts'
import type { Theme } from './theme.ts'

export type DocsParts = {
  /** With `/api/v1`. */
  readonly base: string
  readonly example: Example
  readonly endpoints: readonly Endpoint[]
  readonly theme: Theme
}

/** A key that no two examples share would be better; a reader copies each line once. */
const KEYS = { payment: 'basket-1-payment', refund: 'basket-1-refund' } as const

/** `/docs`: how to take a payment, then every endpoint, with lines that can be copied. In English, as APIs are. */
export function docsPage(parts: DocsParts): string {
  const { endpoints, theme } = parts
  return page(
    { language: 'en', title: 'AkartWeb: gift cards on your page', theme },
    html`<main class="docs">
      <h1>Gift cards on your page</h1>
      <p>
        JSON over HTTP. Money is in minor units: <code>1250</code> is 12.50. The same as a document for programs:
        <a href="/api/v1/openapi.json">openapi.json</a>. A client for Node and browsers: <code>akart-client</code>.
      </p>
      ${firstPayment(parts)} ${onAPage(parts)} ${rules()}
      <h2>Endpoints</h2>
      ${endpoints.map((endpoint) => endpointPart(parts, endpoint))}
      <h2>Problems</h2>
      <ul>
        ${Object.entries(PROBLEMS).map(
          ([code, { status, title }]) =>
            html`<li>
              <a href="${`/problems/${code}`}"><code>${code}</code></a> (${String(status)}): ${title.en}
            </li>`,
        )}
      </ul>
    </main>`,
  )
}

function firstPayment(parts: DocsParts): Html {
  const { card } = parts.example
  const amount = { value: 1250, currency: 'PLN' }
  return html`<h2>A payment in three steps</h2>
    <p>1. What is on the card that your customer typed?</p>
    ${code(curl(parts, 'POST', '/balance', { card }))}
    <p>
      2. Take the money. Draw an <code>Idempotency-Key</code> for each basket and send it again with every repeat: it is
      taken once. <code>"partial": true</code> takes what there is; charge the rest by other means.
    </p>
    ${code(curl(parts, 'POST', '/payments', { card, amount, orderId: 'basket-1' }, KEYS.payment))}
    <p>
      3. Confirm when the basket is bought, within the time in <code>confirmBy</code>; otherwise the money goes back.
      <code>"confirm": true</code> in step 2 does both at once.
    </p>
    <p><code>PAYMENT_ID</code> is the <code>id</code> of that answer.</p>
    ${code(curl(parts, 'POST', '/payments/PAYMENT_ID/confirm', {}))}
    <p>Goods come back? Give back a part, or all of it:</p>
    ${code(
      curl(parts, 'POST', '/payments/PAYMENT_ID/refunds', { amount: { value: 250, currency: 'PLN' } }, KEYS.refund),
    )}`
}

/** One file: `node shop.mjs` serves a page on which a card is typed, and takes the payment. A test runs it as it stands. */
function onAPage({ base, example }: DocsParts): Html {
  return html`<h2>The same on a page</h2>
    <p>
      The page turns number and eCode into a token by a publishable key, so that neither reaches your server; the server
      pays by that token with its secret key. Save this as <code>shop.mjs</code>, run <code>node shop.mjs</code> (Node
      20, nothing to install), open <a href="http://127.0.0.1:3000/">127.0.0.1:3000</a> and type the card
      <code>${example.card.number}</code>, <code>${example.card.ecode}</code>.
    </p>
    ${code(shopOnOnePage(base, example))}
    <p>
      In production make a publishable key for the origins of your pages:
      <code>akart api-key add SHOP --publishable --origin https://shop.example</code>.
    </p>`
}

export const shopOnOnePage = (base: string, { key, browserKey }: Pick<Example, 'key' | 'browserKey'>): string =>
  `import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const page = \`<!doctype html><title>Pay by gift card</title>
<form><input name="number" placeholder="Card number"><input name="ecode" placeholder="eCode"><button>Pay 12.50</button></form>
<p role="status"></p>
<script type="module">
  let basket = crypto.randomUUID() // the same at every try, so that the card pays once
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault()
    const card = Object.fromEntries(new FormData(event.target))
    const token = await fetch('${base}/card-tokens', {
      method: 'POST',
      headers: { Authorization: 'Bearer ${browserKey}', 'Content-Type': 'application/json' },
      body: JSON.stringify({ card }),
    })
    const said = await token.json()
    const paid = token.ok && (await fetch('/pay', { method: 'POST', body: JSON.stringify({ basket, token: said.token }) }))
    document.querySelector('p').textContent = token.ok ? await paid.text() : said.detail
    if (paid.status === 402) basket = crypto.randomUUID() // declined, and that is kept: another card is another payment
  })
</script>\`

createServer(async (request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  if (request.url !== '/pay') return response.end(page)
  let body = ''
  for await (const part of request) body += part
  const { basket = randomUUID(), token } = JSON.parse(body)
  const paid = await fetch('${base}/payments', {
    method: 'POST',
    headers: { Authorization: 'Bearer ${key}', 'Content-Type': 'application/json', 'Idempotency-Key': basket },
    body: JSON.stringify({ card: { token }, amount: { value: 1250, currency: 'PLN' }, confirm: true }),
  })
  const answer = await paid.json()
  response.statusCode = paid.status
  if (!paid.ok) return response.end(answer.detail)
  const { available, currency } = answer.balance
  response.end(\`Paid. \${(available / 100).toFixed(2)} \${currency} are left.\`)
}).listen(3000, '127.0.0.1')`

const rules = (): Html =>
  html`<h2>What holds everywhere</h2>
    <ul>
      <li>
        No answer, or 503, 504, 409 <code>in_progress</code>: send the same request with the same key again. To undo it
        instead, send its key to <code>POST /reversals</code>.
      </li>
      <li>
        A refusal of the card, 402, is kept under its key like an approval: another card, or another amount, is another
        request and wants a key of its own, else it is 422 <code>idempotency_key_reused</code>.
      </li>
      <li>
        Secret keys stay in your server. Pages use a publishable key, which makes card tokens alone; a token stands for
        number and eCode for 15 minutes.
      </li>
      <li>
        Send <code>Akart-Customer-Address</code> with your customer's address, so that who guesses locks out nobody but
        himself.
      </li>
      <li>
        Refusals are problems (RFC 9457): <code>code</code> says what, <code>detail</code> is for people, in English or
        Polish.
      </li>
      <li>
        Webhooks are signed by Standard Webhooks 1.0.0 and may come twice: keep the <code>webhook-id</code> of what you
        have handled.
      </li>
    </ul>`

function endpointPart(
  parts: DocsParts,
  { method, path, summary, scopes, publishable, idempotent, body, answers, query }: Endpoint,
): Html {
  const name = `${method} ${path}`
  const example = EXAMPLES[name]
  const shown = path.replace('{idempotencyKey}', 'basket-1-payment').replace('{id}', 'ID')
  const sent = body === null ? null : withCard(example ?? {}, parts.example)
  return html`<section>
    <h3><code>${name}</code></h3>
    <p>
      ${summary}. Scope:
      ${scopes.join(' or ')}${publishable ? ', or a publishable key' : ''}.${idempotent ? ' Wants an Idempotency-Key.' : ''}${
        query === null ? '' : ` Query: ${query.join(', ')}.`
      }
      Answer: ${Object.keys(answers).join(', ')}.
    </p>
    ${code(curl(parts, method, shown, sent, idempotent ? 'YOUR-KEY-1' : null))}
  </section>`
}

const withCard = (example: unknown, { card }: Example): unknown =>
  typeof example === 'object' && example !== null && 'card' in example ? { ...example, card } : example

/** Can be focused, since it scrolls sideways. */
const code = (text: string): Html => html`<pre tabindex="0"><code>${text}</code></pre>`

function curl(
  { base, example }: DocsParts,
  method: string,
  path: string,
  body: unknown,
  key: string | null = null,
): string {
  return [
    `curl ${method === 'POST' || method === 'GET' ? '' : `-X ${method} `}${base}${path}`,
    `  -H 'Authorization: Bearer ${example.key}'`,
    ...(key === null ? [] : [`  -H 'Idempotency-Key: ${key}'`]),
    ...(body === null
      ? method === 'POST'
        ? ['  -X POST']
        : []
      : [`  -H 'Content-Type: application/json'`, `  -d '${JSON.stringify(body)}'`]),
  ].join(' \\\n')
}

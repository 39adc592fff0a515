/** The programs of `/docs`: each is one file without dependencies, and a test runs it as it stands. */

import type { Example } from '../office/demo-example.ts'

/** `node shop.mjs` serves a page with a form for a card, and takes the payment. */
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

/** `WEBHOOK_SECRET=whsec_… node webhooks.mjs` prints the events that Akart sends to it. */
export const webhookReceiver = `import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const secret = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64')
const handled = new Set() // in production a table of your database

createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = request.headers
  const expected = createHmac('sha256', secret).update(\`\${id}.\${timestamp}.\${body}\`).digest()
  const isSigned = signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  const isOfNow = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300 // seconds: an old message may be played again
  if (!isSigned || !isOfNow) {
    response.statusCode = 400
    return response.end()
  }
  if (!handled.has(id)) {
    const event = JSON.parse(body)
    console.log(event.type, event.data.id)
    handled.add(id)
  }
  response.end() // 200: it is not sent again
}).listen(3000, '127.0.0.1')`

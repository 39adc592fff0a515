/** The page of the API's documentation, generated from the endpoints. */

import type { Example } from '../office/demo-example.ts'
import { EVENT_TYPES } from '../office/shop-event.ts'
import { ANSWERS, DECLINE, EVENT } from './api/answers.ts'
import type { Endpoint } from './api/endpoint.ts'
import { EXAMPLES } from './api/examples.ts'
import { shopOnOnePage, webhookReceiver } from './docs-programs.ts'
import { html, type Html, page } from './page.ts'
import { PROBLEMS } from './problems.ts'
import type { Theme } from './theme.ts'

export type DocsParts = {
  /** The base URL, with `/api/v1`. */
  readonly base: string
  readonly example: Example
  readonly endpoints: readonly Endpoint[]
  readonly theme: Theme
}

/** The Idempotency-Keys of the examples. Fixed ones are enough, because a reader copies each line once. */
const KEYS = { payment: 'basket-1-payment', refund: 'basket-1-refund' } as const

/** `/docs`: how to take a payment, then every endpoint, with lines to copy. Only in English, like the API. */
export function docsPage(parts: DocsParts): string {
  const { endpoints, theme } = parts
  return page(
    { language: 'en', title: 'AkartWeb: gift cards on your page', theme },
    html`<main class="docs">
      <h1>Gift cards on your page</h1>
      <p>
        JSON over HTTP. Money is in minor units: <code>1250</code> is 12.50. The machine-readable description is
        <a href="/api/v1/openapi.json">openapi.json</a>. A client for Node and browsers: <code>akart-client</code>.
      </p>
      ${contents(endpoints)} ${firstPayment(parts)} ${onAPage(parts)} ${rules()} ${webhooks()}
      <h2 id="endpoints">Endpoints</h2>
      ${endpoints.map((endpoint) => endpointPart(parts, endpoint))}
      <h2 id="problems">Problems</h2>
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

const SECTIONS = [
  ['payment', 'A payment in three steps'],
  ['page', 'The same on a page'],
  ['rules', 'Rules for all requests'],
  ['webhooks', 'Webhooks'],
  ['endpoints', 'Endpoints'],
  ['problems', 'Problems'],
] as const
type Section = (typeof SECTIONS)[number][0]

const contents = (endpoints: readonly Endpoint[]): Html =>
  html`<nav aria-label="Contents">
    <ul>
      ${SECTIONS.map(
        ([id, title]) =>
          html`<li>
            <a href="${`#${id}`}">${title}</a>
            ${
              id === 'endpoints'
                ? html`<ul class="columns">
                    ${endpoints.map(entry)}
                  </ul>`
                : []
            }
          </li>`,
      )}
    </ul>
  </nav>`

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`
/** The anchor of an endpoint: `POST /payments/{id}/confirm` has `post-payments-id-confirm`. */
const idOf = (endpoint: Endpoint): string => nameOf(endpoint).toLowerCase().replace(/\W+/gu, '-').replace(/-$/u, '')
const entry = (endpoint: Endpoint): Html =>
  html`<li>
    <a href="${`#${idOf(endpoint)}`}"><code>${nameOf(endpoint)}</code></a>
  </li>`

function heading(section: Section): Html {
  const [, title] = SECTIONS.find(([id]) => id === section) ?? ['', '']
  return html`<h2 id="${section}">${title}</h2>`
}

function firstPayment(parts: DocsParts): Html {
  const { card } = parts.example
  const amount = { value: 1250, currency: 'PLN' }
  return html`${heading('payment')}
    <p>1. What is on the card that your customer typed?</p>
    ${code(curl(parts, 'POST', '/balance', { card }))} ${answer(ANSWERS['POST /balance'])}
    <p>
      2. Take the money. Choose an <code>Idempotency-Key</code> for each basket and send it again with every repeat: it
      is taken once. <code>"partial": true</code> takes what there is; charge the rest by other means.
    </p>
    ${code(curl(parts, 'POST', '/payments', { card, amount, orderId: 'basket-1' }, KEYS.payment))}
    ${answer(ANSWERS['POST /payments'])}
    <p>A refusal says why: <code>detail</code> is for your customer, <code>code</code> for your program.</p>
    ${answer(DECLINE)}
    <p>
      3. Confirm when the basket is bought, within the time in <code>confirmBy</code>; otherwise the money goes back.
      <code>"confirm": true</code> in step 2 does both at once.
    </p>
    <p><code>PAYMENT_ID</code> is the <code>id</code> of that answer.</p>
    ${code(curl(parts, 'POST', '/payments/PAYMENT_ID/confirm', {}))}
    <p>Refund a part or all of it when goods come back:</p>
    ${code(
      curl(parts, 'POST', '/payments/PAYMENT_ID/refunds', { amount: { value: 250, currency: 'PLN' } }, KEYS.refund),
    )}`
}

/** A program of one file: `node shop.mjs` serves a page with a form for a card, and takes the payment. A test runs it unchanged. */
function onAPage({ base, example }: DocsParts): Html {
  return html`${heading('page')}
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

const rules = (): Html =>
  html`${heading('rules')}
    <ul>
      <li>
        No answer, or 503, 504, 409 <code>in_progress</code>: send the same request with the same key again. To undo it
        instead, send its key to <code>POST /reversals</code>.
      </li>
      <li>
        A refusal of the card, 402, is kept under its key like an approval: another card, or another amount, is another
        request and needs a key of its own; otherwise the answer is 422 <code>idempotency_key_reused</code>.
      </li>
      <li>
        Secret keys stay in your server. Pages use a publishable key, which makes card tokens alone; a token stands for
        number and eCode for 15 minutes.
      </li>
      <li>
        Send <code>Akart-Customer-Address</code> with your customer's address, so that somebody who guesses card numbers
        locks out only themselves.
      </li>
      <li>
        Refusals are problems (RFC 9457): <code>code</code> says what, <code>detail</code> is for people, in English or
        Polish.
      </li>
    </ul>`

const webhooks = (): Html =>
  html`${heading('webhooks')}
    <p>
      <a href="#post-webhook-endpoints"><code>POST /webhook-endpoints</code></a> with a URL of yours; keep the
      <code>secret</code> of the answer. Akart sends each event there by POST:
    </p>
    ${answer(EVENT)}
    <p>
      <code>data</code> is the payment, top-up or sale right after the event. <code>sequence</code> rises for each card.
      The types:
    </p>
    <ul class="columns">
      ${EVENT_TYPES.map((type) => html`<li><code>${type}</code></li>`)}
    </ul>
    <p>
      Messages are signed by Standard Webhooks 1.0.0. One may come twice: keep the <code>webhook-id</code> of what you
      have handled. Answer 2xx within 15 seconds; otherwise it comes again after 5 seconds, 5 and 30 minutes, 2, 5, 10,
      14, 20 and 24 hours. 410 ends it. Save this as <code>webhooks.mjs</code> and run
      <code>WEBHOOK_SECRET=whsec_… node webhooks.mjs</code>:
    </p>
    ${code(webhookReceiver)}`

function endpointPart(parts: DocsParts, endpoint: Endpoint): Html {
  const { method, path, summary, scopes, publishable, idempotent, body, answers, query } = endpoint
  const name = nameOf(endpoint)
  const example = EXAMPLES[name]
  const shown = path.replace('{idempotencyKey}', 'basket-1-payment').replace('{id}', 'ID')
  const sent = body === null ? null : withCard(example ?? {}, parts.example)
  return html`<section>
    <h3 id="${idOf(endpoint)}"><code>${name}</code></h3>
    <p>
      ${summary}. Scope:
      ${scopes.join(' or ')}${publishable ? ', or a publishable key' : ''}.${idempotent ? ' Requires an Idempotency-Key.' : ''}${
        query === null ? '' : ` Query: ${query.join(', ')}.`
      }
      Answer: ${Object.keys(answers).join(', ')}.
    </p>
    ${optionalPart(body)} ${code(curl(parts, method, shown, sent, idempotent ? 'YOUR-KEY-1' : null))}
    ${answer(ANSWERS[name])}
  </section>`
}

type Members = {
  readonly properties?: Readonly<Record<string, { readonly description?: string; readonly default?: unknown }>>
  readonly required?: readonly string[]
}

/** The optional members of the body. */
function optionalPart(body: Endpoint['body']): readonly Html[] {
  const { properties = {}, required = [] }: Members = body ?? {}
  const optional = Object.entries(properties).filter(([name]) => !required.includes(name))
  if (optional.length === 0) return []
  const items = optional.map(([name, { description, default: usual }]) => {
    const said = [...(description === undefined ? [] : [description]), ...(usual === undefined ? [] : [`default ${JSON.stringify(usual)}`])] // prettier-ignore
    return html`<li><code>${name}</code>${said.length === 0 ? '' : `: ${said.join('; ')}`}</li>`
  })
  return [
    html`<p>Optional members of the body:</p>
      <ul>
        ${items}
      </ul>`,
  ]
}

const withCard = (example: unknown, { card }: Example): unknown =>
  typeof example === 'object' && example !== null && 'card' in example ? { ...example, card } : example

/** The answer; undefined: it is 204 and has no body. */
const answer = (body: object | undefined): readonly Html[] =>
  body === undefined ? [] : [html`<pre tabindex="0" class="answer"><code>${JSON.stringify(body, null, 2)}</code></pre>`]

/** A block of code, which can get the focus because it scrolls sideways. */
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

import { HIDDEN, type Name, nameOf, said, type ShopName, SHOWN, type ThingKind, type Input } from './api-world.ts'
import { WITHIN } from './api-model.ts'
import type { Response } from './api-wire.ts'

/** A card as its holder knows it. */
export type KnownCard = {
  readonly number: string
  readonly ecode: string
  readonly tokens: Readonly<Partial<Record<ShopName, string>>>
}

/** The shops' memory of a history, for checking that answers agree. */
export type Memory = {
  readonly cards: Map<string, KnownCard>
  /** Name → id, and back. */
  readonly ids: Map<Name, string>
  readonly names: Map<string, Name>
  /** Of each thing what never changes: its codes and its time. */
  readonly facts: Map<Name, string>
  /** The first body that was told under a key, without number and eCode. */
  readonly bodies: Map<Name, string>
  /** The card named under a key, and the requested number of minutes. */
  readonly asked: Map<Name, { readonly card: string; readonly within: number }>
}

export const newMemory = (): Memory => ({
  cards: new Map(),
  ids: new Map(),
  names: new Map(),
  facts: new Map(),
  bodies: new Map(),
  asked: new Map(),
})

type Told = { readonly status: number; readonly body: Json; readonly isAgain: boolean }

type Json = Readonly<Record<string, unknown>>
type Money = { readonly value: number; readonly currency: string }

/** An answer in the model's words, with any contradiction to earlier answers. */
export function readingOf(memory: Memory, input: Input, { status, headers, text }: Response): string {
  const body = JSON.parse(text) as Json
  if (input.act === 'request' && status === 200) return requestReading(memory, nameOf(input.shop, input.of), body)
  const name = 'key' in input ? nameOf(input.shop, input.key) : null
  const isAgain = headers['idempotent-replayed'] === 'true'
  const differs = name === null ? '' : bodyFault(memory, name, { status, body, isAgain })
  return `${status} ${contentOf(memory, input, name, status, body)}${isAgain ? ' again' : ''}${differs}`
}

function contentOf(memory: Memory, input: Input, name: Name | null, status: number, body: Json): string {
  if (status >= 400) return problemReading(body)
  switch (input.act) {
    case 'balance':
      return `${String(body['state'])} ${balanceReading(body['balance'])}`
    case 'history':
      return historyReading(body)
    case 'list':
      return listReading(body)
    case 'reverse':
      return String(body['result'])
    case 'cancel':
    case 'confirm':
    case 'pay':
    case 'refund':
    case 'request':
    case 'sell':
    case 'show':
    case 'till':
    case 'top_up':
      return thingReading(memory, input.act === 'cancel' ? null : name, body)
  }
}

/** An answer under one key is repeated unchanged, except for number and eCode of a sale. */
function bodyFault(memory: Memory, name: Name, { status, body, isAgain }: Told): string {
  const isNotKept = status === 400 || status === 404 || status === 422 || status === 429 || status >= 500
  const code = body['code']
  if (isNotKept || code === 'not_confirmed' || code === 'in_progress') return ''
  // Said of what was undone since, it is kept by nobody; said to a cancellation, it is its answer.
  if (code === 'reversed' && !isAgain) return ''
  const text = withoutSecrets(body)
  const before = memory.bodies.get(name) ?? text
  memory.bodies.set(name, before)
  return before === text ? '' : ` (before: ${before}, now: ${text})`
}

function withoutSecrets(body: Json): string {
  const { card } = body as { card?: Json }
  if (card === undefined) return JSON.stringify(body)
  const { number: _number, ecode: _ecode, barcode: _barcode, ...shown } = card
  return JSON.stringify({ ...body, card: shown })
}

function problemReading(body: Json): string {
  const { code, balance, minimum, maximum } = body
  const range = minimum === undefined ? '' : ` ${JSON.stringify(minimum)}-${JSON.stringify(maximum)}`
  return `${String(code)}${balance === undefined ? '' : ` ${balanceReading(balance)}`}${range}`
}

function balanceReading(balance: unknown): string {
  const { ledger, available, currency } = balance as { ledger: number; available: number; currency: string }
  return `${ledger}/${available}${currency === 'PLN' ? '' : currency}`
}

const amountReading = ({ value, currency }: Money): number => (currency === 'PLN' ? value : Number.NaN)

/** The newest comes first; each shows the balance behind it. */
function historyReading(body: Json): string {
  const items = body['items'] as readonly { kind: string; value: number; ledgerAfter: number }[]
  let ledger = 0
  const told = [...items].reverse().map(({ kind, value, ledgerAfter }) => {
    ledger += value
    return `${kind} ${value}${ledgerAfter === ledger ? '' : ` (shows ${ledgerAfter})`}`
  })
  return told.join(', ')
}

/** A shop need not know the ids of all: what was reversed may never have been told. */
function listReading(body: Json): string {
  const items = body['items'] as readonly { status: string }[]
  return items.map(({ status }) => status).sort().join(' ') // prettier-ignore
}

const KINDS: Readonly<Record<string, ThingKind>> = { pay: 'payment', top: 'top_up', sal: 'sale' }

/** @param own the name of what is told of, where the request made it; null: its id says */
export function thingReading(memory: Memory, own: Name | null, body: Json): string {
  const id = String(body['id'])
  const name = own ?? memory.names.get(id) ?? id
  const faults = nameFault(memory, name, id) + factFault(memory, name, body)
  const amount = amountReading(body['amount'] as Money)
  if (id.startsWith('ref_')) return `refund of ${memory.names.get(String(body['payment'])) ?? '?'} ${amount}${faults}`
  const { amountAsked, refunded, balance } = body as { amountAsked?: Money; refunded?: Money; balance: unknown }
  const kind = KINDS[id.slice(0, 3)] ?? 'payment'
  const text = said({
    kind,
    name,
    status: String(body['status']),
    amount,
    asked: amountAsked === undefined ? null : amountReading(amountAsked),
    refunded: refunded === undefined ? null : amountReading(refunded),
    order: (body['orderId'] as string | null) ?? null,
    card: cardReading(memory, name, kind, body['card'] as Json),
    balance: balance === null || balance === undefined ? null : balanceReading(balance),
    waits: body['confirmBy'] !== null,
  })
  return `${text}${faults}${waitFault(memory, name, kind, body)}`
}

function nameFault({ ids, names }: Memory, name: Name, id: string): string {
  const known = ids.get(name) ?? id
  ids.set(name, known)
  if (!names.has(id)) names.set(id, name)
  return known === id && names.get(id) === name ? '' : ` (${name} was ${known}, ${id} is ${names.get(id)})`
}

function factFault({ facts }: Memory, name: Name, body: Json): string {
  const now = JSON.stringify([body['approvalCode'], body['reference'], body['createdAt']])
  const before = facts.get(name) ?? now
  facts.set(name, before)
  return before === now ? '' : ` (was ${before}, is ${now})`
}

function waitFault({ asked }: Memory, name: Name, kind: ThingKind, { confirmBy, createdAt }: Json): string {
  if (confirmBy === null) return ''
  const minutes = (Date.parse(confirmBy as string) - Date.parse(createdAt as string)) / 60_000
  const wanted = (kind === 'sale' ? WITHIN : asked.get(name)?.within) ?? minutes
  return minutes === wanted ? '' : ` (waits for ${minutes} minutes)`
}

/** Only a sale shows number and eCode, always the same ones. */
export function cardReading(memory: Memory, name: Name, kind: ThingKind, card: Json): string {
  const last4 = String(card['last4'])
  const own = kind === 'sale' ? name : cardWith(memory, memory.asked.get(name)?.card, last4)
  const known = memory.cards.get(own)
  const { number, ecode, barcode } = card as { number?: string; ecode?: string; barcode?: string }
  if (number === undefined || ecode === undefined) {
    const isIt = known === undefined || known.number.endsWith(last4)
    return `${isIt ? '' : `(of ${last4}) `}${kind === 'sale' ? HIDDEN : own}`
  }
  if (kind !== 'sale' || barcode === undefined) return '(shown though it is no sale)'
  memory.cards.set(own, known ?? { number, ecode, tokens: {} })
  return known === undefined || (known.number === number && known.ecode === ecode) ? SHOWN : '(another card shown)'
}

/** The one that was named, or else any that ends so. */
function cardWith({ cards }: Memory, asked: string | undefined, last4: string): string {
  const named = asked === undefined ? undefined : cards.get(asked)
  if (asked !== undefined && named?.number.endsWith(last4) === true) return asked
  return [...cards].find(([, { number }]) => number.endsWith(last4))?.[0] ?? `?${last4}`
}

/** As a replay would show it, and never a number. */
function requestReading(memory: Memory, name: Name, told: Json): string {
  const { method, path, status, body } = told as { method: string; path: string; status: number; body: Json }
  const where = path.replace(
    /^\/(?:payments|top-ups|sales)\/([^/]+)/u,
    (_, id: string) => `/${memory.names.get(id) ?? id}`,
  )
  const isOwn = !where.endsWith('/cancel')
  const content = status >= 400 ? problemReading(body) : thingReading(memory, isOwn ? name : null, body)
  return `200 ${method} ${where} ${status} ${content}${bodyFault(memory, name, { status, body, isAgain: false })}`
}

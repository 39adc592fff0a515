import type { PackState } from '../../core/pack.ts'
import { PACK_STATES } from '../../core/pack.ts'
import { instant, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const selectIssueForPacks = (code: string): string =>
  `SELECT id, state, packs, card_count FROM issues WHERE code = ${text(code)}`

export const selectStoreState = (code: string): string => `SELECT state FROM stores WHERE code = ${text(code)}`
export const selectCounterpartyState = (code: string): string =>
  `SELECT state FROM counterparties WHERE code = ${text(code)}`

export type Recipient = { readonly kind: 'store' | 'counterparty'; readonly code: string }

/** A pack as people see it. */
export type PackRow = {
  readonly id: number
  readonly issueId: number
  readonly issue: string
  readonly issueState: string
  readonly currency: number
  readonly saleAuthorisation: boolean
  readonly recipient: Recipient
  readonly state: PackState
  readonly cards: number
  readonly madeBy: string
  readonly activatedBy: string | null
  readonly authorisedBy: string | null
  readonly saleAmount: number | null
  readonly saleAskedBy: string | null
  readonly saleApprovedBy: string | null
}

const SELECT = `SELECT p.id, p.issue_id, i.code, i.state, i.currency, i.sale_authorisation, p.store_code, p.counterparty_code,
  p.state, p.cards, p.made_by, p.activated_by, p.authorised_by, p.sale_amount, p.sale_asked_by, p.sale_approved_by
  FROM packs p JOIN issues i ON i.id = p.issue_id`

export const selectPackRow = (id: number): string => `${SELECT} WHERE p.id = ${integer(id)}`

/** Waits for the sales of its cards that are under way, and keeps others from beginning. */
export const lockPack = (id: number): string => `SELECT id FROM packs WHERE id = ${integer(id)} FOR UPDATE`

export type PackFilter = {
  readonly issue: string | null
  readonly recipient: string | null
  readonly state: PackState | null
  /** Only those for one of these stores. */
  readonly stores: 'all' | ReadonlySet<string>
  readonly most: number
  /** Only those with a lower number: the page that follows. */
  readonly before?: number | null
}

/** The newest first. */
export function selectPackRows({ issue, recipient, state, stores, most, before = null }: PackFilter): string {
  const where = [
    ...(before === null ? [] : [`p.id < ${integer(before)}`]),
    ...(stores === 'all' ? [] : [`p.store_code IN (${[...stores, ''].map(text).join(',')})`]),
    ...(issue === null ? [] : [`i.code = ${text(issue)}`]),
    ...(recipient === null ? [] : [`${text(recipient)} IN (p.store_code, p.counterparty_code)`]),
    ...(state === null ? [] : [`p.state = ${text(state)}`]),
  ]
  return `${SELECT} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY p.id DESC LIMIT ${integer(most)}`
}

export function toPackRow(row: Row): PackRow {
  const [
    id, issueId, issue, issueState, currency, saleAuthorisation, store, counterparty, state, cards, madeBy,
    activatedBy, authorisedBy, saleAmount, saleAskedBy, saleApprovedBy,
  ] = row as [
    number, number, string, string, number, number, string | null, string | null, string, number, string,
    string | null, string | null, number | null, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    issueId,
    issue,
    issueState,
    currency,
    saleAuthorisation: saleAuthorisation === 1,
    recipient: store === null ? { kind: 'counterparty', code: counterparty ?? '' } : { kind: 'store', code: store },
    state: oneOf<PackState>(PACK_STATES, state),
    cards,
    madeBy,
    activatedBy,
    authorisedBy,
    saleAmount,
    saleAskedBy,
    saleApprovedBy,
  }
}

export type NewPack = {
  readonly id: number
  readonly issueId: number
  readonly recipient: Recipient
  readonly cards: number
  readonly who: string
}

export const insertPack = ({ id, issueId, recipient: { kind, code }, cards, who }: NewPack): string =>
  `INSERT INTO packs (id, issue_id, store_code, counterparty_code, state, cards, made_by) VALUES (${integer(id)},
   ${integer(issueId)},${textOrNull(kind === 'store' ? code : null)},${textOrNull(kind === 'store' ? null : code)},
   'made',${integer(cards)},${text(who)})`

/** The columns that a step writes beside the state; absent ones are kept. */
export type PackMarks = {
  readonly activatedBy?: string
  readonly authorisedBy?: string
  readonly saleAmount?: number
  readonly saleAskedBy?: string
  readonly saleApprovedBy?: string
}

const MARK_COLUMNS = {
  activatedBy: 'activated_by',
  authorisedBy: 'authorised_by',
  saleAmount: 'sale_amount',
  saleAskedBy: 'sale_asked_by',
  saleApprovedBy: 'sale_approved_by',
} as const satisfies Record<keyof PackMarks, string>

export function updatePack(id: number, state: PackState, marks: PackMarks): string {
  const set = Object.entries(marks).map(([name, value]) => {
    const column = MARK_COLUMNS[name as keyof PackMarks]
    return `${column} = ${typeof value === 'number' ? integerOrNull(value) : text(String(value))}`
  })
  return `UPDATE packs SET ${[`state = ${text(state)}`, ...set].join(', ')} WHERE id = ${integer(id)}`
}

/** Withdraws the request to sell the pack. */
export const withdrawSale = (id: number): string =>
  `UPDATE packs SET sale_amount = NULL, sale_asked_by = NULL WHERE id = ${integer(id)} AND sale_approved_by IS NULL`

export const PACK_EVENTS = [
  'made',
  'dispatched',
  'received',
  'activated',
  'authorised',
  'sale_asked',
  'sale_approved',
  'sold',
  'returned',
  'killed',
] as const

export type PackEvent = {
  readonly id: number
  readonly packId: number
  readonly event: (typeof PACK_EVENTS)[number]
  readonly who: string
  readonly at: number
  readonly reason: string | null
  /** In words, up to 1000 characters. */
  readonly detail: string | null
}

export const insertPackEvent = (e: PackEvent): string =>
  `INSERT INTO pack_events (id, pack_id, event, who, at, reason, detail) VALUES (${integer(e.id)},${integer(e.packId)},
   ${text(e.event)},${text(e.who)},${instant(e.at)},${textOrNull(e.reason)},${textOrNull(e.detail)})`

export const selectPackEvents = (packId: number): string =>
  `SELECT at, event, who, reason, detail FROM pack_events WHERE pack_id = ${integer(packId)} ORDER BY id`

export type PackEventView = {
  readonly at: string
  readonly event: string
  readonly who: string
  readonly reason: string | null
  readonly detail: string | null
}

export function toPackEventView(row: Row): PackEventView {
  const [at, event, who, reason, detail] = row as [string, string, string, string | null, string | null]
  return { at, event, who, reason, detail }
}

/** State → packs and cards of an issue. */
export const countPacksOf = (issueId: number): string =>
  `SELECT state, COUNT(*), SUM(cards) FROM packs WHERE issue_id = ${integer(issueId)} GROUP BY state`

export const selectPacksBeingSold = "SELECT id FROM packs WHERE state = 'selling' ORDER BY id"

/** The counterparty of a pack, if it has one. */
export const selectPackCounterparty = (packId: number): string =>
  `SELECT counterparty_code FROM packs WHERE id = ${integer(packId)}`

/** The find box of AkartMenu: finds cards, transactions, stores and other records by whatever was typed or scanned. */

import { amountText } from '../core/currency.ts'
import { clerkKey } from '../core/key.ts'
import {
  selectByOrder,
  selectByReference,
  selectCaseNamed,
  selectEmployeesLike,
  selectIssuesLike,
  selectOfIds,
  selectPackNamed,
  selectStoresLike,
  selectTerminalsLike,
} from '../db/sql/find.ts'
import { fromInstant } from '../db/sql/literal.ts'
import type { Row } from '../db/sql/row.ts'
import type { Actor } from './actor.ts'
import { requesterOf } from './audit-row.ts'
import { listCards, seesSerial, type CardCriteria, type FoundCard } from './card-lists.ts'
import { dateIn } from './clock.ts'
import { isCounted, missesObjection, noteMiss } from './find-misses.ts'
import type { Office } from './office.ts'
import { officeRequest } from './office-request.ts'
import { handleOf, hashesOf, notePresented, type Read, readPresented } from './presenting.ts'
import { isRefused, type Refused } from './refusal.ts'
import { storesOf } from './rights.ts'
import type { Right } from './rights-table.ts'
import { idsOfApproval } from './transaction-lists.ts'
import type { Session } from './sessions.ts'

export type Hit = {
  readonly kind:
    | 'card'
    | 'transaction'
    | 'case'
    | 'store'
    | 'terminal'
    | 'issue'
    | 'pack'
    | 'employee'
    | 'cards'
    | 'transactions'
  readonly to: string
  readonly title: string
  readonly detail: string
  readonly card: { readonly firstSix: string; readonly lastFour: string } | null
  /** The part of a text that AkartMenu writes in the reader's language. */
  readonly transaction?: {
    readonly operation: string | null
    readonly amount: number
    readonly currency: number | null
    readonly at: number
    readonly store: string
    readonly result: string
  }
}
export type Found = { readonly hits: readonly Hit[]; readonly handle: string | null }

const PAGE = { order: 'sold', descending: true, limit: 10, cursor: null } as const

/**
 * Searches for the input of the find box: whole numbers, barcodes, stripes and eCodes first, then names and references.
 */
export async function find(office: Office, session: Session, given: string): Promise<Found | Refused> {
  const read = readPresented(office, given)
  if (read !== null) {
    const objection = await missesObjection(office, session.actor)
    if (objection !== null) return objection
    const handle = await handleOf(office, session, read)
    const criteria: CardCriteria = read.kind === 'number' ? { hashes: hashesOf(read) } : { ecodeHash: read.hash }
    const everywhere: Actor = { ...session.actor, rights: new Map([...session.actor.rights, ['cards.find', 'all']]) }
    const mayFind = session.actor.rights.has('cards.find')
    const cards = mayFind ? await listCards(office, everywhere, criteria, PAGE) : { items: [] }
    if (isRefused(cards)) return { hits: [], handle }
    if (cards.items.length === 0) await noteMiss(office, session.actor)
    await markUnsold(office, session.actor, read, cards.items)
    for (const { id } of cards.items) await notePresented(office, session, id, read.withSecret)
    return { hits: cards.items.map((card) => cardHit(session.actor, card)), handle }
  }
  const words = given.trim()
  const all = await Promise.all([
    ending(office, session.actor, words),
    orders(office, session.actor, words),
    references(office, session.actor, words),
    names(office, session.actor, words),
  ])
  return { hits: all.flat(), handle: null }
}

/**
 * Somebody who searches by numbers may be waiting for a card to be sold: an unsold card is marked as at a till, by the
 * same rule of the core, and counts as a miss (docs/spec/abuse.md, 9). A stripe shows possession of the card.
 */
async function markUnsold(office: Office, actor: Actor, read: Read, cards: readonly FoundCard[]): Promise<void> {
  if (!isCounted(actor) || read.withSecret) return
  for (const { id } of cards.filter(({ soldAt, state }) => soldAt === null && UNSOLD.has(state))) {
    await noteMiss(office, actor)
    const [now, key] = [office.clock(), office.nextId()]
    const card = { id, numberHash: read.hash, numberKey: 0, shown: read.shown }
    const input = { operation: 'balance', requester: requesterOf(actor), key: clerkKey(key), card } as const
    const moment = { id: key, spareId: office.nextId(), now, today: dateIn(office.timeZone, now) }
    await office.submit({ ...officeRequest(input, moment), source: actor.login })
  }
}
const UNSOLD: ReadonlySet<string> = new Set(['inactive', 'sellable'])

const cardHit = (actor: Actor, card: FoundCard): Hit => ({
  kind: 'card',
  to: `/cards/${card.id}`,
  title: `${card.firstSix}••••••${card.lastFour}`,
  detail: seesSerial(actor, card) ? `${card.issue} · ${card.serial}` : card.issue,
  card: { firstSix: card.firstSix, lastFour: card.lastFour },
})

/** First six and last four; the last four alone; `ISSUE:17`, a serial. */
async function ending(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  const [, firstSix, lastFour] = /^(\d{6})\D+(\d{4})$/u.exec(words) ?? []
  const [, issue, serial] = /^([A-Za-z0-9-]{1,20}):(\d{1,9})$/u.exec(words) ?? []
  const criteria =
    firstSix !== undefined && lastFour !== undefined
      ? { firstSix, lastFour }
      : issue !== undefined && serial !== undefined
        ? { issues: [issue.toUpperCase()], serialFrom: Number(serial), serialTo: Number(serial) }
        : null
  // Cards that end with these digits are a list. A person who may see only presented cards gets none.
  if (/^\d{4}$/u.test(words) && storesOf(actor, 'cards.find') === 'all') {
    return [{ kind: 'cards', to: `/cards?lastFour=${words}`, title: `•••• ${words}`, detail: '', card: null }]
  }
  if (criteria === null) return []
  const cards = await listCards(office, actor, criteria, PAGE)
  return isRefused(cards) ? [] : cards.items.map((card) => cardHit(actor, card))
}

async function references(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!actor.rights.has('transactions.find') || !/^[A-Za-z0-9]{1,16}$/u.test(words)) return []
  const code = words.length === 6 ? idsOfApproval(office, words) : []
  const [byReference = [], byCode = []] = await office.db.use((connection) =>
    connection.send(`${selectByReference(words.slice(0, 12))};${selectOfIds(code)}`),
  )
  const mine = inOwnStores(actor, [...byReference, ...byCode])
  const stan = /^\d{1,6}$/u.test(words) ? [stanHit(words)] : []
  return [...mine.map(transactionHit), ...(await cases(office, actor, words)), ...stan]
}

function inOwnStores(actor: Actor, rows: readonly Row[]): Row[] {
  const own = storesOf(actor, 'transactions.find')
  return rows.filter(([, store]) => own === 'all' || own.has(String(store)))
}

/** By the number that a web shop gave to its order. */
async function orders(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!actor.rights.has('transactions.find') || !/^[\x20-\x7e]{1,64}$/u.test(words)) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectByOrder(words)))
  return inOwnStores(actor, rows).map(transactionHit)
}

function transactionHit(row: Row): Hit {
  const [id, store, operation, amount, currency, result, at] = row as [
    number,
    string,
    string,
    number,
    number | null,
    string,
    string,
  ]
  const money = currency === null ? '' : amountText(amount, currency)
  return {
    kind: 'transaction',
    to: `/transactions/${id}`,
    title: `${operation} ${money}`.trim(),
    detail: `${store} · ${at.slice(0, 19)} · ${result}`,
    card: null,
    transaction: {
      operation: operation === '' ? null : operation,
      amount,
      currency,
      at: fromInstant(at),
      store,
      result,
    },
  }
}

const stanHit = (words: string): Hit => ({
  kind: 'transactions',
  to: `/transactions?stan=${Number(words)}`,
  title: `STAN ${words}`,
  detail: '',
  card: null,
})

async function cases(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!actor.rights.has('cases.find') || !/^\d{7,15}$/u.test(words)) return []
  const own = storesOf(actor, 'cases.find')
  const [rows = []] = await office.db.use((connection) => connection.send(selectCaseNamed(Number(words))))
  return rows
    .filter(([, store]) => own === 'all' || own.has(String(store)))
    .map(([id]) => ({ kind: 'case', to: `/cases/${Number(id)}`, title: String(id), detail: '', card: null }))
}

const NAMED = [
  ['stores.find', 'store', selectStoresLike, '/stores/'],
  ['issues.find', 'issue', selectIssuesLike, '/issues/'],
  ['terminals.find', 'terminal', selectTerminalsLike, '/terminals/'],
] as const satisfies readonly (readonly [Right, Hit['kind'], (words: string) => string, string])[]

async function names(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!/^[\p{L}\p{N} .,&'’-]{2,60}$/u.test(words)) return []
  const asked = NAMED.filter(
    ([right, kind]) => actor.rights.has(right) && (kind !== 'terminal' || /^[ -~]+$/u.test(words)),
  )
  const lists = await office.db.use(async (connection) => {
    const found: Hit[][] = []
    for (const [right, kind, select, to] of asked) {
      const [rows = []] = await connection.send(select(words))
      const own = storesOf(actor, right)
      found.push(
        rows
          .filter(
            ([code, store]) => kind === 'issue' || own === 'all' || own.has(String(kind === 'store' ? code : store)),
          )
          .map(([code, name]) => ({
            kind,
            to: `${to}${String(code)}`,
            title: String(code),
            detail: String(name),
            card: null,
          })),
      )
    }
    return found
  })
  return [...lists.flat(), ...(await employees(office, actor, words)), ...(await pack(office, actor, words))]
}

async function employees(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!actor.rights.has('welfare.find')) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectEmployeesLike(words)))
  return rows.map(([employer, number, name]) => ({
    kind: 'employee',
    to: `/welfare/employers/${String(employer)}?q=${encodeURIComponent(String(number))}`,
    title: String(name),
    detail: `${String(employer)} · ${String(number)}`,
    card: null,
  }))
}

async function pack(office: Office, actor: Actor, words: string): Promise<Hit[]> {
  if (!actor.rights.has('packs.find') || !/^\d{1,6}$/u.test(words)) return []
  const own = storesOf(actor, 'packs.find')
  const [rows = []] = await office.db.use((connection) => connection.send(selectPackNamed(Number(words))))
  return rows
    .filter(([, , store]) => own === 'all' || own.has(String(store)))
    .map(([id, issue]) => ({
      kind: 'pack',
      to: `/packs/${Number(id)}`,
      title: String(id),
      detail: String(issue),
      card: null,
    }))
}

import { terminalText } from '../core/apply.ts'
import type { Card } from '../core/card.ts'
import { countName } from '../core/day-counts.ts'
import type { Issue } from '../core/issue.ts'
import type { CardBefore } from '../core/reports/card-moves.ts'
import type { Request } from '../core/request.ts'
import { isById, type Key, keyText } from '../core/key.ts'
import { mayBeRouted, type Routed } from '../core/routed.ts'
import { originalIn, type State } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import { triesName } from '../core/tries.ts'
import type { Guesses } from './guesses.ts'
import { type SideRows, loadSideRows } from './side-tables.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { lockCards, toCard } from '../db/sql/cards.ts'
import { isCardAccount, lockTerminals, selectStoresByStamp, toStoresByStamp } from '../db/sql/originals.ts'
import { lockRouted, toRouted } from '../db/sql/routed.ts'
import type { Row } from '../db/sql/row.ts'
import {
  selectAwaitingNext,
  selectByIds,
  selectByKeys,
  selectParents,
  selectParentsOfIds,
  selectPayments,
  toTransaction,
} from '../db/sql/transactions.ts'
import { originalOf, receiptOf, routedOf, type Located, type CardLocator } from './card-locator.ts'
import { type Selects, sendNamed } from './named-results.ts'

/** The services that a batch needs beside its requests. */
export type BatchContext = {
  readonly connection: WorkerConnection
  readonly cardLocator: CardLocator
  readonly guesses: Guesses
  readonly issues: () => ReadonlyMap<number, Issue>
  /** Requests whose keys are not looked up: if one exists after all, the INSERT fails. */
  readonly takenAsFree: ReadonlySet<Request>
  /** Called once the COMMIT is on its way: from here on a lost connection means that the outcome is not known. */
  readonly committing: () => void
}

/** A worker never waits for a row that another process has locked, because the whole batch would wait. */
const locking = (lock: string): string => `${lock} NOWAIT`

/** Thrown if a row under a key appeared between locating and locking: the batch must be located again. */
export class Moved extends Error {}

/**
 * The data on which a batch is decided. `begun`: its transaction has begun; false if there was nothing to lock and
 * nothing to read.
 */
export type Loaded = {
  readonly state: State
  /** By id of the card. */
  readonly before: ReadonlyMap<number, CardBefore>
  readonly begun: boolean
}

/** Locks first, reads second: a plain read before the lock does not see what another process just committed. */
export async function load(context: BatchContext, requests: readonly Request[], located: Located): Promise<Loaded> {
  const { connection, cardLocator, takenAsFree } = context
  const asked = askedFor(requests, located, takenAsFree)
  const nexts = await lockNext(connection, requests)
  const cardIds = new Set([...located.cardIds, ...nexts.cardIds])
  const reads = readsOf(asked, nexts)
  const selects = {
    cards: cardIds.size > 0 ? locking(lockCards([...cardIds])) : null,
    routed: asked.known.length > 0 ? locking(lockRouted(asked.known)) : null,
    ...reads,
  }
  const hasBegun = nexts.keys.length > 0
  const begun = hasBegun || Object.values(selects).some((select) => select !== null)
  const rows = await sendNamed(connection, selects, begun && !hasBegun ? ['BEGIN'] : [])
  const cards = (rows.cards ?? []).map(toCard)
  cardLocator.replaced(cards)
  const routed = (rows.routed ?? []).map(toRouted)
  let read = toRead(rows)
  const further = unlockedRouted([...read.rows, ...read.parents, ...read.awaiting], routed)
  if (further.length > 0) {
    // Only now it is known that these rows are also at another host: their cards are locked, and all rows are read again under the lock.
    const again = await sendNamed(connection, { further: locking(lockRouted(further)), ...reads })
    routed.push(...(again.further ?? []).map(toRouted))
    read = toRead(again)
  }
  const beside = await loadSideRows(connection, requests, cards, located.shown)
  const state = stateOf({ ...read, cards, routed, beside, shown: located.shown }, context)
  mustBeLocked(state, requests, cards)
  // Copies: the cards themselves change from request to request.
  const before = new Map(cards.map(({ id, seq, state: is, block, ledger }) => [id, { seq, state: is, block, ledger }]))
  return { state, begun, before }
}

/** The data read under the locks, each by a SELECT of its own. */
type ReadName = 'keys' | 'ids' | 'keyParents' | 'idParents' | 'payments' | 'awaiting' | 'stores'

const readsOf = (
  { keys, ids, keysWithParents, idsWithParents, cancelled, receipts }: Asked,
  nexts: Nexts,
): Selects<ReadName> => ({
  keys: keys.length > 0 ? selectByKeys(keys) : null,
  ids: ids.length > 0 ? selectByIds(ids) : null,
  keyParents: keysWithParents.length > 0 ? selectParents(keysWithParents) : null,
  idParents: idsWithParents.length > 0 ? selectParentsOfIds(idsWithParents) : null,
  payments: receipts.length > 0 ? selectPayments(receipts) : null,
  // Read again: before the cards were locked, another process could settle the rows found earlier.
  awaiting: nexts.keys.length > 0 ? selectAwaitingNext(nexts.keys) : null,
  stores: cancelled.length > 0 ? selectStoresByStamp(cancelled) : null,
})

/** The transactions that were read, by the reason. */
type Read = {
  readonly rows: readonly Transaction[]
  readonly parents: readonly Transaction[]
  readonly payments: readonly Transaction[]
  readonly awaiting: readonly Transaction[]
  readonly storesByStamp: State['storesByStamp']
}

function toRead(named: Readonly<Partial<Record<ReadName, readonly Row[]>>>): Read {
  const of = (...names: readonly ReadName[]): Transaction[] =>
    names.flatMap((name) => named[name] ?? []).map(toTransaction)
  return {
    rows: of('keys', 'ids'),
    parents: of('keyParents', 'idParents'),
    payments: of('payments'),
    awaiting: of('awaiting'),
    storesByStamp: toStoresByStamp(named.stores ?? []),
  }
}

type Asked = ReturnType<typeof askedFor>

/**
 * The rows to read for these requests, by keys and by ids. One pass: separate lists for each request would be most of
 * the work.
 */
function askedFor(requests: readonly Request[], { withParents }: Located, takenAsFree: BatchContext['takenAsFree']) {
  const keys: Key[] = []
  const ids: number[] = []
  const cancelled: Key[] = []
  const receipts: string[] = []
  const known: number[] = []
  for (const request of requests) {
    const { ask } = request
    if (!takenAsFree.has(request)) keys.push(request.key)
    const original = originalOf(request)
    if (original !== null && isById(original)) ids.push(original.id)
    else if (original !== null) keys.push(original)
    if (ask.act === 'cancellation' && !isById(ask.original)) cancelled.push(ask.original)
    const receipt = receiptOf(request)
    if (receipt !== null) receipts.push(receipt)
    known.push(...routedOf(request))
  }
  const keysWithParents = withParents.flatMap((one) => (isById(one) ? [] : [one]))
  const idsWithParents = withParents.flatMap((one) => (isById(one) ? [one.id] : []))
  return { keys, ids, keysWithParents, idsWithParents, cancelled, receipts, known }
}

/** Ids of the rows that are also at another host and whose cards are not locked. */
function unlockedRouted(rows: readonly Transaction[], routed: readonly Routed[]): number[] {
  const ids = new Set(rows.filter(mayBeRouted).map(({ id }) => id))
  for (const { id } of routed) ids.delete(id)
  return [...ids].sort((a, b) => a - b)
}

/** The terminals under policy `next` in a batch, and the cards of the approvals that their next requests confirm. */
type Nexts = { readonly keys: readonly Key[]; readonly cardIds: readonly number[] }

/** Locks the terminal's row before its last approval is looked up, so that only one request confirms it. Begins the transaction if there is such a terminal. */
async function lockNext(connection: WorkerConnection, requests: readonly Request[]): Promise<Nexts> {
  const terminals = new Map(
    requests.filter((r) => r.confirmation === 'next').map(({ key }) => [terminalText(key), key] as const),
  )
  const keys = [...terminals.values()]
  if (keys.length === 0) return { keys, cardIds: [] }
  const [, rows = []] = await connection.send(
    ['BEGIN', locking(lockTerminals(keys.map((key) => key.terminal))), selectAwaitingNext(keys)].join(';'),
  )
  return { keys, cardIds: rows.map(toTransaction).flatMap(cardsOf) }
}

/** The card that was presented and those that money moved from and to. */
const cardsOf = ({ cardId, transfer }: Transaction): number[] => [
  ...(cardId === null ? [] : [cardId]),
  ...(transfer === null ? [] : [transfer.debit, transfer.credit].filter(isCardAccount)),
]

/** Everything that was locked and read for a batch. */
type Gathered = Read & {
  readonly cards: readonly Card[]
  readonly routed: readonly Routed[]
  readonly beside: SideRows
  readonly shown: Located['shown']
}

/** One object for each card and each transaction, even if several requests refer to it. */
function stateOf(gathered: Gathered, { issues, guesses }: BatchContext): State {
  const { cards, shown, rows, parents, payments, awaiting, beside, storesByStamp, routed } = gathered
  const related = [...parents, ...payments, ...awaiting]
  const transactionsById = new Map<number, Transaction>()
  for (const row of [...rows, ...related]) if (!transactionsById.has(row.id)) transactionsById.set(row.id, row)
  const one = (row: Transaction): Transaction => transactionsById.get(row.id) ?? row
  const cardsById = new Map(cards.map((card) => [card.id, card]))
  const cardsByHash = new Map<string, Card>()
  for (const [hash, id] of shown) {
    const card = cardsById.get(id)
    if (card !== undefined) cardsByHash.set(hash, card)
  }
  return {
    issues: issues(),
    cards: cardsById,
    cardsByHash,
    transactions: new Map(rows.map((row) => [keyText(row.key), one(row)])),
    transactionsById,
    paymentsByRrn: grouped(payments.map(one), (payment) => payment.labels.rrn),
    tries: new Map(beside.tries.map((t) => [triesName(t.cardId, t.source), t])),
    packs: new Map(beside.packs.map((pack) => [pack.id, pack])),
    lookups: new Map(beside.lookups.map((l) => [l.source, l])),
    dayCounts: new Map(beside.dayCounts.map((count) => [countName(count), count])),
    unknownCards: guesses.unknownCards,
    enumerating: { has: guesses.isOver },
    marksUsedUp: guesses.marks.areUsedUp,
    awaitingNext: grouped(awaiting.map(one), (row) => terminalText(row.key)),
    storesByStamp,
    routed: new Map(routed.map((one) => [one.id, one])),
    decidedLoads: [...beside.decidedLoads],
    stagedBatches: new Map(beside.stagedBatches.map((batch) => [batch.id, batch])),
    stagedLines: new Set(beside.stagedLines),
  }
}

function grouped(rows: readonly Transaction[], nameOf: (row: Transaction) => string): Map<string, Transaction[]> {
  const groups = new Map<string, Transaction[]>()
  for (const row of rows) {
    const group = groups.get(nameOf(row))
    if (group === undefined) groups.set(nameOf(row), [row])
    else group.push(row)
  }
  return groups
}

/** Whether an original was committed after it was located: then its card is not locked and its parents are not read. */
function mustBeLocked(state: State, requests: readonly Request[], cards: readonly Card[]): void {
  for (const { replacedBy } of cards) {
    if (replacedBy !== null && !state.cards.has(replacedBy)) throw new Moved('a successor is not locked')
  }
  for (const { cardId } of [...state.paymentsByRrn.values()].flat()) {
    if (cardId !== null && !state.cards.has(cardId)) throw new Moved('the card of a payment is not locked')
  }
  for (const row of state.transactionsById.values()) {
    if (mayBeRouted(row) && !state.routed.has(row.id)) throw new Moved('what another host has is not locked')
  }
  for (const request of requests) {
    const original = originalOf(request)
    let row = original === null ? undefined : originalIn(state, original)
    // Roles that can be undone: a confirmation or a reversal named as an original moves nothing, wherever its own chain
    // leads.
    if (row === undefined || !UNDOABLE.has(row.role)) continue
    while (row !== undefined) {
      if (cardsOf(row).some((id) => !state.cards.has(id))) throw new Moved('a card is not locked')
      if (row.originalId === null) break
      row = state.transactionsById.get(row.originalId)
      if (row === undefined) throw new Moved('a parent is not read')
    }
  }
}

const UNDOABLE: ReadonlySet<Transaction['role']> = new Set(['books', 'cancels'])

import { execute, noChanges, terminalText, type Changes } from '../core/apply.ts'
import type { Card } from '../core/card.ts'
import type { Issue } from '../core/issue.ts'
import { type Key, keyText, KIND, type Request } from '../core/request.ts'
import type { Outcome, State } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import { triesName } from '../core/tries.ts'
import { type Beside, loadBeside } from './beside.ts'
import type { WorkerConnection } from './connection.ts'
import { lockCards, toCard, updateCards } from './sql/cards.ts'
import { insertCardEvents } from './sql/card-events.ts'
import { closeCase, openCases, type NewCase } from './sql/cases.ts'
import { writeLookups } from './sql/lookups.ts'
import { isCardAccount, lockTerminals, selectStoresByStamp, toStoresByStamp } from './sql/originals.ts'
import type { Row } from './sql/row.ts'
import { writeTries } from './sql/tries.ts'
import {
  insertTransactions,
  selectAwaitingNext,
  selectByKeys,
  selectParents,
  selectPayments,
  toTransaction,
  updateFates,
} from './sql/transactions.ts'
import { type Located, originalOf, receiptOf, type Whereabouts } from './whereabouts.ts'

/** What a batch needs beside its requests. */
export type Ground = {
  readonly connection: WorkerConnection
  readonly whereabouts: Whereabouts
  readonly issues: () => ReadonlyMap<number, Issue>
  /** Called once the COMMIT is on its way: from here on a lost connection means that the outcome is not known. */
  readonly committing: () => void
}

/** Something under a key appeared between asking where it is and locking: the batch has to be located anew. */
export class Moved extends Error {}

/**
 * Runs a batch of requests as one database transaction: lock the cards, read what the requests refer to, decide each
 * in turn, write, commit. Either the whole batch is durable or none of it happened.
 *
 * Three packets in the usual case. Never INSERT, UPDATE and COMMIT in one: on Galera, when another node's commit
 * aborts it in the middle, the rest runs outside the transaction; so each write is its own packet, the last with COMMIT.
 *
 * @throws what the database says, after which the caller must roll back and may run the whole batch again: what was
 *   committed after all is then found under its keys and answered from there.
 */
export async function executeBatch(ground: Ground, requests: readonly Request[]): Promise<readonly Outcome[]> {
  const { connection, whereabouts } = ground
  const located = await whereabouts.locate(connection, requests)
  const { state, before } = await load(ground, requests, located)

  const changes = noChanges()
  const outcomes = requests.map((request) => execute(state, changes, request))

  const writes = writesOf(state, changes, before)
  const last = writes.pop()
  for (const write of writes) await connection.send(write)
  ground.committing()
  await connection.send(last === undefined ? 'COMMIT' : `${last};COMMIT`)
  whereabouts.learn(changes.rows)
  return outcomes
}

/** Locks first, reads second: a plain read before the lock does not see what another process just committed. */
async function load(
  { connection, issues, whereabouts }: Ground,
  requests: readonly Request[],
  located: Located,
): Promise<{ state: State; before: ReadonlyMap<number, Card> }> {
  const cardIds = new Set(located.cardIds)
  const keys = requests.flatMap((request) => {
    const original = originalOf(request)
    return original === null ? [request.key] : [request.key, original]
  })
  const cancelled = requests.flatMap(({ ask }) => (ask.act === 'cancellation' ? [ask.original] : []))
  const receipts = requests.map(receiptOf).filter((rrn) => rrn !== null)

  const nexts = await lockNext(connection, requests)
  for (const id of nexts.cardIds) cardIds.add(id)

  const statements = [
    ...(nexts.keys.length > 0 ? [] : ['BEGIN']),
    ...(cardIds.size > 0 ? [lockCards([...cardIds])] : []),
    selectByKeys(keys),
    ...(located.withParents.length > 0 ? [selectParents(located.withParents)] : []),
    ...(receipts.length > 0 ? [selectPayments(receipts)] : []),
    ...(nexts.keys.length > 0 ? [selectAwaitingNext(nexts.keys)] : []),
    ...(cancelled.length > 0 ? [selectStoresByStamp(cancelled)] : []),
  ]
  const results = [...(await connection.send(statements.join(';')))]
  const next = (): readonly Row[] => results.shift() ?? []

  const cards = (cardIds.size > 0 ? next() : []).map(toCard)
  whereabouts.replaced(cards)
  const rows = next().map(toTransaction)
  const parents = (located.withParents.length > 0 ? next() : []).map(toTransaction)
  const payments = (receipts.length > 0 ? next() : []).map(toTransaction)
  // Read again: until the cards were locked, another process could still settle what was found before.
  const awaiting = (nexts.keys.length > 0 ? next() : []).map(toTransaction)
  const storesByStamp = toStoresByStamp(cancelled.length > 0 ? next() : [])
  const beside = await loadBeside(connection, requests, cards)
  const state = stateOf(
    issues(),
    cards,
    located.shown,
    rows,
    [...parents, ...payments, ...awaiting],
    payments,
    awaiting,
    beside,
    storesByStamp,
  )
  mustBeLocked(state, requests, cards)
  return { state, before: new Map(cards.map((card) => [card.id, { ...card }])) }
}

/** The terminals under policy `next` in a batch, and the cards of what their next requests confirm. */
type Nexts = { readonly keys: readonly Key[]; readonly cardIds: readonly number[] }

/** The terminal's row is locked before its last approval is looked for, so that only one request confirms it. Begins the transaction where there is one. */
async function lockNext(connection: WorkerConnection, requests: readonly Request[]): Promise<Nexts> {
  const terminals = new Map(
    requests.filter((r) => r.confirmation === 'next').map(({ key }) => [terminalText(key), key] as const),
  )
  const keys = [...terminals.values()]
  if (keys.length === 0) return { keys, cardIds: [] }
  const [, rows = []] = await connection.send(
    ['BEGIN', lockTerminals(keys.map((key) => key.terminal)), selectAwaitingNext(keys)].join(';'),
  )
  return { keys, cardIds: rows.map(toTransaction).flatMap(cardsOf) }
}

/** The card that was presented and those that money moved from and to. */
const cardsOf = ({ cardId, transfer }: Transaction): number[] => [
  ...(cardId === null ? [] : [cardId]),
  ...(transfer === null ? [] : [transfer.debit, transfer.credit].filter(isCardAccount)),
]

/** One object per card and per transaction, however many ways lead to it. */
function stateOf(
  issues: ReadonlyMap<number, Issue>,
  cards: readonly Card[],
  shown: Located['shown'],
  rows: readonly Transaction[],
  related: readonly Transaction[],
  payments: readonly Transaction[],
  awaiting: readonly Transaction[],
  beside: Beside,
  storesByStamp: State['storesByStamp'],
): State {
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
    issues,
    cards: cardsById,
    cardsByHash,
    transactions: new Map(rows.map((row) => [keyText(row.key), one(row)])),
    transactionsById,
    paymentsByRrn: grouped(payments.map(one), (payment) => payment.labels.rrn),
    tries: new Map(beside.tries.map((t) => [triesName(t.cardId, t.source), t])),
    packs: new Map(beside.packs.map((pack) => [pack.id, pack])),
    lookups: new Map(beside.lookups.map((l) => [l.source, l])),
    awaitingNext: grouped(awaiting.map(one), (row) => terminalText(row.key)),
    storesByStamp,
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

/** An original that was committed after we asked where it is: its card is not locked, its parents are not read. */
function mustBeLocked(state: State, requests: readonly Request[], cards: readonly Card[]): void {
  for (const { replacedBy } of cards) {
    if (replacedBy !== null && !state.cards.has(replacedBy)) throw new Moved('a successor is not locked')
  }
  for (const { cardId } of [...state.paymentsByRrn.values()].flat()) {
    if (cardId !== null && !state.cards.has(cardId)) throw new Moved('the card of a payment is not locked')
  }
  for (const request of requests) {
    const key = originalOf(request)
    // What can be undone: a confirmation or a reversal named as an original moves nothing, wherever its own chain leads.
    if (key === null || !UNDOABLE.has(key.kind)) continue
    let row = state.transactions.get(keyText(key))
    while (row !== undefined) {
      if (cardsOf(row).some((id) => !state.cards.has(id))) throw new Moved('a card is not locked')
      if (row.originalId === null) break
      row = state.transactionsById.get(row.originalId)
      if (row === undefined) throw new Moved('a parent is not read')
    }
  }
}

const UNDOABLE: ReadonlySet<number> = new Set([KIND.financial, KIND.advice, KIND.cancellation])

function writesOf(state: State, changes: Changes, before: ReadonlyMap<number, Card>): string[] {
  const writes: string[] = []
  if (changes.rows.length > 0) writes.push(insertTransactions(changes.rows))
  if (changes.settled.size > 0) writes.push(updateFates([...changes.settled].sort((a, b) => a.id - b.id)))
  writes.push(...caseWrites(changes))
  if (changes.tries.size > 0) writes.push(writeTries([...changes.tries.values()]))
  if (changes.lookups.size > 0) writes.push(writeLookups([...changes.lookups.values()]))
  if (changes.events.length > 0) writes.push(insertCardEvents(changes.events))
  const cards = [...changes.cards].sort((a, b) => a - b).flatMap((id) => state.cards.get(id) ?? [])
  if (cards.length > 0) writes.push(updateCards(cards, before))
  return writes
}

/** In the order in which things happened: a case that is closed may be opened again by the same batch. */
function caseWrites({ cases }: Changes): string[] {
  const writes: string[] = []
  let opening: NewCase[] = []
  const flush = (): void => {
    if (opening.length > 0) writes.push(openCases(opening))
    opening = []
  }
  for (const { change, at, by } of cases) {
    if (change.change === 'open') {
      const { transactionId, cardId, reason } = change
      opening.push({ id: by, transactionId, cardId, reason, openedAt: at })
    } else {
      flush()
      writes.push(closeCase(change, at))
    }
  }
  flush()
  return writes
}

import { execute, noChanges, type Changes } from '../core/apply.ts'
import { forwardingOf } from '../core/forward.ts'
import { type CardBefore, cardMoves } from '../core/reports/card-moves.ts'
import type { Request } from '../core/request.ts'
import type { Forwarding, Routed } from '../core/routed.ts'
import type { Outcome, State } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import { type BatchContext, load } from './load.ts'
import { updateCards } from '../db/sql/cards.ts'
import { insertAttached, insertWebRequestsBeside } from '../db/sql/attached.ts'
import { insertCardMoves } from '../db/sql/card-counts.ts'
import { insertCardEvents } from '../db/sql/card-events.ts'
import { closeCase, openCases, type NewCase } from '../db/sql/cases.ts'
import { writeDayCounts } from '../db/sql/day-counts.ts'
import { writeLookups } from '../db/sql/lookups.ts'
import { answerBoth, answerTransactions, insertSafMessages, insertRouted, updateRouted } from '../db/sql/routed.ts'
import { deleteStagedLoads, moveStagedLoads } from '../db/sql/staged.ts'
import { writeTries } from '../db/sql/tries.ts'
import { insertTransactions, updateFates } from '../db/sql/transactions.ts'
import { insertUnfolded, insertUnfoldedBeside, type UnfoldedIds } from '../db/sql/unfolded.ts'

/**
 * The result of a request, the row that its answer is built from, as it stood when the request was decided, and the message
 * to another host if there is one.
 */
export type Answer = Pick<Outcome, 'result' | 'row'> & { readonly forwarding: Forwarding | null }

/**
 * Runs a batch of requests as one database transaction: lock the cards, read the rows that the requests refer to,
 * decide each in turn, write, commit. Either the whole batch is durable or none of it happened.
 *
 * Three packets in the usual case, two if nothing is locked. Never INSERT, UPDATE and COMMIT in one: on Galera, when
 * another node's commit aborts it in the middle, the rest runs outside the transaction; so each write is its own
 * packet, the last with COMMIT. Only the row of `unfolded` and the kept data of shops' requests go along with their
 * transactions: without them they fail (decisions 0260, 0340).
 *
 * @throws the database's error, after which the caller must roll back and may run the whole batch again: rows that were
 * committed after all are then found under their keys and answered from there.
 */
export async function executeBatch(context: BatchContext, requests: readonly Request[]): Promise<readonly Answer[]> {
  const { connection, cardLocator } = context
  const located = await cardLocator.locate(connection, requests)
  const { state, before, begun } = await load(context, requests, located)

  const changes = noChanges()
  const answers = requests.map((request): Answer => {
    const outcome = execute(state, changes, request)
    for (const source of outcome.unknownNumbers) context.guesses.counted(source)
    for (const { event } of outcome.events) if (event === 'suspected') context.guesses.marks.made()
    const { result, row } = outcome
    // A copy, because a later request of the batch may settle the row in place, after this answer. Without it, the repeat of
    // an unconfirmed sale lost number and eCode if the timer's reversal was in the same batch.
    return { result, row: row === null ? null : { ...row }, forwarding: forwardingOf(state, outcome) }
  })

  const packets = packetsOf(writesOf(state, changes, before), begun)
  const last = packets.pop()
  for (const packet of packets) await connection.send(packet)
  context.committing()
  if (last !== undefined) await connection.send(last)
  cardLocator.learn(changes.rows)
  return answers
}

/** The remaining packets, including the end of the transaction; also its beginning, if nothing was read before. */
function packetsOf(writes: readonly string[], begun: boolean): string[] {
  if (writes.length === 0) return begun ? ['COMMIT'] : []
  const last = writes.length - 1
  return writes.map((write, i) => `${i === 0 && !begun ? 'BEGIN;' : ''}${write}${i === last ? ';COMMIT' : ''}`)
}

/** The changes of a batch, as statements. */
export function writesOf(state: State, changes: Changes, before: ReadonlyMap<number, CardBefore>): string[] {
  const writes: string[] = []
  const unfolded = unfoldedOf(changes)
  const isUnfolded = unfolded.settled.length + unfolded.touched.length > 0
  const [first] = changes.rows
  if (first !== undefined) {
    const beside = [
      isUnfolded ? insertUnfoldedBeside(first.id, unfolded) : null,
      insertWebRequestsBeside(changes.attached),
    ]
    writes.push([insertTransactions(changes.rows), ...beside.filter((insert) => insert !== null)].join(';'))
  }
  if (changes.routed.added.size > 0) writes.push(insertRouted([...changes.routed.added]))
  writes.push(...answerWrites([...changes.answered], [...changes.routed.changed]))
  if (changes.safMessages.length > 0) writes.push(insertSafMessages(changes.safMessages))
  if (changes.settled.size > 0) writes.push(updateFates([...changes.settled].sort((a, b) => a.id - b.id)))
  writes.push(...caseWrites(changes))
  if (changes.tries.size > 0) writes.push(writeTries([...changes.tries.values()]))
  if (changes.lookups.size > 0) writes.push(writeLookups([...changes.lookups.values()]))
  if (changes.dayCounts.size > 0) writes.push(writeDayCounts([...changes.dayCounts.values()]))
  if (changes.events.length > 0) writes.push(insertCardEvents(changes.events))
  writes.push(...insertAttached(changes.attached))
  if (changes.unstaged.length > 0) writes.push(deleteStagedLoads(changes.unstaged))
  for (const { from, to } of changes.restaged) writes.push(moveStagedLoads(from, to))
  if (first === undefined && isUnfolded) writes.push(insertUnfolded(unfolded))
  const cards = [...changes.cards].sort((a, b) => a - b).flatMap((id) => state.cards.get(id) ?? [])
  const moves = cardMoves(before, cards)
  if (moves.length > 0) writes.push(insertCardMoves(moves))
  if (cards.length > 0) writes.push(updateCards(cards, changes.settings, before))
  return writes
}

/** The transfer of a pending row is known once it is answered. */
function unfoldedOf({ rows, answered, settled }: Changes): UnfoldedIds {
  const idsOf = (ones: readonly Transaction[]): number[] => ones.map(({ id }) => id)
  return {
    settled: idsOf([...rows.filter(({ state }) => state !== 'pending'), ...answered]),
    touched: idsOf([...rows.filter(({ state }) => state === 'pending'), ...settled]),
  }
}

function answerWrites(answered: readonly Transaction[], changed: readonly Routed[]): string[] {
  const ids = new Set(answered.map(({ id }) => id))
  const isAboutTheSame = changed.length === ids.size && changed.every(({ id }) => ids.has(id))
  if (isAboutTheSame) return ids.size === 0 ? [] : [answerBoth(answered, changed)]
  return [
    ...(answered.length > 0 ? [answerTransactions(answered)] : []),
    ...(changed.length > 0 ? [updateRouted(changed)] : []),
  ]
}

/** In chronological order, because the same batch may close a case and open it again. */
function caseWrites({ cases }: Changes): string[] {
  const writes: string[] = []
  let opening: NewCase[] = []
  const flush = (): void => {
    if (opening.length > 0) writes.push(openCases(opening))
    opening = []
  }
  for (const { change, at, by } of cases) {
    if (change.change === 'open') {
      const { transactionId, cardId, reason, came = null } = change
      opening.push({ id: by, transactionId, cardId, reason, came, openedAt: at })
    } else {
      flush()
      writes.push(closeCase(change, at))
    }
  }
  flush()
  return writes
}

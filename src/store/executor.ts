import { execute, noChanges, type Changes } from '../core/apply.ts'
import type { Card } from '../core/card.ts'
import { forwardingOf } from '../core/forward.ts'
import type { Request } from '../core/request.ts'
import type { Forwarding } from '../core/routed.ts'
import type { Outcome, State } from '../core/state.ts'
import { type Ground, load } from './load.ts'
import { updateCards } from './sql/cards.ts'
import { insertCardEvents } from './sql/card-events.ts'
import { closeCase, openCases, type NewCase } from './sql/cases.ts'
import { writeLookups } from './sql/lookups.ts'
import { answerTransactions, insertOwed, insertRouted, updateRouted } from './sql/routed.ts'
import { writeTries } from './sql/tries.ts'
import { insertTransactions, updateFates } from './sql/transactions.ts'

/** What became of a request: what to answer, the row to build it from, and what to send where another host is to be asked. */
export type Answer = Pick<Outcome, 'result' | 'row'> & { readonly forwarding: Forwarding | null }

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
export async function executeBatch(ground: Ground, requests: readonly Request[]): Promise<readonly Answer[]> {
  const { connection, whereabouts } = ground
  const located = await whereabouts.locate(connection, requests)
  const { state, before } = await load(ground, requests, located)

  const changes = noChanges()
  const answers = requests.map((request): Answer => {
    const outcome = execute(state, changes, request)
    const { result, row } = outcome
    return { result, row, forwarding: forwardingOf(state, outcome) }
  })

  const writes = writesOf(state, changes, before)
  const last = writes.pop()
  for (const write of writes) await connection.send(write)
  ground.committing()
  await connection.send(last === undefined ? 'COMMIT' : `${last};COMMIT`)
  whereabouts.learn(changes.rows)
  return answers
}

function writesOf(state: State, changes: Changes, before: ReadonlyMap<number, Card>): string[] {
  const writes: string[] = []
  if (changes.rows.length > 0) writes.push(insertTransactions(changes.rows))
  if (changes.routed.added.size > 0) writes.push(insertRouted([...changes.routed.added]))
  if (changes.answered.size > 0) writes.push(answerTransactions([...changes.answered]))
  if (changes.routed.changed.size > 0) writes.push(updateRouted([...changes.routed.changed]))
  if (changes.owed.length > 0) writes.push(insertOwed(changes.owed))
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

import { randomBytes } from 'node:crypto'
import { numberHashHex } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { type CardPlan, makeCards, plannedNumbers, type Serials } from '../cards/made-card.ts'
import { numbersAt } from '../cards/number-space.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { GenerationPlan } from './generation-order.ts'
import { auditStatements } from './audit-row.ts'
import { takeFrom } from './issue-changing.ts'
import { isRefused, type Refused } from './refusal.ts'
import {
  insertIssueEvent,
  nextRegistryVersion,
  selectIssueOfId,
  setIssueState,
  toIssueRecord,
} from '../db/sql/issues.ts'
import { advanceJob, finishJob, type Job } from '../db/sql/jobs.ts'
import { insertCards, selectTakenNumbers } from '../db/sql/new-cards.ts'

/** The parameters of the cards of a generation job. */
export async function readCardPlan(connection: WorkerConnection, job: Job): Promise<CardPlan> {
  const [[row] = []] = await connection.send(selectIssueOfId(job.subject))
  if (row === undefined) throw new Error(`job ${job.id} is about an issue that is not there`)
  const { settings, firstEan, ecodeSeed } = toIssueRecord(row, [])
  const { firstPlace, firstId } = JSON.parse(job.parameters) as GenerationPlan
  const { prefix, length, body, eanPrefix, validUntil } = settings
  const ean = eanPrefix === null || firstEan === null ? null : { prefix: eanPrefix, firstPlace: firstEan }
  return { issueId: job.subject, firstId, prefix, length, body, firstPlace, ean, ecodeSeed, validUntil }
}

/**
 * The same lot, after error 1062 or while the unique key does not see all: numbers that an issue with an overlapping prefix has taken already are left out, and
 * the next free places of the space come in. Within the database transaction in which the lot is written.
 */
export async function makeAroundTaken(
  connection: WorkerConnection,
  keys: CardKeys,
  plan: CardPlan,
  serials: Serials,
): Promise<string | Refused> {
  const numbers = plannedNumbers(keys, plan, serials)
  let open = numbers.map((_, i) => i)
  while (open.length > 0) {
    const taken = await takenAmong(
      connection,
      keys,
      open.map((i) => numbers[i] ?? ''),
    )
    open = open.filter((i) => taken.has(numbers[i] ?? ''))
    if (open.length === 0) break
    const first = await takeFrom(connection, plan, open.length)
    if (isRefused(first)) return first
    const fresh = numbersAt(keys, plan, plan.body, { first, count: open.length })
    open.forEach((i, k) => (numbers[i] = fresh[k] ?? ''))
  }
  return insertCards(plan, makeCards(keys, plan, serials.first, numbers, randomBytes(12 * serials.count)))
}

async function takenAmong(
  connection: WorkerConnection,
  keys: CardKeys,
  numbers: readonly string[],
): Promise<ReadonlySet<string>> {
  // While numbers are moved to another key, those of other cards are kept under either.
  const under = keys.other === null ? [keys] : [keys, keys.other]
  const byHash = new Map(
    numbers.flatMap((number) => under.map((some) => [numberHashHex(some, number), number] as const)),
  )
  const [rows = []] = await connection.send(selectTakenNumbers([...byHash.keys()]))
  return new Set(rows.map(([hash]) => byHash.get((hash as Buffer).toString('hex')) ?? ''))
}

/**
 * The end of a lot: the job's progress, and after the last lot the issue's new state. `id`, `at`: of the event and its
 * audit row.
 */
export function endOfLot(job: Job, done: number, id: number, at: number): string {
  if (done < job.total) return `${advanceJob(job.id, done)};COMMIT`
  const event = { id, issueId: job.subject, event: 'generated', who: job.who, note: `${job.total} cards` } as const
  return [
    finishJob(job.id),
    nextRegistryVersion,
    setIssueState(job.subject, 'generated'),
    insertIssueEvent(event),
    ...auditStatements({ nextId: () => id }, { login: job.who, channel: 'job' }, at, {
      action: 'issues.generated',
      object: { kind: 'issue', id: job.subject },
      details: { cards: job.total, job: job.id },
    }),
    'COMMIT',
  ].join(';')
}

/** End of day of a terminal (0500 and 0520): compares totals and opens the next business day. */

import { setTimeout as sleep } from 'node:timers/promises'
import { rowOf } from '../core/outcome.ts'
import type { Request } from '../core/request.ts'
import { KIND } from '../core/key.ts'
import type { Result } from '../core/result.ts'
import { agree, netOf, NO_TOTAL, TOTAL_NAMES, type Totals } from '../core/totals.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Access } from '../db/access.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import {
  insertDayEnd,
  lockTerminal,
  openBusinessDate,
  selectDayEnd,
  selectTotals,
  toDayEndTotals,
  toTotal,
  touchRegistry,
} from '../db/sql/day-ends.ts'
import { insertTransactions, selectAwaitingNext, selectByKeys, toTransaction } from '../db/sql/transactions.ts'
import { insertUnfolded } from '../db/sql/unfolded.ts'

export type DayEndAnswer = { readonly result: Result; readonly row: Transaction | null; readonly totals: Totals }
export type ClaimedTotals = { readonly totals: Totals; readonly net: number }

export type EndOfDay = {
  /** Compares and records totals and opens the next business day, unless that is more than one day ahead of the calendar; a repeat gets the same answer. */
  readonly close: (request: Request, claimed: ClaimedTotals | null) => Promise<DayEndAnswer>
  readonly stop: () => Promise<void>
}

const NO_TOTALS: Totals = { credits: NO_TOTAL, reversedCredits: NO_TOTAL, debits: NO_TOTAL, reversedDebits: NO_TOTAL }
const TRIES = 5
const PAUSE_MS = 200

/**
 * docs/spec/terminal.md, section 8. Ends of day run one at a time, because each terminal asks once a day. `submit` confirms
 * the approval that policy `next` left to the terminal's next request.
 */
export function createEndOfDay(
  access: Access,
  submit: (request: Request) => Promise<{ readonly result: Result }>,
  nextId: () => number | null,
  registryChanged: () => Promise<void>,
  trouble: (error: unknown) => void,
): EndOfDay {
  const connection = workerConnection(access)
  let last: Promise<unknown> = Promise.resolve()

  const attempt = async (request: Request, claimed: ClaimedTotals | null): Promise<DayEndAnswer> => {
    for (let tries = 1; ; tries++) {
      try {
        await confirmAwaiting(connection, request, submit, nextId)
        const answer = await closeOnce(connection, request, claimed)
        await registryChanged()
        return answer
      } catch (error) {
        await connection.rollback()
        trouble(error)
        // If the answer to a commit was lost, the next try finds its row under the key; until then no request is
        // answered.
        if (tries === TRIES) throw error
        await sleep(PAUSE_MS * tries)
      }
    }
  }

  return {
    close(request, claimed) {
      const answer = last.then(() => attempt(request, claimed))
      last = answer.catch(() => undefined) // the caller gets the error; it does not affect the next end of day
      return answer
    },
    async stop() {
      await last
      await connection.close()
    },
  }
}

/** The end of day confirms the approval that the terminal's next request would have confirmed. */
async function confirmAwaiting(
  connection: WorkerConnection,
  request: Request,
  submit: (request: Request) => Promise<{ readonly result: Result }>,
  nextId: () => number | null,
): Promise<void> {
  if (request.confirmation !== 'next') return
  const [rows = []] = await connection.send(selectAwaitingNext([request.key]))
  for (const original of rows.map(toTransaction)) {
    const id = nextId()
    if (id === null) throw new Error('no id for the confirmation that an end of day gives')
    await submit({
      ...request,
      id,
      key: { store: 'AKART', terminal: 'DAYEND', kind: KIND.confirmation, stan: 0, transmitted: original.id },
      confirmation: 'none',
      ask: { act: 'confirmation', original: original.key },
    })
  }
}

/**
 * The part of a claim that can be kept. DE 74 to 77 have ten digits and DE 86 to 89 and 97 sixteen, which exceeds 2^53:
 * such a sum is not exact and cannot be a real day; the answer is that the totals differ, and the claim is not kept.
 */
function keptOf(claimed: ClaimedTotals | null): ClaimedTotals | null {
  if (claimed === null) return null
  const figures = TOTAL_NAMES.flatMap((name) => [claimed.totals[name].number, claimed.totals[name].amount])
  return [...figures, claimed.net].every(Number.isSafeInteger) ? claimed : null
}

async function closeOnce(
  connection: WorkerConnection,
  request: Request,
  claimed: ClaimedTotals | null,
): Promise<DayEndAnswer> {
  const { key } = request
  const [locked = [], known = []] = await connection.send(
    ['BEGIN', lockTerminal(key.terminal), selectByKeys([key])].join(';'),
  )
  const [earlier] = known.map(toTransaction)
  if (earlier !== undefined) {
    const [ends = []] = await connection.send(`${selectDayEnd(earlier.id)};COMMIT`)
    const [totals = NO_TOTALS] = ends.map(toDayEndTotals)
    return { result: earlier.result, row: earlier, totals }
  }

  const latest = dayAfter(request.today)
  const stored = (locked[0]?.[0] ?? null) as string | null
  // If a terminal has had more ends of day than there were days, it is in the latest day that is permitted.
  const since = stored !== null && stored > latest ? latest : stored
  const [sums = []] = await connection.send(selectTotals(key, since))
  const totals = sums
    .map(toTotal)
    .reduce<Totals>((all, { name, number, amount }) => ({ ...all, [name]: { number, amount } }), NO_TOTALS)
  const agreed = claimed === null || (agree(claimed.totals, totals) && claimed.net === netOf(totals))
  const result = agreed ? 'approved' : 'totals_differ'
  const row = rowOf(request, result, { state: 'confirmed' })
  // A terminal that is a day ahead of its store stays in that day: a further end of day closes an empty day.
  const isAhead = since !== null && since > request.today
  const closes = isAhead ? dayBefore(since) : request.today
  await connection.send(insertTransactions([row]))
  await connection.send(insertUnfolded({ settled: [row.id], touched: [] }))
  await connection.send(
    insertDayEnd({ id: row.id, key, since, businessDate: closes, totals, agreed, claimed: keptOf(claimed) }),
  )
  if (isAhead && since === stored) await connection.send('COMMIT')
  else {
    await connection.send(openBusinessDate(key.terminal, isAhead ? since : dayAfter(closes)))
    await connection.send(`${touchRegistry};COMMIT`)
  }
  return { result, row, totals }
}

const DAY_MS = 86_400_000
const daysFrom = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
const dayAfter = (date: string): string => daysFrom(date, 1)
const dayBefore = (date: string): string => daysFrom(date, -1)

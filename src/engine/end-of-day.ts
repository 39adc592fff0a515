import { setTimeout as sleep } from 'node:timers/promises'
import { rowOf } from '../core/outcome.ts'
import { KIND, type Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import { agree, netOf, NO_TOTAL, type Totals } from '../core/totals.ts'
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
  /** Compares, records and opens the next business day; a repeat gets what the first one got. */
  readonly close: (request: Request, claimed: ClaimedTotals | null) => Promise<DayEndAnswer>
  readonly stop: () => Promise<void>
}

const NO_TOTALS: Totals = { credits: NO_TOTAL, reversedCredits: NO_TOTAL, debits: NO_TOTAL, reversedDebits: NO_TOTAL }
const TRIES = 5
const PAUSE_MS = 200

/**
 * docs/spec/terminal.md, section 8. One at a time: it is asked for once a day per terminal. `submit` confirms what policy
 * `next` left to the terminal's next request.
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
        // A commit whose answer was lost is found under its key by the next try; until it is, nothing is answered.
        if (tries === TRIES) throw error
        await sleep(PAUSE_MS * tries)
      }
    }
  }

  return {
    close(request, claimed) {
      const answer = last.then(() => attempt(request, claimed))
      last = answer.catch(() => undefined) // told to whoever asked; the next one is not concerned
      return answer
    },
    async stop() {
      await last
      await connection.close()
    },
  }
}

/** The end of day confirms what the terminal's next request would have. */
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

  const since = (locked[0]?.[0] ?? null) as string | null
  const [sums = []] = await connection.send(selectTotals(key, since))
  const totals = sums
    .map(toTotal)
    .reduce<Totals>((all, { name, number, amount }) => ({ ...all, [name]: { number, amount } }), NO_TOTALS)
  const agreed = claimed === null || (agree(claimed.totals, totals) && claimed.net === netOf(totals))
  const result = agreed ? 'approved' : 'totals_differ'
  const row = rowOf(request, result, { state: 'confirmed' })
  // The day that the request fell into is over; a registry read a moment ago may still have shown the one before.
  const closes = since !== null && since > request.businessDate ? since : request.businessDate
  await connection.send(insertTransactions([row]))
  await connection.send(insertUnfolded({ settled: [row.id], touched: [] }))
  await connection.send(insertDayEnd({ id: row.id, key, since, businessDate: closes, totals, agreed }))
  await connection.send(openBusinessDate(key.terminal, dayAfter(closes)))
  await connection.send(`${touchRegistry};COMMIT`)
  return { result, row, totals }
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** The page Today: counters of the day, open items, alerts. */

import type { MinuteRow } from '../db/sql/today.ts'
import { selectLastSeen, selectWaitingNow } from '../db/sql/today.ts'
import { fromInstant } from '../db/sql/literal.ts'
import type { Actor, StoreScope } from './actor.ts'
import type { DayCounters } from './day-counters.ts'
import { dayStart } from './day-bounds.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDoAnywhere, storesOf } from './rights.ts'
import { listTransactions, type FoundTransaction } from './transaction-lists.ts'

const MINUTE_MS = 60_000
const MINUTES = 30
const WEEK_MS = 7 * 24 * 3_600_000

export type PerMinute = { readonly now: number; readonly today: number; readonly minutes: readonly number[] }

export type Today = {
  readonly at: number
  readonly day: string
  readonly payments: PerMinute
  readonly sales: PerMinute
  readonly topUps: PerMinute
  readonly declines: PerMinute
  readonly declinesByResult: readonly { readonly result: string; readonly count: number }[]
  readonly money: readonly {
    readonly operation: string
    readonly currency: number
    readonly count: number
    readonly amount: number
  }[]
  readonly unconfirmed: number
  readonly casesOpen: number
  readonly storeAndForward: number
  readonly alertsOpen: number
  readonly silent: readonly { readonly terminal: string; readonly store: string; readonly lastAt: number }[]
  readonly latest: readonly FoundTransaction[]
}

export async function showToday(office: Office, actor: Actor, counters: DayCounters): Promise<Today | Refused> {
  const objection = mayDoAnywhere(actor, 'today.see')
  if (objection !== null) return objection
  const at = office.clock()
  const own = storesOf(actor, 'today.see')
  const { day, rows: all } = await counters.current()
  const rows = own === 'all' ? all : all.filter(({ store }) => own.has(store))
  const [[waiting = []] = [], heard = []] = await office.db.use((connection) =>
    connection.send(`${selectWaitingNow(listOf(own), listOf(casesOf(actor)))};${selectLastSeen(at - WEEK_MS)}`),
  )
  const [unconfirmed = 0, casesOpen = 0, storeAndForward = 0, alertsOpen = 0] = waiting.map(Number)
  const page = { order: 'time', descending: true, limit: 12, cursor: null } as const
  const latest = actor.rights.has('transactions.find') ? await listTransactions(office, actor, {}, page) : null
  const booked = (operation: string) => rows.filter((row) => row.operation === operation && !row.declined)
  return {
    at,
    day,
    payments: perMinute(booked('payment'), at),
    sales: perMinute(booked('sale'), at),
    topUps: perMinute(booked('top_up'), at),
    declines: perMinute(
      rows.filter(({ declined }) => declined),
      at,
    ),
    declinesByResult: byResult(rows),
    money: byOperation(rows),
    unconfirmed,
    casesOpen,
    storeAndForward,
    alertsOpen,
    silent: silent(office, own, heard, dayStart(day, office.timeZone)),
    latest: latest === null || isRefused(latest) ? [] : latest.items,
  }
}

/** Numbers lead to lists: they count what the list shows. Whoever has no list of cases is told those of the day's stores. */
const casesOf = (actor: Actor): StoreScope =>
  storesOf(actor, actor.rights.has('cases.find') ? 'cases.find' : 'today.see')
const listOf = (stores: StoreScope): readonly string[] | null => (stores === 'all' ? null : [...stores])

function perMinute(rows: readonly MinuteRow[], at: number): PerMinute {
  const running = Math.floor(at / MINUTE_MS) * MINUTE_MS
  const minutes = Array.from({ length: MINUTES }, () => 0)
  for (const { minute, count } of rows) {
    const place = MINUTES - 1 - Math.round((running - minute) / MINUTE_MS)
    if (place >= 0 && place < MINUTES) minutes[place] = (minutes[place] ?? 0) + count
  }
  // The last 60 seconds: of the minute before as much as is missing of the running one.
  const part = (at - running) / MINUTE_MS
  const now = Math.round((minutes[MINUTES - 1] ?? 0) + (minutes[MINUTES - 2] ?? 0) * (1 - part))
  return { now, today: rows.reduce((sum, { count }) => sum + count, 0), minutes }
}

function byResult(rows: readonly MinuteRow[]): { result: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { declined, result, count } of rows) if (declined) counts.set(result, (counts.get(result) ?? 0) + count)
  return [...counts].map(([result, count]) => ({ result, count })).sort((a, b) => b.count - a.count)
}

function byOperation(rows: readonly MinuteRow[]): Today['money'] {
  const sums = new Map<string, { operation: string; currency: number; count: number; amount: number }>()
  for (const { declined, operation, currency, count, amount } of rows) {
    if (declined || amount === 0 || currency === 0) continue
    const name = `${operation} ${currency}`
    const before = sums.get(name) ?? { operation, currency, count: 0, amount: 0 }
    sums.set(name, { ...before, count: before.count + count, amount: before.amount + amount })
  }
  return [...sums.values()]
}

/** Heard of in the last seven days, and not today. */
function silent(
  { registry }: Pick<Office, 'registry'>,
  own: 'all' | ReadonlySet<string>,
  heard: readonly (readonly unknown[])[],
  since: number,
): Today['silent'] {
  const { terminals } = registry()
  return heard
    .map(([terminal, lastAt]) => ({
      terminal: String(terminal),
      store: terminals.get(String(terminal))?.storeCode ?? '',
      lastAt: fromInstant(String(lastAt)),
    }))
    .filter(({ store, lastAt }) => lastAt < since && (own === 'all' || own.has(store)))
    .slice(0, 50)
}

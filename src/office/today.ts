/** The page Today: counters of the day, open items, alerts. */

import type { HeardLine, MinuteRow } from '../db/sql/today.ts'
import { selectKilledPacks, selectLastSeen, selectWaitingNow } from '../db/sql/today.ts'
import { fromInstant } from '../db/sql/literal.ts'
import type { Actor, StoreScope } from './actor.ts'
import type { DayCounters } from './day-counters.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import type { Office } from './office.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDoAnywhere, storesOf } from './rights.ts'
import { listTransactions, type FoundTransaction } from './transaction-lists.ts'

const MINUTE_MS = 60_000
const MINUTES = 30
const WEEK_MS = 7 * 24 * 3_600_000
/** How many silent terminals the page shows; the list of terminals shows all. */
const MOST_SILENT = 10

export type PerMinute = { readonly now: number; readonly today: number; readonly minutes: readonly number[] }

type SilentTerminal = { readonly terminal: string; readonly store: string; readonly lastAt: number }

export type Today = {
  readonly at: number
  readonly day: string
  readonly payments: PerMinute
  readonly sales: PerMinute
  readonly topUps: PerMinute
  readonly declines: PerMinute
  /** `now`: in the last 60 seconds. */
  readonly declinesByResult: readonly { readonly result: string; readonly now: number; readonly count: number }[]
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
  /** Packs that were killed in the last seven days, for issuers. */
  readonly killedPacks: readonly { readonly pack: string; readonly at: number }[]
  /** The first of them, by store; `silentCount`: all. */
  readonly silent: readonly SilentTerminal[]
  readonly silentCount: number
  readonly silentLines: readonly HeardLine[]
  readonly latest: readonly FoundTransaction[]
}

export async function showToday(office: Office, actor: Actor, counters: DayCounters): Promise<Today | Refused> {
  const objection = mayDoAnywhere(actor, 'today.see')
  if (objection !== null) return objection
  const at = office.clock()
  const own = storesOf(actor, 'today.see')
  const { day, rows: all } = await counters.current()
  const rows = own === 'all' ? all : all.filter(({ store }) => own.has(store))
  const asked = [
    selectWaitingNow(listOf(own), listOf(casesOf(actor))),
    selectLastSeen(at - WEEK_MS),
    // All issuers are told of it, whether they get mail or not.
    ...(actor.rights.has('packs.kill') ? [selectKilledPacks(at - WEEK_MS)] : []),
  ]
  const [[waiting = []] = [], heard = [], killed = []] = await office.db.use((connection) =>
    connection.send(asked.join(';')),
  )
  const [unconfirmed = 0, casesOpen = 0, storeAndForward = 0, alertsOpen = 0] = waiting.map(Number)
  const page = { order: 'time', descending: true, limit: 12, cursor: null } as const
  const latest = actor.rights.has('transactions.find') ? await listTransactions(office, actor, {}, page) : null
  const silent = silentTerminals(office, own, heard, at)
  // A line carries terminals of many stores, so only persons who see all stores are told about it.
  const lines = own === 'all' ? await counters.lines() : []
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
    declinesByResult: byResult(rows, at),
    money: byOperation(rows),
    unconfirmed,
    casesOpen,
    storeAndForward,
    alertsOpen,
    killedPacks: killed.map(([pack, killedAt]) => ({ pack: String(pack), at: fromInstant(String(killedAt)) })),
    silent: silent.slice(0, MOST_SILENT),
    silentCount: silent.length,
    silentLines: lines.filter(({ lastAt }) => lastAt < dayStart(day, office.timeZone)),
    latest: latest === null || isRefused(latest) ? [] : latest.items,
  }
}

/** Each number links to a list and counts its rows. For a person without the list of cases, the cases of their stores are counted. */
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
  // The last 60 seconds: the current minute, and the missing part from the minute before.
  const part = (at - running) / MINUTE_MS
  const now = Math.round((minutes[MINUTES - 1] ?? 0) + (minutes[MINUTES - 2] ?? 0) * (1 - part))
  return { now, today: rows.reduce((sum, { count }) => sum + count, 0), minutes }
}

function byResult(rows: readonly MinuteRow[], at: number): Today['declinesByResult'] {
  const ofResult = new Map<string, MinuteRow[]>()
  for (const row of rows) {
    if (!row.declined) continue
    const known = ofResult.get(row.result)
    if (known === undefined) ofResult.set(row.result, [row])
    else known.push(row)
  }
  return [...ofResult]
    .map(([result, declines]) => {
      const { now, today } = perMinute(declines, at)
      return { result, now, count: today }
    })
    .sort((a, b) => b.count - a.count)
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

/** Heard of in the last seven days, and not on the present day of their store. */
function silentTerminals(
  { registry, timeZone }: Pick<Office, 'registry' | 'timeZone'>,
  own: 'all' | ReadonlySet<string>,
  heard: readonly (readonly unknown[])[],
  at: number,
): readonly SilentTerminal[] {
  const { stores, terminals } = registry()
  const starts = new Map<string, number>()
  const startIn = (zone: string): number => {
    const known = starts.get(zone) ?? dayStart(dateIn(zone, at), zone)
    starts.set(zone, known)
    return known
  }
  const isOfToday = ({ store, lastAt }: SilentTerminal): boolean =>
    lastAt >= startIn(stores.get(store)?.timeZone ?? timeZone)
  return heard
    .map(([terminal, lastAt]) => ({
      terminal: String(terminal),
      store: terminals.get(String(terminal))?.storeCode ?? '',
      lastAt: fromInstant(String(lastAt)),
    }))
    .filter((one) => !isOfToday(one) && (own === 'all' || own.has(one.store)))
    .sort((a, b) => a.store.localeCompare(b.store) || a.terminal.localeCompare(b.terminal))
}

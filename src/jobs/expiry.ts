import { expiryKey, type Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import { ISSUER, openAccount } from '../db/accounts.ts'
import type { Access } from '../db/access.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import { officeRequest } from '../office/office-request.ts'
import { lockSlices } from '../db/sql/due.ts'
import { OVERDUE_BEGIN, placeOf, selectOverdue, type ShownCard, toShownCard } from '../db/sql/shown-cards.ts'
import { lookEvery, type Lookout } from './poller.ts'

export type ExpiryParts = {
  readonly access: Access
  readonly submit: (request: Request) => Promise<{ readonly result: Result }>
  readonly nextId: () => number | null
  readonly now: () => number
  /** The currency (ISO 4217 number) of an issue. */
  readonly currencyOf: (issueId: number) => number | null
}

/** What a run did: cards that expired, those that are left to the next night, and those that found no room now (96). */
export type ExpiryRun = { readonly expired: number; readonly left: number; readonly busy: number }

/** So many at a time wait in the engine's queue, so that a payment behind them waits some 10 ms. */
const BATCH = 128

/**
 * Takes what is left on cards whose last day is before `today` (YYYY-MM-DD) and books it as breakage. Once a card and day:
 * who was interrupted begins anew, and what was taken is not found again. A card with something unconfirmed is left to the
 * next night.
 *
 * @param isStopping asked before each batch
 * @returns null where another process is at it
 */
export async function expireOverdue(
  parts: ExpiryParts,
  today: string,
  isStopping: () => boolean = () => false,
): Promise<ExpiryRun | null> {
  const connection = workerConnection(parts.access)
  try {
    const [slices = []] = await connection.send(`BEGIN;${lockSlices('expiry')}`)
    return slices.length === 0 ? null : await walk(parts, connection, today, isStopping)
  } finally {
    await connection.rollback()
    await connection.close()
  }
}

async function walk(
  parts: ExpiryParts,
  connection: WorkerConnection,
  today: string,
  isStopping: () => boolean,
): Promise<ExpiryRun> {
  const breakage = new Map<number, number>()
  let after = OVERDUE_BEGIN
  let expired = 0
  let left = 0
  let busy = 0
  while (!isStopping()) {
    const [rows = []] = await connection.send(selectOverdue(today, after, BATCH))
    const last = rows.at(-1)
    if (last === undefined) break
    const requests: Request[] = []
    for (const card of rows.map(toShownCard)) {
      const request = await requestFor(parts, card, today, breakage)
      if (request === null) busy += 1
      else requests.push(request)
    }
    const results = await Promise.all(requests.map(parts.submit))
    const taken = results.filter(({ result }) => result === 'approved').length
    expired += taken
    const full = results.filter(({ result }) => result === 'overloaded' || result === 'malfunction').length
    busy += full
    left += results.length - taken - full
    after = placeOf(last)
  }
  return { expired, left, busy }
}

async function requestFor(
  parts: ExpiryParts,
  card: ShownCard,
  today: string,
  breakage: Map<number, number>,
): Promise<Request | null> {
  const id = parts.nextId()
  const spareId = parts.nextId()
  const currency = parts.currencyOf(card.issueId)
  if (id === null || spareId === null || currency === null) return null
  const contra = breakage.get(currency) ?? (await openAccount(parts.access, 'issuer_breakage', ISSUER, currency))
  breakage.set(currency, contra)
  const requester = { channel: 'job', who: 'expiry' } as const
  const wish = { operation: 'expiry', requester, key: expiryKey(card.id, today), card, currency, contra } as const
  return officeRequest(wish, { id, spareId, now: parts.now(), today })
}

const LOOK_EVERY_MS = 30_000

/**
 * Every night from `time` (HH:MM) on, by the clock of the store where it is earliest: a card is good until its last day is
 * over everywhere. After a start late in the day the night is made up for. Any number of processes may run it.
 */
export function startExpiry(
  parts: ExpiryParts & {
    readonly time: string
    readonly timeZones: () => Iterable<string>
    readonly ran: (run: ExpiryRun, today: string) => void
    readonly trouble: (error: unknown) => void
  },
): Lookout {
  let doneFor = ''

  return lookEvery({
    every: LOOK_EVERY_MS,
    first: 0,
    async look(isStopping) {
      const clock = earliestClock(parts.timeZones(), parts.now())
      const today = clock.slice(0, 10)
      if (today === doneFor || clock.slice(11) < parts.time) return
      const run = await expireOverdue(parts, today, isStopping)
      if (run !== null) parts.ran(run, today)
      if (run !== null && run.busy === 0 && !isStopping()) doneFor = today
    },
    failed: parts.trouble,
    close: async () => {},
  })
}

/** Date and time, `YYYY-MM-DD HH:MM`, where it is earliest; UTC where there are no stores. */
export function earliestClock(timeZones: Iterable<string>, now: number): string {
  const zones = new Set(timeZones)
  const clocks = [...(zones.size === 0 ? ['UTC'] : zones)].map((timeZone) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(now),
  )
  return clocks.sort()[0] ?? ''
}

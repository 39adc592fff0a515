/** The nightly expiry of cards: books what is left as breakage. */

import type { Request } from '../core/request.ts'
import { expiryKey } from '../core/key.ts'
import { ISSUER, openAccount } from '../db/accounts.ts'
import { LONG, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { type SliceLease, sliceLease } from '../db/slice-lease.ts'
import {
  countOverdue,
  OVERDUE_BEGIN,
  placeOf,
  selectOverdue,
  type ShownCard,
  toShownCard,
} from '../db/sql/shown-cards.ts'
import type { Actor } from './actor.ts'
import { earliestClock } from './clock.ts'
import type { Office } from './office.ts'
import { officeRequest } from './office-request.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type ExpiryOffice = Pick<Office, 'db' | 'submit' | 'nextId' | 'clock' | 'registry' | 'timeZone'>

/**
 * The result of a run: expired cards, cards left to the next night, and cards that the engine was too busy for (96).
 */
export type ExpiryRun = { readonly expired: number; readonly left: number; readonly busy: number }

/**
 * The number of expiries that wait in the engine's queue at a time, so that a payment behind them waits about 10 ms.
 */
const BATCH = 128

/**
 * Books the balance of cards whose last day is before `today` (YYYY-MM-DD) as breakage, once per card and day. An
 * interrupted run starts again and does not find the finished cards. Cards with unconfirmed transactions are left to
 * the next night.
 *
 * @param isStopping checked before each batch
 * @param told called after each batch: cards done, total
 * @returns null if another process is running it
 */
export async function expireOverdue(
  office: ExpiryOffice,
  today: string,
  isStopping: () => boolean = () => false,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<ExpiryRun | null> {
  const connection = workerConnection(office.db.access, LONG)
  const lease = sliceLease(connection, 'expiry')
  try {
    await lease.take()
    if (!lease.holds()) return null
    return await walk(office, connection, lease, today, isStopping, onProgress)
  } finally {
    await lease.giveBack().catch(() => undefined) // it runs out by itself
    await connection.close()
  }
}

async function walk(
  office: ExpiryOffice,
  connection: WorkerConnection,
  lease: SliceLease,
  today: string,
  isStopping: () => boolean,
  onProgress: (done: number, of: number) => void,
): Promise<ExpiryRun> {
  const [[[count = 0] = []] = []] = await connection.send(countOverdue(today))
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
      const request = await requestFor(office, card, today, breakage)
      if (request === null) busy += 1
      else requests.push(request)
    }
    await lease.take()
    // This process was stopped for longer than its lease: another one continues from where this one was.
    if (!lease.holds()) return { expired, left, busy: busy + requests.length }
    const results = await Promise.all(requests.map(office.submit))
    const taken = results.filter(({ result }) => result === 'approved').length
    expired += taken
    const full = results.filter(({ result }) => result === 'overloaded' || result === 'malfunction').length
    busy += full
    left += results.length - taken - full
    onProgress(expired + left + busy, Math.max(Number(count), expired + left + busy))
    after = placeOf(last)
  }
  return { expired, left, busy }
}

async function requestFor(
  office: ExpiryOffice,
  card: ShownCard,
  today: string,
  breakage: Map<number, number>,
): Promise<Request | null> {
  const id = office.nextId()
  const spareId = office.nextId()
  const currency = office.registry().issues.get(card.issueId)?.currency
  if (currency === undefined) return null
  const contra = breakage.get(currency) ?? (await openAccount(office.db.access, 'issuer_breakage', ISSUER, currency))
  breakage.set(currency, contra)
  const requester = { channel: 'job', who: 'expiry' } as const
  const input = { operation: 'expiry', requester, key: expiryKey(card.id, today), card, currency, contra } as const
  return officeRequest(input, { id, spareId, now: office.clock(), today })
}

/** Date and time, `YYYY-MM-DD HH:MM`, by which cards expire: a card is good until its last day is over everywhere. */
export const expiryClock = ({ registry, timeZone }: Pick<ExpiryOffice, 'registry' | 'timeZone'>, at: number): string =>
  earliestClock(
    [...registry().stores.values()].map((store) => store.timeZone),
    timeZone,
    at,
  )

/** Runs the nightly job now. */
export async function expireCards(
  office: Office,
  actor: Actor,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<ExpiryRun | Refused> {
  const no = mayDo(actor, 'cards.bulk')
  if (no !== null) return no
  const today = expiryClock(office, office.clock()).slice(0, 10)
  return (await expireOverdue(office, today, () => false, onProgress)) ?? refused('expiry_at_work')
}

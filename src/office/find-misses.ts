import { countMiss, forgetMisses, selectMisses } from '../db/sql/find-misses.ts'
import { raiseAlert } from './alerts.ts'
import type { Actor } from './actor.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import { inTransaction, type Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { settingOf } from './settings.ts'

const KEPT_MS = 7 * 24 * 3_600_000

/**
 * An actor limited to own stores finds a card only by its number, so wrong numbers are counted (docs/spec/abuse.md, 9).
 */
export const isCounted = ({ rights }: Actor): boolean => rights.get('cards.find') === 'own'

/** Whether this person has tried too many wrong numbers; checked before each search. */
export async function missesObjection(office: Office, actor: Actor): Promise<Refused | null> {
  if (!isCounted(actor)) return null
  const at = office.clock()
  const since = dayStart(dateIn(office.timeZone, at), office.timeZone)
  return office.db.use(async (connection) => {
    const [[row] = []] = await connection.send(selectMisses(actor.login, at, since))
    const [inMinute, today] = [Number(row?.[0]), Number(row?.[1])]
    const isOver =
      inMinute >= (await settingOf(connection, 'storeMissesPerMinute')) ||
      today >= (await settingOf(connection, 'storeMissesPerDay'))
    return isOver ? refused('find_misses_used_up') : null
  })
}

/** Counts a wrong number; the one that exhausts the daily budget alerts administrators. */
export async function noteMiss(office: Office, actor: Actor): Promise<void> {
  if (!isCounted(actor)) return
  const at = office.clock()
  const since = dayStart(dateIn(office.timeZone, at), office.timeZone)
  await inTransaction(office, async (connection) => {
    await connection.send(countMiss(actor.login, at))
    const [[row] = []] = await connection.send(selectMisses(actor.login, at, since))
    const [inMinute, today] = [Number(row?.[0]), Number(row?.[1])]
    const isLast =
      inMinute === (await settingOf(connection, 'storeMissesPerMinute')) ||
      today === (await settingOf(connection, 'storeMissesPerDay'))
    if (isLast) await raiseAlert(connection, office, 'find_misses_used_up', actor.login, at)
    await connection.send(forgetMisses(at - KEPT_MS))
    return null
  })
}

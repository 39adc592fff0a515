import { currencyOf } from '../core/currency.ts'
import { sumDecided, type CaseRow } from '../db/sql/case-search.ts'
import type { Actor } from './actor.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import type { Office } from './office.ts'
import { settingOf } from './settings.ts'

/** In minor units of a currency: what one clerk may decide alone about one card in one store on one day. */
export const caseLimit = async (office: Pick<Office, 'db'>, currency: number): Promise<number> =>
  (await office.db.use((connection) => settingOf(connection, 'caseLimit'))) * 10 ** currencyOf(currency).exponent

/** Above the limit a second person decides: the sum over a clerk, a card, a store and its day counts. */
export async function needsSecond(
  office: Office,
  { login }: Actor,
  { amount, currency, cardId, store }: Pick<CaseRow, 'amount' | 'currency' | 'cardId' | 'store'>,
): Promise<boolean> {
  const limit = await caseLimit(office, currency)
  if (amount > limit) return true
  if (cardId === null) return false
  const zone = office.registry().stores.get(store)?.timeZone ?? office.timeZone
  const since = dayStart(dateIn(zone, office.clock()), zone)
  const [[row] = []] = await office.db.use((connection) => connection.send(sumDecided(login, cardId, store, since)))
  return Number(row?.[0]) + amount > limit
}

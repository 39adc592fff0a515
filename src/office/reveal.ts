import { openNumber } from '../cards/seal.ts'
import { countActsOf } from '../db/sql/audit.ts'
import { raiseAlert } from './alerts.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { cardFor } from './card-finding.ts'
import { dateIn } from './clock.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { settingOf } from './settings.ts'

const DAY_MS = 24 * 3_600_000

/** Shows a whole card number, and records that before it does. */
export async function revealCard(
  office: Office,
  actor: Actor,
  { id, reason }: { readonly id: number; readonly reason: string },
): Promise<{ readonly number: string; readonly leftToday: number } | Refused> {
  const card = await cardFor(office, actor, 'cards.reveal', { by: 'id', id })
  if (isRefused(card)) return card
  const at = office.clock()
  const number = openNumber(office.keys(), card.sealed)
  const shown = await inTransaction(office, async (connection) => {
    const today = dateIn(office.timeZone, at)
    const [rows = []] = await connection.send(countActsOf(actor.login, 'cards.reveal', at - DAY_MS))
    const done = rows.filter(
      ([when]) => dateIn(office.timeZone, Date.parse(`${String(when).replace(' ', 'T')}Z`)) === today,
    ).length
    const most = await settingOf(connection, 'revealsPerDay')
    if (done >= most) return { most }
    await putOnRecord(connection, office, actor, at, {
      action: 'cards.reveal',
      object: { kind: 'card', id },
      details: { reason },
    })
    return { number, leftToday: most - done - 1 }
  })
  if (!('most' in shown)) return shown
  await office.db.transaction((connection) => raiseAlert(connection, office, 'reveals_used_up', actor.login, at))
  return refused('reveals_used_up', { count: shown.most })
}

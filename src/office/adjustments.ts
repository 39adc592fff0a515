import { setUpError } from '../config/set-up-error.ts'
import type { Amount } from '../core/money.ts'
import type { Access } from '../db/access.ts'
import { takeIds } from '../db/ids.ts'
import { boolean, instant, integer, text } from '../db/sql/literal.ts'
import type { Row } from '../db/sql/row.ts'
import { SHOWN, type ShownCard, toShownCard } from '../db/sql/shown-cards.ts'
import type { Doer } from './pack-records.ts'
import { onConnection } from '../db/unit-of-work.ts'

/** A correction that one person asked for. `amount` below zero takes from the card. */
export type Adjustment = {
  readonly id: number
  readonly card: ShownCard
  readonly currency: number
  readonly amount: Amount
  readonly reason: string
  readonly askedBy: string
  readonly askedAt: string
  readonly decidedBy: string | null
  readonly approved: boolean | null
}

export async function askAdjustment(
  access: Access,
  cardId: number,
  amount: Amount,
  reason: string,
  { who, at }: Doer,
): Promise<number> {
  const id = await takeIds(access, 'row', 1)
  await onConnection(access, (connection) =>
    connection.send(
      `INSERT INTO adjustments (id, card_id, amount, reason, asked_by, asked_at) VALUES (${integer(id)},
       ${integer(cardId)},${integer(amount)},${text(reason)},${text(who)},${instant(at)})`,
    ),
  )
  return id
}

const SELECT = `SELECT ${SHOWN}, a.id, i.currency, a.amount, a.reason, a.asked_by, a.asked_at, a.decided_by, a.approved
  FROM adjustments a JOIN cards c ON c.id = a.card_id JOIN issues i ON i.id = c.issue_id`

function toAdjustment(row: Row): Adjustment {
  const [id, currency, amount, reason, askedBy, askedAt, decidedBy, approved] = row.slice(6) as [
    number, number, number, string, string, string, string | null, number | null,
  ] // prettier-ignore
  const decision = approved === null ? null : approved === 1
  return { id, card: toShownCard(row), currency, amount, reason, askedBy, askedAt, decidedBy, approved: decision }
}

/** Those that nobody has decided yet, the oldest first. */
export const readOpenAdjustments = (access: Access, most: number): Promise<Adjustment[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(
      `${SELECT} WHERE a.decided_at IS NULL ORDER BY a.id LIMIT ${integer(most)}`,
    )
    return rows.map(toAdjustment)
  })

/** @throws a set-up error where there is none of that number */
export const readAdjustment = (access: Access, id: number): Promise<Adjustment> =>
  onConnection(access, async (connection) => {
    if (!Number.isSafeInteger(id)) throw setUpError('an adjustment is named by its number')
    const [[row] = []] = await connection.send(`${SELECT} WHERE a.id = ${integer(id)}`)
    if (row === undefined) throw setUpError(`there is no adjustment ${id}`)
    return toAdjustment(row)
  })

/**
 * Writes down a second person's decision, once; the database itself refuses the first one's (adjustments_four_eyes).
 *
 * @throws a set-up error where somebody has decided otherwise
 */
export const decideAdjustment = (access: Access, id: number, approved: boolean, { who, at }: Doer): Promise<void> =>
  onConnection(access, async (connection) => {
    await connection.send(
      `UPDATE adjustments SET decided_by = ${text(who)}, decided_at = ${instant(at)}, approved = ${boolean(approved)}
       WHERE id = ${integer(id)} AND decided_at IS NULL`,
    )
    const [[row] = []] = await connection.send(`SELECT approved, decided_by FROM adjustments WHERE id = ${integer(id)}`)
    if (row === undefined) throw setUpError(`there is no adjustment ${id}`)
    if ((row[0] === 1) !== approved) {
      throw setUpError(`adjustment ${id} was ${approved ? 'refused' : 'approved'} by ${String(row[1])}`)
    }
  })

import { applyStagedRequest } from '../../core/own-request.ts'
import { selectStagedCards } from '../../db/sql/staged.ts'
import type { Office } from '../office.ts'

/** Applies booked loads to these cards, so that their balances and transfers are complete. */
export async function applyBooked(
  { db, submit, nextId, clock }: Pick<Office, 'db' | 'submit' | 'nextId' | 'clock'>,
  cards: readonly number[],
): Promise<void> {
  if (cards.length === 0) return
  const [rows = []] = await db.use((connection) => connection.send(selectStagedCards(cards)))
  const now = clock()
  await Promise.all(rows.map(([card]) => submit(applyStagedRequest(nextId(), Number(card), now))))
}

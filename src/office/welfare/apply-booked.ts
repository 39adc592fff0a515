import { applyStagedRequest } from '../../core/own-request.ts'
import { selectStagedCards } from '../../db/sql/staged.ts'
import type { Office } from '../office.ts'

/** Puts what is booked for these cards on them, so that their balances and transfers tell all of it. */
export async function applyBooked(
  { db, submit, nextId, clock }: Pick<Office, 'db' | 'submit' | 'nextId' | 'clock'>,
  cards: readonly number[],
): Promise<void> {
  if (cards.length === 0) return
  const [rows = []] = await db.use((connection) => connection.send(selectStagedCards(cards)))
  const now = clock()
  await Promise.all(rows.map(([card]) => submit(applyStagedRequest(nextId(), Number(card), now))))
}

import type { Connection, RowDataPacket } from 'mysql2/promise'

/**
 * Faults in the order of cards' histories, a line each. By `card_seq` and `other_seq` the transfers of each card must
 * give its balance after every row that shows one, no number is given twice, and none is above the card's own.
 */
export async function wrongSequences(connection: Connection): Promise<string[]> {
  const [moves] = await connection.query<RowDataPacket[]>(
    `SELECT card, seq, SUM(moved) AS moved, COUNT(*) AS n, MAX(shown) AS shown, MAX(id) AS id, MAX(card_now) AS card_now FROM (
       SELECT t.id, t.card_id AS card, t.card_seq AS seq, t.ledger_after AS shown, c.seq AS card_now,
         IF(t.credit_account = t.card_id, t.amount, 0) - IF(t.debit_account = t.card_id, t.amount, 0) AS moved
       FROM transactions t JOIN cards c ON c.id = t.card_id WHERE t.card_seq IS NOT NULL
       UNION ALL
       SELECT t.id, c.id, t.other_seq, NULL, c.seq, IF(t.credit_account = c.id, t.amount, 0) - IF(t.debit_account = c.id, t.amount, 0)
       FROM transactions t JOIN cards c ON c.id IN (t.debit_account, t.credit_account) AND c.id <> t.card_id
       WHERE t.other_seq IS NOT NULL) AS moves
     GROUP BY card, seq ORDER BY card, seq`,
  )
  const wrong: string[] = []
  let card = 0
  let ledger = 0
  for (const row of moves as {
    card: number
    seq: number
    moved: string
    n: number
    shown: number | null
    id: number
    card_now: number
  }[]) {
    if (row.card !== card) ledger = 0
    card = row.card
    ledger += Number(row.moved)
    const at = `card ${card}, seq ${row.seq}, transaction ${row.id}`
    if (row.n > 1) wrong.push(`${at}: the number was given ${row.n} times`)
    if (row.shown !== null && row.shown !== ledger) wrong.push(`${at}: shows ${row.shown}, its order gives ${ledger}`)
    if (row.seq > row.card_now) wrong.push(`${at}: the card is at ${row.card_now} only`)
  }
  const [unnumbered] = await connection.query<RowDataPacket[]>(
    `SELECT t.id FROM transactions t JOIN cards c ON c.id = t.card_id
     WHERE t.amount > 0 AND t.card_seq IS NULL AND t.store_code <> 'AKART' AND c.id IN (t.debit_account, t.credit_account)`,
  )
  return [...wrong, ...unnumbered.map(({ id }) => `transaction ${id} moved its card without a number`)]
}

import type { Fold } from '../../src/db/folding.ts'

export const FOLDED_SUMS = 'CREATE TABLE folded_sums (card BIGINT PRIMARY KEY, total BIGINT NOT NULL)'

/** A consumer for the test: the sum of the amounts moved on each card, added up by folding. A transaction that is folded twice makes it wrong. */
export const SUMS: Fold = {
  name: 'sums',
  async fold(connection, { settled }) {
    if (settled.length === 0) return
    const ids = settled.join(',')
    await connection.send(
      `INSERT INTO folded_sums (card, total) SELECT card, SUM(amount) FROM (
         SELECT credit_account AS card, amount FROM transactions WHERE amount > 0 AND id IN (${ids})
         UNION ALL SELECT debit_account, -amount FROM transactions WHERE amount > 0 AND id IN (${ids})) AS sides
       WHERE card > 1000000 GROUP BY card ORDER BY card ON DUPLICATE KEY UPDATE total = total + VALUES(total)`,
    )
  },
}

import { openConnection, type Access } from './access.ts'
import { takeIds } from './ids.ts'
import { touchRegistry } from './sql/day-ends.ts'

/**
 * Creates a queue for each upstream, and an account in every currency of the stores. Existing ones are kept; two
 * processes may do it at the same time.
 */
export async function openUpstreamBooks(access: Access, upstreams: readonly string[]): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    for (const upstream of upstreams) {
      await connection.query('INSERT IGNORE INTO upstream_queues (upstream) VALUES (?)', [upstream])
      const [missing] = await connection.query(
        `SELECT DISTINCT s.currency FROM stores s LEFT JOIN accounts a
           ON a.kind = 'upstream_settlement' AND a.owner = ? AND a.currency = s.currency WHERE a.id IS NULL`,
        [upstream],
      )
      for (const { currency } of missing as { currency: number }[]) {
        const id = await takeIds(access, 'account', 1)
        await connection.query(
          `INSERT INTO accounts (id, kind, owner, currency) VALUES (?, 'upstream_settlement', ?, ?)
           ON DUPLICATE KEY UPDATE owner = VALUES(owner)`,
          [id, upstream, currency],
        )
        await connection.query(touchRegistry)
      }
    }
  } finally {
    await connection.end()
  }
}

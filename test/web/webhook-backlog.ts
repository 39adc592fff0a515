import { openConnection } from '../../src/db/access.ts'
import type { Shop } from './api-setting.ts'
import type { WebhookSetting } from './webhook-setting.ts'

/** A shop, and the row of its one endpoint. */
export type Behind = { readonly code: string; readonly shop: Shop; readonly endpoint: string }

const LOT = 1_000

/**
 * Puts events behind endpoints as they are after a night in which nobody took them: of each card one after the other. They
 * are rows of the two tables alone, since the payments that made them are not what is measured.
 */
export async function putBehind(
  web: WebhookSetting,
  shops: readonly Behind[],
  { events, cards }: { readonly events: number; readonly cards: number },
): Promise<void> {
  const connection = await openConnection(web.office.db.access, { multipleStatements: false })
  try {
    for (const { code } of shops) {
      for (let first = 0; first < events; first += LOT) {
        const rows = Array.from({ length: Math.min(LOT, events - first) }, (_, i) => {
          const [card, step] = [1 + ((first + i) % cards), 1 + Math.floor((first + i) / cards)]
          return [code, 'payment.created', 2 * step, 1_000_000 + card, dataOf(card)]
        })
        await connection.query('INSERT INTO shop_events (shop_code, type, sequence, card_id, data, at) VALUES ?', [
          rows.map((row) => [...row, new Date(web.clock.now)]),
        ])
      }
      await connection.query(
        `INSERT INTO webhook_deliveries (endpoint_id, event_id, card_id, state, due_at, made_at)
         SELECT e.id, v.id, v.card_id, 'waiting', IF(v.sequence = 2, v.at, NULL), v.at
         FROM shop_events v JOIN webhook_endpoints e ON e.shop_code = v.shop_code WHERE v.shop_code = ?`,
        [code],
      )
    }
  } finally {
    await connection.end()
  }
}

/** As long as that of a payment. */
const dataOf = (card: number): string => JSON.stringify({ card: String(card), padding: 'x'.repeat(500) })

/** How many of each shop's deliveries still wait. */
export async function waitingOf(web: WebhookSetting): Promise<ReadonlyMap<string, number>> {
  const [rows = []] = await web.office.db.use((connection) =>
    connection.send(
      `SELECT e.shop_code, COUNT(*) FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
       WHERE d.state = 'waiting' GROUP BY e.shop_code`,
    ),
  )
  return new Map(rows.map(([code, count]) => [String(code), Number(count)]))
}

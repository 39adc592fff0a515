import { Counter, type Registry } from 'prom-client'
import type { Access } from '../db/access.ts'
import { openDatabase } from '../db/database.ts'
import { startPoller } from '../jobs/poller.ts'
import { startWebhooks } from '../jobs/webhooks.ts'
import type { Office } from '../office/office.ts'
import { forgetOldEvents } from '../office/shop-events.ts'
import { type ConnectorParts, resolveHost } from '../web/webhook-connector.ts'
import { sendMessage } from '../web/webhook-message.ts'

/** Separate connections, so that a backlog of webhooks takes none from the requests of shops. */
const CONNECTIONS = 4
const FORGET_EVERY_MS = 3_600_000

/** Demos may send to this machine. */
export const connectorOf = (demo: boolean): ConnectorParts => ({ loopback: demo, resolve: resolveHost })

export const webhookAttempts = (metrics: Registry) =>
  new Counter({
    name: 'akart_webhook_attempts_total',
    help: 'Messages to web shops, by what became of them',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  })

/** Delivers events to web shops, and deletes events older than 90 days. */
export function openWebhooks(
  access: Access,
  office: Office,
  metrics: Registry,
  trouble: (what: string) => (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  const attempts = webhookAttempts(metrics)
  const db = openDatabase(access, { most: CONNECTIONS, acquireTimeoutMs: 10_000 })
  const connector = connectorOf(office.demo)
  const sender = startWebhooks({
    office: { ...office, db },
    send: (to, message, stop) => sendMessage(connector, to, message, stop),
    attempted: ({ status }) =>
      attempts.inc({
        outcome: status === null ? 'no_answer' : status >= 200 && status < 300 ? 'delivered' : 'refused',
      }),
    trouble: trouble('webhooks could not be sent'),
  })
  const forgetting = startPoller({
    every: FORGET_EVERY_MS,
    first: 0,
    async look(isStopping) {
      while (!isStopping() && (await forgetOldEvents({ db, clock: office.clock })));
    },
    failed: trouble('old events could not be forgotten'),
    close: async () => {},
  })
  return {
    async stop() {
      await Promise.all([sender.stop(), forgetting.stop()])
      await db.stop()
    },
  }
}

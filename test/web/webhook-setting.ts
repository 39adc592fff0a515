/** A receiver of webhooks for tests. */

import { createHmac } from 'node:crypto'
import { EventEmitter, once as onceEvent } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { workerConnection } from '../../src/db/connection.ts'
import { type Fold, foldOnce } from '../../src/db/folding.ts'
import { startWebhooks } from '../../src/jobs/webhooks.ts'
import type { Office } from '../../src/office/office.ts'
import { shopEvents } from '../../src/office/shop-event-fold.ts'
import { openWebOffice } from '../../src/office/web-office.ts'
import { type ConnectorParts, resolveHost } from '../../src/web/webhook-connector.ts'
import { sendMessage } from '../../src/web/webhook-message.ts'
import { type WebSetting, webSetting } from './api-setting.ts'

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export type Received = {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly event: {
    readonly id: string
    readonly type: string
    readonly sequence: number
    readonly data: Readonly<Record<string, unknown>>
  }
}

/** A receiver's behaviour: a status, or its own handler. */
export type Behaviour = number | ((response: ServerResponse) => void)

/** The time limit of one step; an event that takes longer counts as missing. */
const PATIENCE_MS = 120_000

async function nextOf(news: EventEmitter, name: string, so: () => string): Promise<void> {
  try {
    await onceEvent(news, name, { signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (cause) {
    throw new Error(`waited for nothing: ${so()}`, { cause })
  }
}

/** A shop's server on loopback. */
export type Receiver = {
  readonly url: string
  readonly all: readonly Received[]
  behave: (received: Received) => Behaviour
  /** Until it has received so many. */
  readonly received: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

export async function receiver(t: Teardown, port = 0): Promise<Receiver> {
  const all: Received[] = []
  const news = new EventEmitter()
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      const received = { id: headers['webhook-id'] ?? '', headers, text, event: JSON.parse(text) as Received['event'] }
      all.push(received)
      const chosen = made.behave(received)
      if (typeof chosen === 'number') response.writeHead(chosen).end()
      else chosen(response)
      news.emit('received')
    })
  })
  server.listen(port, '127.0.0.1')
  await onceEvent(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await onceEvent(server, 'close')
  }
  t.teardown(close)
  const made: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    all,
    behave: () => 204,
    async received(count) {
      while (all.length < count) await nextOf(news, 'received', () => `${all.length} of ${count} messages came`)
    },
    close,
  }
  return made
}

/** Standard Webhooks 1.0.0 by its own text, not by Akart's code. */
export function isSignedBy(secret: string, { headers, text }: Received): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/u, ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return (headers['webhook-signature'] ?? '').split(' ').includes(wanted)
}

export type WebhookSetting = WebSetting & {
  /** Makes events of all that has been settled. */
  readonly fold: (...more: readonly Fold[]) => Promise<void>
  /** A process' sender; `tried` resolves when so many tries have been made since it was started. */
  readonly sender: (connector?: Partial<ConnectorParts>) => {
    readonly tried: (count: number) => Promise<void>
    readonly stop: () => Promise<void>
  }
}

/** @param doorOf what AkartWeb gets in the place of this office */
export async function webhookSetting(
  t: Teardown,
  doorOf: (office: Office) => Office = (office) => office,
): Promise<WebhookSetting> {
  const web = await webSetting(t, {}, doorOf)
  const office = openWebOffice(web.office)
  const connection = workerConnection(web.office.db.access)
  t.teardown(connection.close)
  return {
    ...web,
    async fold(...more) {
      const folds = [shopEvents(office), ...more]
      try {
        while ((await foldOnce(connection, folds, { batches: 500, ids: 500 }))?.isMore === true);
      } catch (error) {
        await connection.rollback()
        throw error
      }
    },
    sender(parts = {}) {
      const connector = { loopback: true, resolve: resolveHost, ...parts }
      const news = new EventEmitter()
      let tries = 0
      const poller = startWebhooks({
        office: web.office,
        send: (to, message, stop) => sendMessage(connector, to, message, stop),
        every: 20,
        attempted() {
          tries += 1
          news.emit('tried')
        },
        trouble: (error) => news.emit('error', error),
      })
      t.teardown(poller.stop)
      return {
        async tried(count) {
          while (tries < count) await nextOf(news, 'tried', () => `${tries} of ${count} tries were made`)
        },
        stop: poller.stop,
      }
    },
  }
}

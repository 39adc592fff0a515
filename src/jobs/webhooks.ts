import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { endpointsDue } from '../office/webhook-sending.ts'
import { startPoller, type Poller } from './poller.ts'
import { sendToEndpoint, type WebhookSender } from './webhook-endpoint.ts'

export type WebhooksParts = WebhookSender & {
  /** ms between looks for endpoints that something is due for. */
  readonly every?: number
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 500
/** On stop, messages in flight have this long to arrive. */
const STOP_MS = 2_000
/** Endpoints at a time; each has a worker of its own, so that a slow one delays no other. */
const ENDPOINTS = 500
/** Messages in memory, shared by the endpoints that are sent to: of about 700 bytes, so 6 MB. */
const AHEAD_OF_ALL = 8_192

/** Delivers events. Any number of processes may run it: each endpoint has one sender at a time. */
export function startWebhooks(parts: WebhooksParts): Poller {
  const { office, trouble } = parts
  const owner = randomUUID()
  const stopping = new AbortController()
  const givingUp = new AbortController()
  setMaxListeners(0, givingUp.signal) // each message on its way listens to it
  const working = new Map<number, Promise<void>>()
  const ends = { stopping: stopping.signal, givingUp: givingUp.signal }
  const ahead = (): number => Math.floor(AHEAD_OF_ALL / Math.max(1, working.size))
  const poller = startPoller({
    every: parts.every ?? POLL_INTERVAL_MS,
    first: 0,
    async look() {
      for (const id of await endpointsDue(office, ENDPOINTS)) {
        if (working.has(id) || working.size >= ENDPOINTS || stopping.signal.aborted) continue
        const work = sendToEndpoint(parts, { owner, id, ahead }, ends)
          .catch(trouble)
          .finally(() => working.delete(id))
        working.set(id, work)
      }
    },
    failed: trouble,
    close: async () => {},
  })
  return {
    async stop() {
      stopping.abort()
      await poller.stop()
      const late = setTimeout(() => givingUp.abort(), STOP_MS)
      await Promise.all(working.values())
      clearTimeout(late)
    },
  }
}

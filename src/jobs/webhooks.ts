import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Office } from '../office/office.ts'
import {
  type Attempt,
  type Consignment,
  endpointsDue,
  type Message,
  returnConsignment,
  settleAttempts,
  takeConsignment,
} from '../office/webhook-sending.ts'
import { startPoller, type Poller } from './poller.ts'

export type WebhooksParts = {
  readonly office: Pick<Office, 'db' | 'keys' | 'clock' | 'nextId'>
  /** Sends one message; never throws. Told to stop, it may give up. */
  readonly send: (
    to: Pick<Consignment, 'url' | 'secrets'>,
    message: Message,
    stop: AbortSignal,
  ) => Promise<Pick<Attempt, 'status' | 'fault'>>
  /** How long a process that is gone or frozen holds an endpoint up. */
  readonly leaseSeconds?: number
  /** ms between looks for endpoints that something is due for. */
  readonly every?: number
  readonly attempted: (attempt: Attempt) => void
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 500
/** Longer than a receiver may take, so that a lease never ends under a message that is on its way. */
const LEASE_SECONDS = 20
const RENEW_MS = 5_000
/** What is on its way when the process ends has so long to arrive. */
const STOP_MS = 2_000
/** Endpoints at a time; each has a worker of its own, so that a slow one delays no other. */
const ENDPOINTS = 500
/** Messages at a time to one endpoint, each about another card. */
const PARALLEL = 8

/** Delivers events. Any number of processes may run it: each endpoint has one sender at a time. */
export function startWebhooks(parts: WebhooksParts): Poller {
  const { office, trouble } = parts
  const owner = randomUUID()
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const working = new Map<number, Promise<void>>()
  const poller = startPoller({
    every: parts.every ?? POLL_INTERVAL_MS,
    first: 0,
    async look() {
      for (const id of await endpointsDue(office, ENDPOINTS)) {
        if (working.has(id) || working.size >= ENDPOINTS || stopping.signal.aborted) continue
        const work = sendTo(parts, owner, id, { stopping: stopping.signal, givingUp: givingUp.signal })
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

/** `stopping`: take nothing more; `givingUp`: wait for nothing more. */
type Ends = { readonly stopping: AbortSignal; readonly givingUp: AbortSignal }

/** Sends what is due to one endpoint until nothing is, or another process has it. */
async function sendTo(parts: WebhooksParts, owner: string, id: number, ends: Ends): Promise<void> {
  const { office, send, attempted, leaseSeconds = LEASE_SECONDS } = parts
  /** By event, until what became of them is written: what is not is still due in the database. */
  const unsettled = new Map<number, Promise<void>>()
  const done: Attempt[] = []
  const start = (consignment: Consignment, message: Message): void => {
    const sending = send(consignment, message, ends.givingUp).then((sent) => {
      // What was given up because this process ends is no try of the receiver's.
      if (ends.givingUp.aborted && sent.status === null) return void unsettled.delete(message.eventId)
      const attempt = { message, at: office.clock(), ...sent }
      attempted(attempt)
      done.push(attempt)
    })
    unsettled.set(message.eventId, sending)
  }
  try {
    for (;;) {
      const settling = done.splice(0)
      if (settling.length > 0) await settleAttempts(office, owner, id, settling, Math.random)
      for (const { message } of settling) unsettled.delete(message.eventId)
      if (ends.stopping.aborted && unsettled.size === 0) return
      const room = ends.stopping.aborted ? 0 : PARALLEL - unsettled.size
      const taken = await takeConsignment(office, { owner, seconds: leaseSeconds }, id, [...unsettled.keys()], room)
      if (taken === null) return
      for (const message of taken.messages) start(taken, message)
      if (unsettled.size === 0) return
      if (done.length === 0) await firstOf(unsettled.values(), Math.min(RENEW_MS, leaseSeconds * 250))
    }
  } finally {
    await returnConsignment(office, owner, id)
  }
}

/** The first of them that ends, or a time, after which the lease is renewed. */
async function firstOf(sending: Iterable<Promise<void>>, mostMs: number): Promise<void> {
  const over = new AbortController()
  const late = sleep(mostMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
  await Promise.race([...sending, late])
  over.abort()
}

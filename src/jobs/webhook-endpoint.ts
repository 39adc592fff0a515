/** Sends the due webhooks of one endpoint: several cards in parallel, the events of a card in order. */

import type { Office } from '../office/office.ts'
import {
  type Attempt,
  type Destination,
  type Message,
  returnConsignment,
  settleAttempts,
  takeConsignment,
} from '../office/webhook-sending.ts'

export type WebhookSender = {
  readonly office: Pick<Office, 'db' | 'keys' | 'clock' | 'nextId'>
  /** Sends one message; never throws. It may give up when `stop` is set. */
  readonly send: (to: Destination, message: Message, stop: AbortSignal) => Promise<Pick<Attempt, 'status' | 'fault'>>
  /** How long a process that has ended or was stopped can delay an endpoint. */
  readonly leaseSeconds?: number
  readonly attempted: (attempt: Attempt) => void
}

/** `stopping`: take nothing more; `givingUp`: wait for nothing more. */
type Ends = { readonly stopping: AbortSignal; readonly givingUp: AbortSignal }

/** Longer than a receiver may take, so that a lease never ends under a message that is on its way. */
const LEASE_SECONDS = 20
/** The longest time between two renewals of the lease, and between two polls for due messages. */
const LOOK_MS = 2_000
/** Messages on their way to one endpoint, each about another card. */
const PARALLEL = 32
/** Messages of one endpoint in memory: reading them costs a commit, and so does writing their results. */
const AHEAD = 256
/**
 * Results are written in batches of this size, or after this time: a commit for each message would cost more than its
 * delivery.
 */
const SETTLED_AT_ONCE = 128
const SETTLED_AFTER_MS = 25

/** The messages of one endpoint in memory, and their state. */
type EndpointQueue = {
  to: Destination
  /** May go. */
  readonly ready: Message[]
  /** Card → what may go once the one before it was taken. */
  readonly behind: Map<number, Message[]>
  /** Events in memory or in flight until their results are written; in the database they are still due. */
  readonly known: Set<number>
  onTheWay: number
  readonly done: Attempt[]
  /** When the first of them was done, monotonic ms. */
  doneSince: number
  /** Called when a message has been answered. */
  wake: () => void
}

const emptyQueue = (): EndpointQueue => ({
  to: { url: '', secrets: [] },
  ready: [],
  behind: new Map(),
  known: new Set(),
  onTheWay: 0,
  done: [],
  doneSince: 0,
  wake: () => {},
})

/** Sends the due messages of one endpoint until none is left or another process has it. */
export async function sendToEndpoint(
  parts: WebhookSender,
  { owner, id, ahead }: { readonly owner: string; readonly id: number; readonly ahead: () => number },
  ends: Ends,
): Promise<void> {
  const { office, leaseSeconds: seconds = LEASE_SECONDS } = parts
  const queue = emptyQueue()
  let isOurs = true
  let lookAt = 0
  /** `performance.now()` until which the endpoint is certainly ours; counted from before the lease was asked for. */
  let until = -Infinity
  try {
    for (;;) {
      if (isToBeSettled(queue)) {
        await settle(office, owner, id, queue)
        if (queue.ready.length < PARALLEL) lookAt = 0 // more may be due
      }
      if (isOurs && performance.now() >= lookAt) {
        const room = ends.stopping.aborted ? 0 : Math.max(0, Math.min(AHEAD, ahead()) - queue.known.size)
        until = performance.now() + seconds * 1_000
        isOurs = await take(office, { owner, seconds }, id, queue, room)
        lookAt = performance.now() + Math.min(LOOK_MS, seconds * 250)
      }
      // This process was stopped for longer than its lease: another one has sent these messages, and takes those that are still due.
      if (performance.now() >= until) isOurs = false
      if (!isOurs || ends.stopping.aborted) letGo(queue)
      while (queue.ready.length > 0 && queue.onTheWay < PARALLEL) start(parts, queue, ends)
      if (queue.onTheWay === 0 && queue.done.length === 0) return
      if (!isToBeSettled(queue)) await somethingHappens(queue, lookAt)
    }
  } finally {
    await returnConsignment(office, owner, id)
  }
}

/** @returns false: it is another process's by now, disabled or gone */
async function take(
  office: WebhookSender['office'],
  lease: { readonly owner: string; readonly seconds: number },
  id: number,
  queue: EndpointQueue,
  room: number,
): Promise<boolean> {
  const taken = await takeConsignment(office, lease, id, [...queue.known], room)
  if (taken === null) return false
  queue.to = taken
  for (const message of taken.messages) {
    queue.known.add(message.eventId)
    queue.ready.push(message)
  }
  for (const message of taken.followers) {
    const { cardId, eventId } = message
    if (cardId === null || queue.known.has(eventId)) continue
    queue.known.add(eventId)
    const behind = queue.behind.get(cardId)
    if (behind === undefined) queue.behind.set(cardId, [message])
    else behind.push(message)
  }
  return true
}

/** Messages that were not sent stay due in the database. */
function letGo({ ready, behind, known }: EndpointQueue): void {
  for (const { eventId } of [...ready.splice(0), ...[...behind.values()].flat()]) known.delete(eventId)
  behind.clear()
}

function start({ office, send, attempted }: WebhookSender, queue: EndpointQueue, { givingUp }: Ends): void {
  const message = queue.ready.shift()
  if (message === undefined) return
  queue.onTheWay++
  void send(queue.to, message, givingUp).then((sent) => {
    queue.onTheWay--
    // An attempt that ended because this process stops does not count against the receiver.
    if (givingUp.aborted && sent.status === null) queue.known.delete(message.eventId)
    else {
      const attempt = { message, at: office.clock(), ...sent }
      attempted(attempt)
      if (queue.done.length === 0) queue.doneSince = performance.now()
      queue.done.push(attempt)
      followUp(queue, attempt)
    }
    queue.wake()
  })
}

/** The card's next message is sent once this one was accepted; otherwise it waits for the retry of this one. */
function followUp(queue: EndpointQueue, { message: { cardId }, status }: Attempt): void {
  const behind = cardId === null ? undefined : queue.behind.get(cardId)
  if (cardId === null || behind === undefined) return
  const next = status !== null && status >= 200 && status < 300 ? behind.shift() : undefined
  if (next !== undefined) queue.ready.push(next)
  else for (const { eventId } of behind) queue.known.delete(eventId)
  if (next === undefined || behind.length === 0) queue.behind.delete(cardId)
}

/** Whether to write results now: there are enough, there is nothing else to do, or the oldest has waited long enough. */
const isToBeSettled = ({ done, ready, doneSince }: EndpointQueue): boolean =>
  done.length >= SETTLED_AT_ONCE ||
  (done.length > 0 && (ready.length === 0 || performance.now() - doneSince >= SETTLED_AFTER_MS))

async function settle(office: WebhookSender['office'], owner: string, id: number, queue: EndpointQueue): Promise<void> {
  const settling = queue.done.splice(0)
  await settleAttempts(office, owner, id, settling, Math.random)
  for (const { message } of settling) queue.known.delete(message.eventId)
  queue.doneSince = performance.now()
}

/** Resolves when a message is answered, or when it is time to write results or to poll. */
function somethingHappens(queue: EndpointQueue, lookAt: number): Promise<void> {
  const by = queue.done.length === 0 ? lookAt : Math.min(lookAt, queue.doneSince + SETTLED_AFTER_MS)
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(1, by - performance.now()))
    queue.wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

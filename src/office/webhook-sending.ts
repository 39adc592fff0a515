import {
  dropDeliveries,
  type DueDelivery,
  endDeliveries,
  releaseNextOfCards,
  repeatDeliveries,
  selectDueDeliveries,
  selectFollowers,
  toDueDelivery,
  type Tried,
} from '../db/sql/webhook-deliveries.ts'
import {
  type EndpointRow,
  type EndpointState,
  leaseEndpoint,
  lockOwnEndpoint,
  returnEndpoint,
  selectEndpointsDue,
  setEndpointState,
  toEndpoint,
} from '../db/sql/webhook-endpoints.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { raiseAlert } from './alerts.ts'
import type { Office } from './office.ts'
import { eventHead } from './shop-event.ts'
import { secretsOf } from './webhook-secret.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** The pauses between tries: nine repetitions over three days (docs/spec/web.md, section 6). */
export const REPEATED_AFTER_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** The status of a receiver that wants no more messages. */
const GONE = 410

/** One message for one endpoint. */
export type Message = {
  readonly eventId: number
  readonly cardId: number | null
  readonly tries: number
  readonly id: string
  readonly body: string
}

/** Where one process sends to, and how it signs. */
export type Destination = { readonly url: string; readonly secrets: readonly string[] }

/** The messages that one process sends to one endpoint. */
export type Consignment = Destination & {
  /** May go at once. */
  readonly messages: readonly Message[]
  /** May go once the one before it of its card was taken, in this order. */
  readonly followers: readonly Message[]
}

/** The outcome of one message. `status`: the answer; `fault`: the reason if there was none. */
export type Attempt = {
  readonly message: Message
  readonly at: number
  readonly status: number | null
  readonly fault: string | null
}

type Sender = Pick<Office, 'db' | 'keys' | 'clock' | 'nextId'>

/** Endpoints with due messages and no sender. */
export async function endpointsDue({ db, clock }: Sender, most: number): Promise<number[]> {
  const [rows = []] = await db.use((connection) => connection.send(selectEndpointsDue(clock(), most)))
  return rows.map(([id]) => Number(id))
}

/**
 * Takes or keeps the lease of an endpoint and returns its due messages: the next one of each card with some that follow
 * it, and those that wait for no other.
 *
 * @param underway events that this process has already
 * @param most messages, followers included
 * @returns null: leased by another process, disabled or removed
 */
export async function takeConsignment(
  office: Sender,
  lease: { readonly owner: string; readonly seconds: number },
  id: number,
  underway: readonly number[],
  most: number,
): Promise<Consignment | null> {
  return office.db.use(async (connection) => {
    const [[row] = []] = await connection.send(leaseEndpoint(id, lease.owner, lease.seconds))
    const endpoint = row === undefined ? null : toEndpoint(row)
    if (endpoint === null || endpoint.state === 'disabled') return null
    const now = office.clock()
    const [rows = []] = most === 0 ? [] : await connection.send(selectDueDeliveries(id, now, most, underway))
    const due = rows.map(toDueDelivery)
    const cards = due.map(({ cardId }) => cardId).filter((card) => card !== null)
    const ofEach = cards.length === 0 ? 0 : Math.floor((most - due.length) / cards.length)
    const [behind = []] = ofEach === 0 ? [] : await connection.send(selectFollowers(id, cards, ofEach))
    return {
      url: endpoint.url,
      secrets: secretsOf(office.keys(), endpoint, now),
      messages: due.map((delivery) => messageOf(office, delivery)),
      followers: behind.map(toDueDelivery).map((delivery) => messageOf(office, delivery)),
    }
  })
}

/** `data` is JSON already. */
function messageOf({ keys }: Sender, { event, cardId, tries }: DueDelivery): Message {
  const { id, data, ...rest } = eventHead({ keys }, event)
  return {
    eventId: event.id,
    cardId,
    tries,
    id,
    body: `${JSON.stringify({ id, ...rest }).slice(0, -1)},"data":${data}}`,
  }
}

/**
 * Writes what became of messages; the next ones of their cards become due. Nothing where the endpoint is another process's by
 * now: it sends them too, which receivers tell by the id.
 *
 * @param random from 0 to 1: the times between tries differ by a tenth, so that receivers are not asked by all at once
 */
export async function settleAttempts(
  office: Sender,
  owner: string,
  endpoint: number,
  attempts: readonly Attempt[],
  random: () => number,
): Promise<void> {
  await office.db.transaction(async (connection) => {
    const [[row] = []] = await connection.send(lockOwnEndpoint(endpoint, owner))
    if (row === undefined) return
    const before = toEndpoint(row)
    let state: EndpointState = before.state
    const statements = []
    const ended = new Map<string, { readonly ends: 'delivered' | 'dropped'; readonly attempts: Attempt[] }>()
    const cards = new Set<number>()
    for (const attempt of attempts) {
      const { becomes, ends, due } = outcomeOf(attempt, random)
      if (ends === null) statements.push(repeatDeliveries(triedBy(endpoint, [attempt]), due))
      else {
        const name = `${ends} ${attempt.status} ${attempt.fault}`
        const alike = ended.get(name)
        if (alike === undefined) ended.set(name, { ends, attempts: [attempt] })
        else alike.attempts.push(attempt)
        if (attempt.message.cardId !== null) cards.add(attempt.message.cardId)
      }
      if (becomes !== null && state !== 'disabled') state = becomes
    }
    for (const { ends, attempts: alike } of ended.values()) {
      statements.push(endDeliveries(triedBy(endpoint, alike), ends))
    }
    if (cards.size > 0) statements.push(releaseNextOfCards(endpoint, [...cards], office.clock()))
    await connection.send(statements.join(';'))
    if (state !== before.state) await enterState(office, connection, before, state)
  })
}

type AttemptOutcome = {
  /** Null: it stays as it is. */
  readonly becomes: EndpointState | null
  /** Null: it is sent again. */
  readonly ends: 'delivered' | 'dropped' | null
  readonly due: number
}

function outcomeOf({ message, at, status }: Attempt, random: () => number): AttemptOutcome {
  if (status !== null && status >= 200 && status < 300) return { becomes: 'active', ends: 'delivered', due: at }
  if (status === GONE) return { becomes: 'disabled', ends: 'dropped', due: at }
  const after = REPEATED_AFTER_MS[message.tries]
  if (after === undefined) return { becomes: 'failing', ends: 'dropped', due: at }
  return { becomes: null, ends: null, due: at + Math.round(after * (0.9 + random() / 5)) }
}

/** Tries with the same outcome since the last write. */
function triedBy(endpoint: number, attempts: readonly Attempt[]): Tried {
  const { at = 0, status = null, fault = null } = attempts.at(-1) ?? {}
  return { endpoint, events: attempts.map(({ message }) => message.eventId), at, status, fault }
}

async function enterState(
  office: Sender,
  connection: WorkerConnection,
  { id, shop, url }: EndpointRow,
  state: EndpointState,
): Promise<void> {
  await connection.send(setEndpointState(id, state))
  if (state === 'disabled') await connection.send(dropDeliveries(id))
  if (state === 'failing') {
    const subject = `${shop} ${new URL(url).host}`.slice(0, 64)
    await raiseAlert(connection, office, 'webhook_failing', subject, office.clock())
  }
}

/** Another process then need not wait until the lease ends. */
export async function returnConsignment({ db }: Sender, owner: string, endpoint: number): Promise<void> {
  await db.use((connection) => connection.send(returnEndpoint(endpoint, owner)))
}

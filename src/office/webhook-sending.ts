import {
  dropDeliveries,
  type DueDelivery,
  endDelivery,
  releaseNextOfCard,
  repeatDelivery,
  selectDueDeliveries,
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
import { eventView } from './shop-event.ts'
import { secretsOf } from './webhook-secret.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** After which try comes the next one: nine repetitions over three days (docs/spec/web.md, section 6). */
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

/** A receiver that wants nothing any more says so. */
const GONE = 410

/** One message for one endpoint: what is sent, and where. */
export type Message = {
  readonly eventId: number
  readonly cardId: number | null
  readonly tries: number
  readonly id: string
  readonly body: string
}

/** What one process sends to one endpoint now. */
export type Consignment = {
  readonly url: string
  readonly secrets: readonly string[]
  readonly messages: readonly Message[]
}

/** What became of one message. `status`: what was answered; `fault`: why there was no answer. */
export type Attempt = {
  readonly message: Message
  readonly at: number
  readonly status: number | null
  readonly fault: string | null
}

type Sender = Pick<Office, 'db' | 'keys' | 'clock' | 'nextId'>

/** Endpoints that something is due for and nobody sends to. */
export async function endpointsDue({ db, clock }: Sender, most: number): Promise<number[]> {
  const [rows = []] = await db.use((connection) => connection.send(selectEndpointsDue(clock(), most)))
  return rows.map(([id]) => Number(id))
}

/**
 * Takes an endpoint for this process, or keeps it, and says what is due: the next of each card, and what waits for none.
 *
 * @param underway events that are being sent already
 * @returns null: it is another process's, disabled or gone
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
    const [due = []] = most === 0 ? [] : await connection.send(selectDueDeliveries(id, now, most, underway))
    return {
      url: endpoint.url,
      secrets: secretsOf(office.keys(), endpoint, now),
      messages: due.map(toDueDelivery).map((delivery) => messageOf(office, delivery)),
    }
  })
}

function messageOf(office: Sender, { event, cardId, tries }: DueDelivery): Message {
  const view = eventView(office, event)
  return { eventId: event.id, cardId, tries, id: view.id, body: JSON.stringify(view) }
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
    for (const attempt of attempts) {
      const { becomes, ends, due } = outcomeOf(attempt, random)
      const tried = triedBy(endpoint, attempt)
      statements.push(ends === null ? repeatDelivery(tried, due) : endDelivery(tried, ends))
      const { cardId } = attempt.message
      if (ends !== null && cardId !== null) statements.push(releaseNextOfCard(endpoint, cardId, attempt.at))
      if (becomes !== null && state !== 'disabled') state = becomes
    }
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

const triedBy = (endpoint: number, { message, at, status, fault }: Attempt): Tried => ({
  endpoint,
  event: message.eventId,
  at,
  status,
  fault,
})

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

/** So that another process need not wait until the lease ends. */
export async function returnConsignment({ db }: Sender, owner: string, endpoint: number): Promise<void> {
  await db.use((connection) => connection.send(returnEndpoint(endpoint, owner)))
}

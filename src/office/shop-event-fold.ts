import type { WorkerConnection } from '../db/connection.ts'
import type { Fold } from '../db/folding.ts'
import {
  type CardStep,
  type EventFrom,
  insertShopEvents,
  type NewShopEvent,
  selectCardSteps,
  selectConfirmedSubjects,
  selectEventsFrom,
  selectShopSteps,
  type ShopStep,
  toCardStep,
  toEventFrom,
  toShopStep,
} from '../db/sql/shop-events.ts'
import { selectShop, toShop } from '../db/sql/shops.ts'
import { insertDeliveries, type NewDelivery, selectWaitingCards } from '../db/sql/webhook-deliveries.ts'
import { type EndpointRow, lockEndpointsOf, toEndpoint } from '../db/sql/webhook-endpoints.ts'
import { destroySeeds } from '../db/sql/web-sales.ts'
import { selectWebRequestsByIds, toWebRequest, type WebRequestRow } from '../db/sql/web-requests.ts'
import { readWebCard } from './shop-card.ts'
import { cardViewOf } from './shop-cards.ts'
import { CARD_EVENTS, dataOf, eventsOfStep, sequenceOf, type StepEvent, thingNow, typeOf } from './shop-event.ts'
import { keptOf } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

const CARD_OPERATIONS = Object.keys(CARD_EVENTS)

/**
 * Creates events for settled requests, and one delivery per endpoint that subscribes to them. The transaction and its
 * `unfolded` row commit together, and so do the events and the deletion of that row: so every transaction gets its
 * events exactly once.
 */
export const shopEvents = (office: WebOffice): Fold => ({
  name: 'events of web shops',
  async fold(connection, { settled }) {
    if (settled.length === 0) return
    const [steps = [], cards = []] = await connection.send(
      `${selectShopSteps(settled)};${selectCardSteps(settled, CARD_OPERATIONS)}`,
    )
    if (steps.length + cards.length === 0) return
    // By card in the order of its changes: of two confirmations the first request has the smaller id.
    const shopSteps = steps.map(toShopStep)
    const occurred = shopSteps.flatMap(eventsOfStep).sort(bySequence)
    // The seed of a sale's eCode is deleted once the sale is settled, by whichever way, the timer included.
    const settling = occurred.filter(({ thing, change }) => thing === 'sale' && change !== 'created')
    for (const shop of new Set(settling.map((event) => event.shop))) await connection.send(destroySeeds(shop))
    const place = new Map(settled.map((id, i) => [id, i]))
    const events = inOrder(
      [
        ...(await thingEvents(office, connection, occurred, shopSteps)),
        ...(await cardEvents(office, connection, cards.map(toCardStep))),
      ],
      place,
    )
    if (events.length > 0) await addEvents(connection, events, office.clock())
  },
})

const bySequence = ({ step: a }: StepEvent, { step: b }: StepEvent): number => (a.cardSeq ?? 0) - (b.cardSeq ?? 0)

/** By when they were settled, and those of one card by the card's own order. */
function inOrder(events: readonly NewShopEvent[], place: ReadonlyMap<number, number>): NewShopEvent[] {
  const placed = [...events].sort((a, b) => (place.get(a.sourceId ?? 0) ?? 0) - (place.get(b.sourceId ?? 0) ?? 0))
  const ofCard = new Map<number | null, NewShopEvent[]>()
  for (const event of placed) ofCard.set(event.cardId, [...(ofCard.get(event.cardId) ?? []), event])
  for (const own of ofCard.values()) own.sort((a, b) => a.sequence - b.sequence)
  return placed.map(({ cardId }) => ofCard.get(cardId)?.shift()).filter((event) => event !== undefined)
}

const CONFIRMED = ['payment.confirmed', 'top_up.confirmed', 'sale.confirmed']

/**
 * The transactions that the events are about, and whether each was announced as unconfirmed before. Most of them are
 * among the steps themselves.
 */
async function subjectsOf(connection: WorkerConnection, events: readonly StepEvent[], steps: readonly ShopStep[]) {
  const things = new Map<number, WebRequestRow>()
  for (const { step, data } of steps) {
    if (step.role === 'books' && step.operation !== 'refund') things.set(step.id, { transaction: step, data })
  }
  const missing = [...new Set(events.map(({ subjectId }) => subjectId))].filter((id) => !things.has(id))
  if (missing.length > 0) {
    const [rows = []] = await connection.send(selectWebRequestsByIds(missing))
    for (const thing of rows.map(toWebRequest)) things.set(thing.transaction.id, thing)
  }
  const confirming = events.filter(({ step }) => step.role === 'confirms').map(({ subjectId }) => subjectId)
  const [announced = []] =
    confirming.length === 0 ? [] : await connection.send(selectConfirmedSubjects(confirming, CONFIRMED))
  return { things, confirmed: new Set(announced.map(([id]) => Number(id))) }
}

async function thingEvents(
  office: WebOffice,
  connection: WorkerConnection,
  events: readonly StepEvent[],
  steps: readonly ShopStep[],
): Promise<NewShopEvent[]> {
  if (events.length === 0) return []
  const { things, confirmed } = await subjectsOf(connection, events, steps)
  const views = new Map<number, Awaited<ReturnType<typeof thingNow>>>()
  const made: NewShopEvent[] = []
  for (const event of events) {
    const { step, subjectId, shop } = event
    const thing = things.get(subjectId)
    const isRepeat = step.role === 'confirms' && confirmed.has(subjectId)
    if (thing === undefined || thing.transaction.transfer === null || isRepeat) continue
    if (event.change === 'confirmed') confirmed.add(subjectId)
    const kept = keptOf(thing.data)
    const view = views.get(subjectId) ?? (await thingNow(office, event, thing.transaction, kept))
    views.set(subjectId, view)
    made.push({
      shop,
      type: typeOf(event),
      at: step.at,
      sequence: sequenceOf(event),
      cardId: step.cardId,
      sourceId: step.id,
      subjectId,
      data: JSON.stringify(dataOf(view, event, thing.transaction, kept)),
    })
  }
  return made
}

/** The card in its present state, without its balance, because nobody presented it. */
async function cardEvents(
  office: WebOffice,
  connection: WorkerConnection,
  steps: readonly CardStep[],
): Promise<NewShopEvent[]> {
  const made: NewShopEvent[] = []
  for (const { id, operation, at, cardId, seq, shop: code } of steps) {
    const [[row] = []] = await connection.send(selectShop(code))
    const card = await readWebCard(office, cardId)
    const type = (CARD_EVENTS as Readonly<Record<string, string>>)[operation]
    if (row === undefined || card === null || type === undefined) continue
    const { balance: _, ...shown } = await cardViewOf(office, { shop: toShop(row) }, card)
    const common = { shop: code, type, at, cardId, sourceId: id, subjectId: null }
    made.push({ ...common, sequence: 2 * seq, data: JSON.stringify(shown) })
  }
  return made
}

/** Locks the endpoints first: adding and ending deliveries must see each other. */
async function addEvents(connection: WorkerConnection, events: readonly NewShopEvent[], now: number): Promise<void> {
  const [rows = []] = await connection.send(lockEndpointsOf([...new Set(events.map(({ shop }) => shop))]))
  if (rows.length === 0) {
    await connection.send(insertShopEvents(events))
    return
  }
  const sources = events.map(({ sourceId }) => sourceId ?? 0)
  const [made = []] = await connection.send(`${insertShopEvents(events)};${selectEventsFrom(sources)}`)
  const wanted = made.map(toEventFrom).flatMap((event) =>
    rows
      .map(toEndpoint)
      .filter((endpoint) => wants(endpoint, event))
      .map(({ id }) => ({ endpoint: id, event: event.id, cardId: event.cardId })),
  )
  if (wanted.length === 0) return
  const endpoints = [...new Set(wanted.map(({ endpoint }) => endpoint))]
  const cards = [...new Set(wanted.map(({ cardId }) => cardId ?? 0))]
  const [waiting = []] = await connection.send(selectWaitingCards(endpoints, cards))
  const taken = new Set(waiting.map(([endpoint, card]) => `${String(endpoint)} ${String(card)}`))
  const deliveries: NewDelivery[] = wanted.map((delivery) => {
    const lane = `${delivery.endpoint} ${delivery.cardId}`
    const first = !taken.has(lane)
    taken.add(lane)
    return { ...delivery, first }
  })
  await connection.send(insertDeliveries(deliveries, now))
}

const wants = ({ shop, state, events }: EndpointRow, event: EventFrom): boolean =>
  shop === event.shop && state !== 'disabled' && (events.length === 0 || events.includes(event.type))

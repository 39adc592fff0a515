import type { Operation } from '../core/operations.ts'
import type { Role } from '../core/role.ts'
import type { Transaction } from '../core/transaction.ts'
import type { ShopEventRow, ShopStep } from '../db/sql/shop-events.ts'
import { objectId } from './object-id.ts'
import { paymentView, type PaymentView, type Status, timeView, topUpView, type TopUpView } from './shop-answers.ts'
import { type KeptOperation, type KeptRequest, keptOf } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

/**
 * The event types for shops (docs/spec/web.md, section 6). `endpoint.test` is sent on request and cannot be subscribed
 * to.
 */
export const EVENT_TYPES = [
  'payment.created',
  'payment.confirmed',
  'payment.cancelled',
  'payment.reversed',
  'payment.refunded',
  'top_up.created',
  'top_up.confirmed',
  'top_up.cancelled',
  'top_up.reversed',
  'sale.created',
  'sale.confirmed',
  'sale.cancelled',
  'sale.reversed',
  'card.blocked',
  'card.unblocked',
  'card.expired',
] as const
export type EventType = (typeof EVENT_TYPES)[number]
export const TEST_EVENT = 'endpoint.test'

/** The changes of a payment, a top-up or a sale. */
export type SubjectChange = 'created' | 'confirmed' | 'cancelled' | 'reversed' | 'refunded'

type Thing = 'payment' | 'top_up' | 'sale'

/** One step as an event: of which thing, and what happened to it. */
export type StepEvent = {
  readonly thing: Thing
  readonly change: SubjectChange
  /** The row of the thing itself. */
  readonly subjectId: number
  readonly step: Transaction
  readonly shop: string
}

/** The effect of a step by its role. A refund is a step of its payment; an inquiry is none. */
const CHANGES = {
  books: ({ operation, finalAtOnce }) =>
    operation === 'refund' ? ['refunded'] : finalAtOnce ? ['created', 'confirmed'] : ['created'],
  confirms: () => ['confirmed'],
  rebooks: () => ['confirmed'],
  cancels: () => ['cancelled'],
  reverses: () => ['reversed'],
  informs: () => [],
} as const satisfies Record<Role, (step: Transaction) => readonly SubjectChange[]>

/**
 * The request that a settling step belongs to: an undone refund belongs to its payment, an undone cancellation restores
 * its original.
 */
const THINGS = {
  payment: { thing: 'payment', undone: null },
  top_up: { thing: 'top_up', undone: null },
  sale: { thing: 'sale', undone: null },
  refund: { thing: 'payment', undone: 'refunded' },
  cancel_payment: { thing: 'payment', undone: 'confirmed' },
  cancel_top_up: { thing: 'top_up', undone: 'confirmed' },
  cancel_sale: { thing: 'sale', undone: 'confirmed' },
} as const satisfies Record<KeptOperation, { thing: Thing; undone: SubjectChange | null }>

/** `data` is kept with the thing, or with the refund or cancellation that the step undoes. */
export function eventsOfStep({ step, data }: ShopStep): StepEvent[] {
  const { operation, shop, about } = keptOf(data)
  const { thing, undone } = THINGS[operation]
  const isThing = step.role === 'books' && step.operation !== 'refund'
  const own = isThing ? step.id : step.originalId
  const subjectId = undone === null ? own : about
  if (subjectId === null) return []
  const changes: readonly SubjectChange[] = undone === null ? CHANGES[step.role](step) : [undone]
  return changes.map((change) => ({ thing, change, subjectId, step, shop }))
}

export const typeOf = ({ thing, change }: Pick<StepEvent, 'thing' | 'change'>): string => `${thing}.${change}`

/** Two of one step follow each other, so each number of a card is two of its events. */
export const sequenceOf = ({ change, step }: StepEvent): number =>
  2 * (step.cardSeq ?? 0) + (change === 'confirmed' && step.finalAtOnce ? 1 : 0)

const STATUS_AFTER = {
  created: ({ finalAtOnce }) => (finalAtOnce ? 'confirmed' : 'unconfirmed'),
  confirmed: () => 'confirmed',
  cancelled: () => 'cancelled',
  reversed: () => 'reversed',
  refunded: () => 'confirmed',
} as const satisfies Record<SubjectChange, (row: Transaction) => Status>

/** A payment, a top-up or a sale as its GET shows it: of two events of one thing it is made once. */
export const thingNow = (
  office: WebOffice,
  { thing }: Pick<StepEvent, 'thing'>,
  row: Transaction,
  kept: KeptRequest,
): Promise<PaymentView | TopUpView> =>
  thing === 'payment'
    ? paymentView(office, row, kept, 'now')
    : topUpView(office, thing === 'sale' ? 'sale' : 'topUp', row, kept, 'now')

/** That, right after the step: what happened to it since has events of its own. */
export function dataOf(
  view: PaymentView | TopUpView,
  { change }: Pick<StepEvent, 'change'>,
  row: Transaction,
  kept: KeptRequest,
): PaymentView | TopUpView {
  const status = STATUS_AFTER[change](row)
  const confirmBy = status === 'unconfirmed' ? timeView(row.at + (kept.confirmWithin ?? 0) * 1000) : null
  if (!('refunded' in view)) return { ...view, status, confirmBy }
  const refunded = { created: 0, confirmed: row.released, cancelled: row.released, reversed: row.released }
  const value = change === 'refunded' ? row.returned : refunded[change]
  return { ...view, status, confirmBy, refunded: { ...view.refunded, value } }
}

/** Operations on a card that its seller hears of. */
export const CARD_EVENTS: Readonly<Partial<Record<Operation, EventType>>> = {
  block: 'card.blocked',
  unblock: 'card.unblocked',
  expiry: 'card.expired',
}

/** The body that is delivered, and what `GET /events` shows. */
export type EventView = {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly sequence: number
  readonly data: unknown
}

/** The event with `data` as stored JSON. */
export const eventHead = (
  { keys }: Pick<WebOffice, 'keys'>,
  { id, type, at, sequence, data }: ShopEventRow,
): Omit<EventView, 'data'> & { readonly data: string } => ({
  id: objectId(keys(), 'event', id),
  type,
  timestamp: timeView(at),
  sequence,
  data,
})

export function eventView(office: Pick<WebOffice, 'keys'>, row: ShopEventRow): EventView {
  const head = eventHead(office, row)
  return { ...head, data: JSON.parse(head.data) as unknown }
}

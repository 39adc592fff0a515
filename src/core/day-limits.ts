import { isByNumberAlone } from './by-number.ts'
import type { Card, CardSettings } from './card.ts'
import { isAtTerminal } from './channel.ts'
import { type CountName, counting, countName, type DayCount, soFar } from './day-counts.ts'
import type { Amount } from './money.ts'
import type { Case } from './operation-case.ts'
import { OPERATIONS, type OperationRule } from './operations.ts'
import type { OperationAsk, Request } from './request.ts'
import type { Result } from './result.ts'
import type { Transaction } from './transaction.ts'

/** Blocks by number that a terminal may set on one business day: more than a cashier ever does. */
const BLOCKS_BY_NUMBER = 10
const OF_NO_ISSUE = 0

/** Whether the day limits count this request at all: most requests are not counted. */
export const mayCount = ({ operation }: OperationAsk): boolean => {
  const { byNumber, amount }: OperationRule = OPERATIONS[operation]
  return byNumber === 'bounded' || amount === 'refund'
}

/**
 * The counts of a terminal that a request may read and raise; null: none. Whether a receipt names a payment is decided
 * later.
 */
export function countOf(request: Request, ask: OperationAsk, issueId: number): CountName | null {
  const { byNumber, amount }: OperationRule = OPERATIONS[ask.operation]
  const { terminal } = request.key
  if (byNumber === 'bounded' && isByNumberAlone(request, ask.presented)) {
    return { terminal, what: 'block', issueId: OF_NO_ISSUE }
  }
  const isRefund = amount === 'refund' && (ask.receipt === null || typeof ask.receipt === 'string')
  return isRefund && isAtTerminal(request.requester) ? { terminal, what: 'refund', issueId } : null
}

const nameOf = (c: Case): CountName | null => (c.payment === null ? countOf(c.request, c.ask, c.issue.id) : null)

const countSoFar = ({ state, request }: Case, name: CountName) =>
  soFar(state.dayCounts.get(countName(name)), request.businessDate)

/** 65: limits blocks by number, so that nobody blocks a shop's cards from a list of numbers. */
export function fitsBlocks(c: Case): Result | null {
  const name = nameOf(c)
  return name !== null && countSoFar(c, name).number >= BLOCKS_BY_NUMBER ? 'exceeds_count_limit' : null
}

/** 61: limits refunds without a receipt: per refund, per card and day, and per terminal and business day. */
export function fitsUnreceipted(c: Case): Result | null {
  const { rule, issue, card, amount, payment, request } = c
  if (rule.amount !== 'refund' || payment !== null) return null
  if (amount > issue.unreceiptedRefundMaximum) return 'exceeds_amount_limit'
  const onCard = isSameDay(card.refundDay, request.today) ? card.refundAmount : 0
  if (onCard + amount > issue.unreceiptedRefundDaily) return 'exceeds_amount_limit'
  const name = nameOf(c)
  const atTerminal = name === null ? 0 : countSoFar(c, name).amount
  return atTerminal + amount > issue.unreceiptedRefundTerminalDaily ? 'exceeds_amount_limit' : null
}

export function dayCountsOf(c: Case): DayCount[] {
  const { state, request, amount } = c
  const name = nameOf(c)
  return name === null ? [] : [counting(state.dayCounts.get(countName(name)), name, request.businessDate, amount)]
}

/** A count of an earlier day is void; a request from an earlier day counts into the card's latest day. */
const isSameDay = (day: string | null, today: string): boolean => day !== null && day >= today

/** 61, 65: the limits of spending of a card in a day. The day is that of the store's calendar, so an end of day does not start it again. */
export function fitsDay({ issue, card, amount, request, rule }: Case): Result | null {
  if (!rule.confirmed) return null
  const isToday = isSameDay(card.day, request.today)
  if (issue.dailyAmount !== null && (isToday ? card.dayAmount : 0) + amount > issue.dailyAmount) {
    return 'exceeds_amount_limit'
  }
  if (issue.dailyCount !== null && (isToday ? card.dayCount : 0) >= issue.dailyCount) return 'exceeds_count_limit'
  return null
}

/** Counts towards the day's limits; where the issue has none nothing is written. */
export function counted({ rule, issue, card, amount, request }: Case): Partial<CardSettings> {
  if (!rule.confirmed || (issue.dailyCount === null && issue.dailyAmount === null)) return {}
  return isSameDay(card.day, request.today)
    ? { dayCount: card.dayCount + 1, dayAmount: card.dayAmount + amount }
    : { day: request.today, daySince: request.at, dayCount: 1, dayAmount: amount }
}

export function refunded({ rule, card, amount, payment, request }: Case): Partial<CardSettings> {
  if (rule.amount !== 'refund' || payment !== null) return {}
  return isSameDay(card.refundDay, request.today)
    ? { refundAmount: card.refundAmount + amount }
    : { refundDay: request.today, refundSince: request.at, refundAmount: amount }
}

/** Is it part of what the card counts today? A row has no calendar day of its own, but the time when it came. */
const isCounted = (since: number | null, day: string | null, { at, businessDate }: Transaction): boolean =>
  since === null ? day === businessDate : at >= since

/** An amount that was taken and given back on the same day does not count towards the day's limits. */
export const uncounted = (card: Card, transaction: Transaction): Partial<CardSettings> =>
  card.dayCount === 0 || !isCounted(card.daySince, card.day, transaction)
    ? {}
    : { dayCount: card.dayCount - 1, dayAmount: Math.max(0, card.dayAmount - amountOf(transaction)) }

export const countedAgain = (card: Card, transaction: Transaction): Partial<CardSettings> =>
  card.day !== null && isCounted(card.daySince, card.day, transaction) && transaction.operation !== 'top_up'
    ? { dayCount: card.dayCount + 1, dayAmount: card.dayAmount + amountOf(transaction) }
    : {}

/** The same for an undone refund without a receipt. The terminal's count stays: its limit is ten times as wide. */
export const unrefunded = (card: Card, transaction: Transaction): Partial<CardSettings> =>
  isUnreceipted(transaction) && isCounted(card.refundSince, card.refundDay, transaction)
    ? { refundAmount: Math.max(0, card.refundAmount - amountOf(transaction)) }
    : {}

export const refundedAgain = (card: Card, transaction: Transaction): Partial<CardSettings> =>
  isUnreceipted(transaction) && card.refundDay !== null && isCounted(card.refundSince, card.refundDay, transaction)
    ? { refundAmount: card.refundAmount + amountOf(transaction) }
    : {}

const isUnreceipted = ({ operation, originalId }: Transaction): boolean => operation === 'refund' && originalId === null

const amountOf = ({ transfer }: Transaction): Amount => transfer?.amount ?? 0

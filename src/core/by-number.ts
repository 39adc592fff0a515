import { isOffice } from './channel.ts'
import type { Issue } from './issue.ts'
import { isUnsold } from './pack.ts'
import type { Case } from './operation-case.ts'
import type { OperationRule } from './operations.ts'
import type { Presented, Request } from './request.ts'
import type { Result } from './result.ts'
import { showsSecret } from './tries.ts'

/**
 * Did we name the card ourselves? A person of ours or a job did; and a web shop names cards by their secrets alone, so that
 * one without a secret is the next virtual card, or the card of its own payment.
 */
export const isNamedByUs = ({ requester }: Pick<Request, 'requester'>, presented: Presented): boolean =>
  isOffice(requester) || (requester.channel === 'web' && !showsSecret(presented))

/**
 * Whether a terminal presents only the number: then the requester may be anybody who has seen the card or a receipt of
 * it.
 */
export const isByNumberAlone = (request: Request, presented: Presented): boolean =>
  !isNamedByUs(request, presented) && !showsSecret(presented)

/** The blocks that are possible by number: urgent ones, which the holder can have undone. */
const BLOCKS_BY_NUMBER: ReadonlySet<string | null> = new Set(['lost', 'suspicion'])

/** 57 ENTRY: does the number alone suffice? */
const BY_NUMBER = {
  allowed: () => true,
  where_issue_pays: ({ issue }) => issue.payByNumber,
  where_issue_tells: ({ issue }) => issue.balanceByNumber,
  onto_sold: ({ ask }) => !ask.ontoNew,
  bounded: ({ ask }) => BLOCKS_BY_NUMBER.has(ask.block),
  nothing: () => false,
} as const satisfies Record<OperationRule['byNumber'], (c: Case) => boolean>

const HOUR_MS = 3_600_000

/** A thief who photographs cards in the shop needs longer than the buyer needs to notice that the money is missing. */
const isOpenToEcode = ({ issue, card, request }: Case): boolean =>
  card.soldAt === null || request.at >= card.soldAt + issue.ecommerceAfterHours * HOUR_MS

/** 57 ENTRY. A number with its eCode is what e-commerce shows: what may be taken by it has to wait as there. */
export function isEntryPermitted(c: Case): boolean {
  const { ask, rule, issue, request } = c
  const { presented } = ask
  if (isByNumberAlone(request, presented)) return BY_NUMBER[rule.byNumber](c)
  const byEcode = presented.stripe === null && presented.ecodeHash !== null
  const isNeeded = presented.by === 'ecommerce' || !issue.payByNumber
  return !(byEcode && isNeeded && rule.card === 'takes') || isOpenToEcode(c)
}

/**
 * DE 54: whether the requester may learn the balance. For a number alone the issue decides; never if the number alone
 * was not sufficient.
 */
export function mayHearBalance(request: Request, presented: Presented, issue: Issue, result: Result): boolean {
  if (showsSecret(presented) || isOffice(request.requester)) return true
  // A shop hears of a card only what the holder presents to it.
  return request.requester.channel !== 'web' && issue.balanceByNumber && result !== 'entry_not_permitted'
}

/**
 * 78: an unsold card cannot be blocked by its number, because a list of numbers could then block all cards of a shop.
 */
export const isBlockableByNumber = ({ rule, card, request, ask }: Case): Result | null =>
  rule.byNumber === 'bounded' && isByNumberAlone(request, ask.presented) && isUnsold(card) ? 'card_unsold' : null

import { isApproved, type Result } from '../core/result.ts'
import type { Issue } from '../core/issue.ts'
import { RESPONSE_CODES } from '../messages/response-code.ts'
import { balanceView, type ShopDecline, timeView } from './shop-answers.ts'
import type { Outcome } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import { keepFigures } from '../db/sql/web-requests.ts'
import type { WebOffice } from './web-office.ts'
import { readWebCard } from './shop-card.ts'
import type { Figures, KeptRequest } from './shop-request.ts'

/** Refusals by use cases of the web, before the engine is called. */
export type ShopRefusalCode =
  | 'not_found'
  | 'scope_missing'
  | 'not_confirmed'
  | 'already_undone'
  | 'reversed'
  | 'too_late'
  | 'sold_out'
  | 'limit_exceeded'
  | 'amount_exceeds_taken'
  | 'unknown_currency'
  | 'other_currency'
  | 'no_such_issue'
  | 'amount_missing'
  | 'too_many_endpoints'
  | 'endpoint_disabled'

export type ShopRefusal = {
  readonly refusedAs: ShopRefusalCode
  /** `scope`, where one is missing. */
  readonly scope?: string
  /** JSON pointer to the faulty member of the body. */
  readonly pointer?: string
}

export const refuseShop = (refusedAs: ShopRefusalCode, more: Omit<ShopRefusal, 'refusedAs'> = {}): ShopRefusal => ({
  refusedAs,
  ...more,
})

export type ShopNo = ShopDecline | ShopRefusal

export const isShopRefusal = (value: unknown): value is ShopRefusal =>
  typeof value === 'object' && value !== null && 'refusedAs' in value

export const isShopDecline = (value: unknown): value is ShopDecline =>
  typeof value === 'object' && value !== null && 'declined' in value

export const isShopNo = (value: unknown): value is ShopNo => isShopRefusal(value) || isShopDecline(value)

/** DE 39 of refusals about an earlier request. */
const ABOUT_EARLIER: ReadonlySet<string> = new Set(['21', '64'])

/** The context of a refusal: whether this request presented the card, and the stored request if it has a key. */
export type DeclineContext = {
  readonly presented: boolean
  readonly kept: KeptRequest | null
  readonly replay: ShopDecline['replay']
}

/** The engine's refusal with its details for the door; null if it approved. */
export async function declineOf(
  office: WebOffice,
  { outcome, row }: { readonly outcome: Pick<Outcome, 'result'>; readonly row: Transaction | null },
  { presented, kept, replay }: DeclineContext,
): Promise<ShopDecline | null> {
  const { result } = outcome
  if (isApproved(result)) return null
  const { code, reason } = RESPONSE_CODES[result]
  const said = { declined: result, responseCode: code, reason, balance: null, ...NO_FIGURES, replay }
  if (row === null || row.cardId === null) return said
  // A guess must reveal nothing about the card: the engine returns balances only to an authenticated holder. A sale
  // names an issue, whose rules are public.
  const isBelieved = row.balances !== null
  if (!isBelieved && row.operation !== 'sale') return said
  // A repeat is not checked for the eCode: with a key and a wrong eCode it would reveal the present balance.
  if (ABOUT_EARLIER.has(code)) return said
  // A virtual card whose sale was undone does not exist for callers, neither for payments nor for balances.
  if (result === 'card_expired' && (await readWebCard(office, row.cardId))?.state === 'closed') {
    return { ...said, declined: 'card_unsold' }
  }
  const figures = kept?.figures ?? (await figuresNow(office, row, row.cardId, result))
  if (kept !== null && kept.figures === undefined && figures !== NO_FIGURES) {
    // Stored before it is answered, so that a repeat gets the rules of that time.
    await office.db.use((connection) => connection.send(keepFigures(row.id, JSON.stringify({ ...kept, figures }))))
  }
  const balance = presented && row.balances !== null ? balanceView(row.balances) : null
  return { ...said, ...figures, balance }
}

const NO_FIGURES: Figures = { range: null, from: null }

async function figuresNow(office: WebOffice, row: Transaction, cardId: number, result: Result): Promise<Figures> {
  const isAmount = RESPONSE_CODES[result].code === '13'
  if (!isAmount && result !== 'entry_not_permitted') return NO_FIGURES
  const card = await readWebCard(office, cardId)
  if (card === null) return NO_FIGURES
  const issue = office.issue(card.issueId)
  if (isAmount) return { range: rangeOf(issue, row.operation), from: null }
  const from = opensAt(issue, card.soldAt)
  return from === null ? NO_FIGURES : { range: null, from }
}

function rangeOf(issue: Issue, operation: string | null): ShopDecline['range'] {
  if (operation === 'top_up') return issue.topUp
  return operation === 'sale' ? issue.sale : null
}

const HOUR_MS = 3_600_000

const opensAt = ({ ecommerceAfterHours }: Issue, soldAt: number | null): string | null =>
  soldAt === null || ecommerceAfterHours === 0 ? null : timeView(soldAt + ecommerceAfterHours * HOUR_MS)

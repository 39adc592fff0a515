import { isApproved } from '../core/result.ts'
import type { Issue } from '../core/issue.ts'
import { RESPONSE_CODES } from '../messages/response-code.ts'
import { balanceView, type ShopDecline, timeView } from './shop-answers.ts'
import type { Outcome } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import type { WebOffice } from './web-office.ts'
import { readWebCard } from './shop-card.ts'

/** What a use case of the web refuses by itself, before the engine is asked. */
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
  | 'no_such_issue'
  | 'amount_missing'
  | 'too_many_endpoints'
  | 'endpoint_disabled'

export type ShopRefusal = {
  readonly refusedAs: ShopRefusalCode
  /** `scope`, where one is missing. */
  readonly scope?: string
  /** JSON pointer to what is wrong in the body. */
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

/** What the engine said no to, with what the door shows beside; null where it approved. */
export async function declineOf(
  office: WebOffice,
  { outcome, row }: { readonly outcome: Pick<Outcome, 'result'>; readonly row: Transaction | null },
  replay: ShopDecline['replay'] = null,
): Promise<ShopDecline | null> {
  const { result } = outcome
  if (isApproved(result)) return null
  const { code, reason } = RESPONSE_CODES[result]
  const said = { declined: result, responseCode: code, reason, balance: null, range: null, from: null, replay }
  const cardId = row?.cardId ?? null
  if (cardId === null || row?.balances == null) return said // the holder is not believed
  const card = await readWebCard(office, cardId)
  if (card === null) return said
  const issue = office.issue(card.issueId)
  return {
    ...said,
    balance: balanceView(row.balances),
    range: code === '13' ? rangeOf(issue, row.operation) : null,
    from: result === 'entry_not_permitted' ? opensAt(issue, card.soldAt) : null,
  }
}

function rangeOf(issue: Issue, operation: string | null): ShopDecline['range'] {
  if (operation === 'top_up') return issue.topUp
  return operation === 'sale' ? issue.sale : null
}

const HOUR_MS = 3_600_000

const opensAt = ({ ecommerceAfterHours }: Issue, soldAt: number | null): string | null =>
  soldAt === null || ecommerceAfterHours === 0 ? null : timeView(soldAt + ecommerceAfterHours * HOUR_MS)

/**
 * Every way a request can end. After the approvals the order is that of docs/spec/terminal.md, section 6: when several
 * apply, the first one listed is the answer. `messages/response-code.ts` turns each into DE 39, 44 and 63.
 */
export const RESULTS = [
  'approved',
  'approved_partially',
  'approved_with_case',
  'approved_though_blocked',
  'approved_though_expired',
  'format_error',
  'unknown_terminal',
  'bad_mac',
  'not_signed_on',
  'wrong_store',
  'unsupported',
  'key_reused',
  'unknown_card',
  'wrong_ecode',
  'too_many_tries',
  'too_many_numbers',
  'original_not_found',
  'original_reversed',
  'original_done',
  'original_late',
  'original_spent',
  'amount_differs',
  'card_lost',
  'card_stolen',
  'card_blocked',
  'card_expired',
  'card_unsold',
  'pack_inactive',
  'card_sold',
  'card_to_be_checked',
  'entry_not_permitted',
  'issue_not_permitted',
  'store_not_permitted',
  'top_up_not_permitted',
  'refund_not_permitted',
  'amount_invalid',
  'amount_not_nominal',
  'amount_below_minimum',
  'amount_above_maximum',
  'amount_off_step',
  'exceeds_maximum_balance',
  'exceeds_amount_limit',
  'exceeds_count_limit',
  'exceeds_balance',
  'upstream_silent',
  'totals_differ',
  'overloaded',
  'malfunction',
] as const

export type Result = (typeof RESULTS)[number]

const APPROVED: ReadonlySet<Result> = new Set<Result>([
  'approved',
  'approved_partially',
  'approved_with_case',
  'approved_though_blocked',
  'approved_though_expired',
])

export const isApproved = (result: Result): boolean => APPROVED.has(result)

/**
 * Answers that leave no row behind, so that the request may come again under the same key (docs/spec/terminal.md, section 4). The first
 * four are given before the engine is asked; `key_reused` would overwrite the row that stands.
 */
export const NOT_STORED: ReadonlySet<Result> = new Set<Result>([
  'format_error',
  'unknown_terminal',
  'not_signed_on',
  'bad_mac',
  'key_reused',
  'too_many_numbers',
  'overloaded',
  'malfunction',
])

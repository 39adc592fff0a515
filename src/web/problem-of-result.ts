import { isShopRefusal, type ShopNo, type ShopRefusal, type ShopRefusalCode } from '../office/shop-refusal.ts'
import type { ShopDecline } from '../office/shop-answers.ts'
import { problem, type Problem, type ProblemDetails } from './problem.ts'
import type { ProblemCode } from './problems.ts'

/** The problem that the HTTP API answers for each result of the engine (docs/spec/web.md, section 2). */
const BY_RESULT = {
  approved: 'internal_error',
  approved_partially: 'internal_error',
  approved_with_case: 'internal_error',
  approved_though_blocked: 'internal_error',
  approved_though_expired: 'internal_error',
  format_error: 'invalid_request',
  unknown_terminal: 'not_permitted',
  bad_mac: 'not_permitted',
  not_signed_on: 'not_permitted',
  wrong_store: 'not_permitted',
  unsupported: 'not_permitted',
  key_reused: 'idempotency_key_reused',
  unknown_card: 'card_not_recognised',
  wrong_ecode: 'card_not_recognised',
  too_many_tries: 'card_not_recognised',
  too_many_numbers: 'card_not_recognised',
  original_not_found: 'not_found',
  original_reversed: 'reversed',
  original_done: 'already_undone',
  original_late: 'too_late',
  original_spent: 'spent',
  amount_differs: 'refund_exceeds_payment',
  card_lost: 'card_blocked',
  card_stolen: 'card_blocked',
  card_blocked: 'card_blocked',
  card_expired: 'card_expired',
  card_unsold: 'card_not_recognised',
  pack_inactive: 'card_not_recognised',
  card_sold: 'sold_out',
  card_to_be_checked: 'not_permitted',
  entry_not_permitted: 'not_permitted',
  issue_not_permitted: 'not_permitted',
  store_not_permitted: 'not_permitted',
  top_up_not_permitted: 'not_permitted',
  refund_not_permitted: 'not_permitted',
  amount_invalid: 'amount_invalid',
  amount_not_nominal: 'amount_invalid',
  amount_below_minimum: 'amount_invalid',
  amount_above_maximum: 'amount_invalid',
  amount_off_step: 'amount_invalid',
  exceeds_maximum_balance: 'limit_exceeded',
  exceeds_amount_limit: 'limit_exceeded',
  exceeds_count_limit: 'limit_exceeded',
  exceeds_balance: 'insufficient_funds',
  upstream_silent: 'host_silent',
  totals_differ: 'internal_error',
  overloaded: 'overloaded',
  malfunction: 'unavailable',
} as const satisfies Record<ShopDecline['declined'], ProblemCode>

const BY_REFUSAL = {
  not_found: 'not_found',
  scope_missing: 'scope_missing',
  not_confirmed: 'not_confirmed',
  already_undone: 'already_undone',
  reversed: 'reversed',
  too_late: 'too_late',
  sold_out: 'sold_out',
  limit_exceeded: 'limit_exceeded',
  amount_exceeds_taken: 'invalid_request',
  unknown_currency: 'invalid_request',
  other_currency: 'not_permitted',
  no_such_issue: 'invalid_request',
  amount_missing: 'invalid_request',
  too_many_endpoints: 'invalid_request',
  endpoint_disabled: 'invalid_request',
} as const satisfies Record<ShopRefusalCode, ProblemCode>

/** DE 39 and DE 44 of refusals before the engine: the values that the engine would have given. */
const CODES: Partial<Record<ShopRefusalCode, { readonly responseCode: string; readonly reason?: string }>> = {
  already_undone: { responseCode: '21', reason: 'DONE' },
  reversed: { responseCode: '21', reason: 'REVERSED' },
  too_late: { responseCode: '21', reason: 'LATE' },
  other_currency: { responseCode: '57', reason: 'ISSUE' },
  limit_exceeded: { responseCode: '61' },
}

/** Details of faults that the code alone does not explain: all answers 400 have the same code. */
const DETAILS: Partial<Record<ShopRefusalCode, NonNullable<ProblemDetails['detail']>>> = {
  unknown_currency: {
    en: 'amount/currency is no currency of ISO 4217.',
    pl: 'amount/currency nie jest walutą ISO 4217.',
  },
  amount_exceeds_taken: {
    en: 'amount/value is more than the payment took.',
    pl: 'amount/value przekracza pobraną kwotę.',
  },
  no_such_issue: {
    en: 'issue names no virtual issue that is activated.',
    pl: 'issue nie jest aktywną wirtualną emisją.',
  },
  amount_missing: {
    en: 'amount is missing, and the issue has no nominal.',
    pl: 'Brakuje amount, a emisja nie ma nominału.',
  },
  too_many_endpoints: {
    en: 'The shop has as many webhook endpoints as it may have: delete one first.',
    pl: 'Sklep ma już najwięcej adresów webhooków, ile może: najpierw usuń jeden.',
  },
  endpoint_disabled: {
    en: 'The webhook endpoint is disabled: set its state to active first.',
    pl: 'Adres webhooka jest wyłączony: najpierw ustaw state na active.',
  },
}

/** Seconds after which a request that was refused under overload may be repeated. */
const RETRY_AFTER_SECONDS = 2

export const problemOfNo = (no: ShopNo): Problem => (isShopRefusal(no) ? problemOfRefusal(no) : problemOfDecline(no))

function problemOfRefusal({ refusedAs, scope, pointer }: ShopRefusal): Problem {
  const detail = DETAILS[refusedAs]
  return problem(BY_REFUSAL[refusedAs], {
    ...CODES[refusedAs],
    ...(pointer === undefined ? {} : { pointer }),
    ...(detail === undefined ? {} : { detail }),
    ...(scope === undefined ? {} : { members: { scope } }),
  })
}

function problemOfDecline({ declined, responseCode, reason, balance, range, from, replay }: ShopDecline): Problem {
  const code = declined === 'entry_not_permitted' && from !== null ? 'not_yet_online' : BY_RESULT[declined]
  // Details that would distinguish a wrong number from a wrong eCode or an unsold card are left out.
  const before = replay === null ? {} : { replay }
  if (code === 'card_not_recognised') return problem(code, before)
  const isBusy = code === 'overloaded' || code === 'unavailable'
  return problem(code, {
    ...before,
    responseCode,
    reason,
    ...(isBusy ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {}),
    members: {
      ...(balance === null ? {} : { balance }),
      ...(range === null ? {} : range),
      ...(from === null ? {} : { from }),
    },
  })
}

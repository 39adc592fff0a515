import type { ContraAccount } from './money.ts'

/** The requesters of operations: a terminal by its message, the network service, a person in the back office, a job. */
export type Asker = 'terminal' | 'web' | 'office' | 'job'

/** One row of the table of operations: its requirements, its transfer, and how it can be undone. */
export type OperationRule = {
  readonly asks: readonly Asker[]
  /** The effect of the operation on the presented card's balance; `moves`: the whole balance goes to another card. */
  readonly card: 'takes' | 'gives' | 'moves' | 'leaves'
  /** The account on the other side of the transfer. */
  readonly contra: ContraAccount | null
  /**
   * The cards that the operation accepts: `sellable` only, `sold` only, `sold_or_new` (a refund: the flag in the
   * request says which), `sold_or_packed` (a welfare load: the same flag) new out of a counterparty's active pack,
   * `known` once sold, also when blocked or expired (a balance inquiry), `overdue`: sold and past its last day,
   * `extendable`: sold or expired, `packed`: unsold in a pack that is being sold, `any`.
   */
  readonly wants:
    | 'sellable'
    | 'sold'
    | 'sold_or_new'
    | 'sold_or_packed'
    | 'known'
    | 'overdue'
    | 'extendable'
    | 'packed'
    | 'any'
  /** Is a blocked card refused? `office_ignores`: at a terminal it is, the back office may. */
  readonly block: 'refused' | 'ignored' | 'office_ignores'
  /**
   * The rule for a person at a terminal who knows only the number, which a receipt or a photograph shows too: all of
   * the operation, the part that the issue allows, only onto a card in use, only as lost or on suspicion and a limited
   * number of times a day, or nothing: a row of BY_NUMBER in `by-number.ts`. The rule does not apply to the back
   * office, whose users are authenticated.
   */
  readonly byNumber: 'allowed' | 'where_issue_pays' | 'where_issue_tells' | 'onto_sold' | 'bounded' | 'nothing'
  /** How the amount is judged, a row of AMOUNT_RULES in `amounts.ts`. */
  readonly amount: 'sale' | 'top_up' | 'payment' | 'refund' | 'cash_out' | 'any' | 'available' | 'expired' | 'none'
  /** Must the terminal confirm it (under its own policy) before it is final? */
  readonly confirmed: boolean
  /** May the cashier undo it by 0400? */
  readonly cancellable: boolean
}

/**
 * The business in one table: a row per operation. To add one, add its row and its cases in test/core; the compiler then
 * asks for its processing code where a terminal may ask for it, and for its account in the registry.
 */
// prettier-ignore
export const OPERATIONS = {
  sale:              { asks: ['terminal', 'web', 'office'], card: 'gives',  contra: 'store_receivable',        wants: 'sellable',    block: 'refused',        byNumber: 'allowed',           amount: 'sale',      confirmed: true,  cancellable: true },
  ecard_sale:        { asks: ['office'],                    card: 'gives',  contra: 'counterparty_receivable', wants: 'sellable',    block: 'refused',        byNumber: 'nothing',           amount: 'sale',      confirmed: true,  cancellable: true },
  top_up:            { asks: ['terminal', 'web'],           card: 'gives',  contra: 'store_receivable',        wants: 'sold',        block: 'refused',        byNumber: 'allowed',           amount: 'top_up',    confirmed: true,  cancellable: true },
  payment:           { asks: ['terminal', 'web'],           card: 'takes',  contra: 'store_payable',           wants: 'sold',        block: 'refused',        byNumber: 'where_issue_pays',  amount: 'payment',   confirmed: true,  cancellable: true },
  refund:            { asks: ['terminal', 'web'],           card: 'gives',  contra: 'store_payable',           wants: 'sold_or_new', block: 'refused',        byNumber: 'onto_sold',         amount: 'refund',    confirmed: true,  cancellable: true },
  cash_out:          { asks: ['terminal'],                  card: 'takes',  contra: 'store_payable',           wants: 'sold',        block: 'refused',        byNumber: 'nothing',           amount: 'cash_out',  confirmed: true,  cancellable: true },
  balance:           { asks: ['terminal', 'web', 'office'], card: 'leaves', contra: null,                      wants: 'known',       block: 'ignored',        byNumber: 'where_issue_tells', amount: 'none',      confirmed: false, cancellable: false },
  duplicate:         { asks: ['terminal', 'office'],        card: 'moves',  contra: null,                      wants: 'sold',        block: 'office_ignores', byNumber: 'nothing',           amount: 'available', confirmed: true,  cancellable: false },
  block:             { asks: ['terminal', 'office'],        card: 'leaves', contra: null,                      wants: 'any',         block: 'ignored',        byNumber: 'bounded',           amount: 'none',      confirmed: false, cancellable: false },
  unblock:           { asks: ['terminal', 'office'],        card: 'leaves', contra: null,                      wants: 'any',         block: 'ignored',        byNumber: 'nothing',           amount: 'none',      confirmed: false, cancellable: false },
  expiry:            { asks: ['job'],                       card: 'takes',  contra: 'issuer_breakage',         wants: 'overdue',     block: 'ignored',        byNumber: 'nothing',           amount: 'available', confirmed: false, cancellable: false },
  extension:         { asks: ['office'],                    card: 'gives',  contra: 'issuer_breakage',         wants: 'extendable',  block: 'ignored',        byNumber: 'nothing',           amount: 'expired',   confirmed: false, cancellable: false },
  new_version:       { asks: ['office'],                    card: 'leaves', contra: null,                      wants: 'sold',        block: 'ignored',        byNumber: 'nothing',           amount: 'none',      confirmed: false, cancellable: false },
  clear:             { asks: ['office'],                    card: 'leaves', contra: null,                      wants: 'any',         block: 'ignored',        byNumber: 'nothing',           amount: 'none',      confirmed: false, cancellable: false },
  adjustment_credit: { asks: ['office'],                    card: 'gives',  contra: 'issuer_adjustments',      wants: 'sold',        block: 'ignored',        byNumber: 'nothing',           amount: 'any',       confirmed: false, cancellable: false },
  adjustment_debit:  { asks: ['office'],                    card: 'takes',  contra: 'issuer_adjustments',      wants: 'sold',        block: 'ignored',        byNumber: 'nothing',           amount: 'any',       confirmed: false, cancellable: false },
  pack_sale:         { asks: ['office', 'job'],             card: 'gives',  contra: 'counterparty_receivable', wants: 'packed',      block: 'ignored',        byNumber: 'nothing',           amount: 'any',       confirmed: false, cancellable: false },
  welfare_load:      { asks: ['office', 'job'],             card: 'gives',  contra: 'counterparty_receivable', wants: 'sold_or_packed', block: 'refused',     byNumber: 'nothing',           amount: 'any',       confirmed: false, cancellable: false },
  welfare_recall:    { asks: ['office', 'job'],             card: 'takes',  contra: 'counterparty_receivable', wants: 'sold',        block: 'ignored',        byNumber: 'nothing',           amount: 'any',       confirmed: false, cancellable: false },
} as const satisfies Record<string, OperationRule>

export type Operation = keyof typeof OPERATIONS
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly Operation[]

/** The operations that a terminal's message can ask for: each needs a processing code. */
export type TerminalOperation = {
  [Name in Operation]: 'terminal' extends (typeof OPERATIONS)[Name]['asks'][number] ? Name : never
}[Operation]

/** The operations that can wait for a confirmation, and so become a case. */
export type ConfirmedOperation = {
  [Name in Operation]: (typeof OPERATIONS)[Name]['confirmed'] extends true ? Name : never
}[Operation]

export type StoreAccount = { readonly account: 'receivable' | 'payable'; readonly sign: 1 | -1 }

/** The operations that move an account of their store: which, and whether they raise it (1) or lower it (-1). */
export const STORE_OPERATIONS: ReadonlyMap<string, StoreAccount> = new Map(
  OPERATION_NAMES.flatMap((name): (readonly [string, StoreAccount])[] => {
    const { contra, card } = OPERATIONS[name]
    if (contra === 'store_receivable') return [[name, { account: 'receivable', sign: card === 'gives' ? 1 : -1 }]]
    if (contra === 'store_payable') return [[name, { account: 'payable', sign: card === 'takes' ? 1 : -1 }]]
    return []
  }),
)

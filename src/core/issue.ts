import type { Amount } from './money.ts'

/**
 * Rules change only in `draft`. Only cards of an `activated` issue are sold; the sold cards of a `closed` one stay
 * valid.
 */
export const ISSUE_STATES = ['draft', 'generated', 'exported', 'activated', 'closed'] as const
export type IssueState = (typeof ISSUE_STATES)[number]

/** The rules that all cards of one issue share, as the engine reads them. All amounts in minor units of `currency`. */
export type Issue = {
  readonly id: number
  readonly code: string
  readonly state: IssueState
  /** No plastic: a card gets its eCode at its sale. */
  readonly virtual: boolean
  /** ISO 4217 number, 985 = PLN. */
  readonly currency: number
  /** `nominal` cards are sold for exactly `nominal`, printed on them; `open` ones for an amount in the sale range. */
  readonly valueKind: 'open' | 'nominal'
  readonly nominal: Amount | null
  readonly sale: Range
  readonly topUp: Range | null
  /** How often a card may be topped up in its life; null: no limit. */
  readonly topUpCount: number | null
  readonly maximumBalance: Amount
  /** How often, and how much, may be taken from one card on one calendar day of the store; null: no limit. */
  readonly dailyCount: number | null
  readonly dailyAmount: Amount | null
  /** Codes of the stores where its cards are sold, and where they are accepted; null: all. */
  readonly sellingStores: ReadonlySet<string> | null
  readonly acceptingStores: ReadonlySet<string> | null
  readonly refundOntoCard: boolean
  readonly refundOntoNew: boolean
  /** The most that may be refunded in one go when no receipt is at hand. */
  readonly unreceiptedRefundMaximum: Amount
  /** The same onto one card on one calendar day, and by one terminal on one business day. */
  readonly unreceiptedRefundDaily: Amount
  readonly unreceiptedRefundTerminalDaily: Amount
  readonly partialApproval: boolean
  /** The largest rest that may be paid out in cash; 0: none. */
  readonly cashOutMaximum: Amount
  /** May money be taken by a number that was scanned or keyed, which a receipt or a photograph also shows? */
  readonly payByNumber: boolean
  readonly balanceByNumber: boolean
  /** Hours after its sale before a card can pay by number and eCode; 0: at once. */
  readonly ecommerceAfterHours: number
  /** Months from the sale, to the end of that day; null: none. */
  readonly validityMonths: number | null
  /** Are its cards activated pack by pack, or all at once with the issue? */
  readonly packs: boolean
  /** May activated cards be sold only after a second person has authorised them? */
  readonly saleAuthorisation: boolean
  /** An issue without packs: a second person has authorised all its cards. */
  readonly authorised: boolean
}

/** Inclusive bounds; an amount must be a multiple of `step`. */
export type Range = { readonly minimum: Amount; readonly maximum: Amount; readonly step: Amount }

import type { Card } from '../../src/core/card.ts'
import type { Issue } from '../../src/core/issue.ts'
import { CONTRA_ACCOUNTS, type ContraAccount } from '../../src/core/money.ts'
import type { Request } from '../../src/core/request.ts'

/** Where and by which rules the stories of these tests play: stores, terminals, issues and cards, all in memory. */

export const PLN = 985
export const START = Date.UTC(2026, 10, 22, 17, 30, 5)
export const CONFIRM_TIMEOUT = 120_000
export const LATE_CONFIRM_WINDOW = 24 * 3_600_000

/** E: confirms explicitly, N: by its next request, O: never; X stands in the second store. */
export const TERMINALS = {
  E1: { store: 'S1', confirmation: 'explicit' },
  E2: { store: 'S1', confirmation: 'explicit' },
  N1: { store: 'S1', confirmation: 'next' },
  O1: { store: 'S1', confirmation: 'none' },
  X1: { store: 'S2', confirmation: 'explicit' },
  X2: { store: 'S2', confirmation: 'none' },
} as const satisfies Record<string, { store: string; confirmation: Request['confirmation'] }>

export type TerminalName = keyof typeof TERMINALS

const OPEN: Issue = {
  id: 1,
  code: 'OPEN',
  state: 'activated',
  virtual: false,
  currency: PLN,
  valueKind: 'open',
  nominal: null,
  sale: { minimum: 1_000, maximum: 100_000, step: 1 },
  topUp: { minimum: 1_000, maximum: 100_000, step: 1 },
  topUpCount: null,
  maximumBalance: 200_000,
  dailyCount: null,
  dailyAmount: null,
  sellingStores: null,
  acceptingStores: null,
  refundOntoCard: true,
  refundOntoNew: true,
  unreceiptedRefundMaximum: 50_000,
  unreceiptedRefundDaily: 60_000,
  unreceiptedRefundTerminalDaily: 150_000,
  partialApproval: true,
  cashOutMaximum: 500,
  payByNumber: false,
  balanceByNumber: true,
  ecommerceAfterHours: 0,
  validityMonths: null,
  packs: true,
  saleAuthorisation: false,
  authorised: false,
}

const NOMINAL: Issue = {
  ...OPEN,
  id: 2,
  code: 'GIFT50',
  valueKind: 'nominal',
  nominal: 5_000,
  sale: { minimum: 5_000, maximum: 5_000, step: 1 },
  topUp: null,
  maximumBalance: 5_000,
  validityMonths: 12,
}

/** Everything is narrow here: steps, days, stores, counts, and no refunds, no partial approval, no cash. */
const STRICT: Issue = {
  ...OPEN,
  id: 3,
  code: 'STRICT',
  sale: { minimum: 1_000, maximum: 100_000, step: 500 },
  topUp: { minimum: 1_000, maximum: 100_000, step: 500 },
  topUpCount: 2,
  dailyCount: 2,
  dailyAmount: 6_000,
  sellingStores: new Set(['S1']),
  acceptingStores: new Set(['S1']),
  refundOntoCard: false,
  refundOntoNew: false,
  partialApproval: false,
  cashOutMaximum: 0,
  balanceByNumber: false,
}

/** As OPEN, but a number on a receipt is enough to pay. */
const NUMBER: Issue = { ...OPEN, id: 4, code: 'NUMBER', payByNumber: true }

/** Neither payments nor balances by number. */
const SILENT: Issue = { ...OPEN, id: 12, code: 'SILENT', balanceByNumber: false }

/** A day passes before a card can pay by number and eCode. */
const LATER: Issue = { ...OPEN, id: 5, code: 'LATER', ecommerceAfterHours: 24 }

const MADE: Issue = { ...OPEN, id: 6, code: 'MADE', state: 'exported' }
const CLOSED: Issue = { ...OPEN, id: 7, code: 'CLOSED', state: 'closed' }

/** Handed out without packs, and sold only after a second person's word. */
const WHOLE: Issue = {
  ...OPEN,
  id: 8,
  code: 'WHOLE',
  packs: false,
  saleAuthorisation: true,
  authorised: true,
}
const UNHEARD: Issue = { ...WHOLE, id: 9, code: 'UNHEARD', authorised: false }
/** In packs, and sold only after a second person's word. */
const GUARDED: Issue = { ...OPEN, id: 10, code: 'GUARDED', saleAuthorisation: true }

/** No plastic: its cards get their eCodes at their sale. */
const VIRTUAL: Issue = { ...WHOLE, id: 11, code: 'VIRTUAL', virtual: true }

export const ISSUES: ReadonlyMap<number, Issue> = new Map(
  [OPEN, NOMINAL, STRICT, NUMBER, LATER, MADE, CLOSED, WHOLE, UNHEARD, GUARDED, VIRTUAL, SILENT].map((issue) => [
    issue.id,
    issue,
  ]),
)

export function issueNamed(code: string): Issue {
  const issue = [...ISSUES.values()].find((known) => known.code === code)
  if (issue === undefined) throw new Error(`there is no issue ${code} here`)
  return issue
}

/** Ids of accounts stay below those of cards; the shared ones (breakage, adjustments) have no owner to tell apart. */
export const accountOf = (kind: ContraAccount, store: string): number =>
  1 + CONTRA_ACCOUNTS.indexOf(kind) * 10 + (store === 'S2' ? 1 : 0)

const FIRST_CARD = 1_000

export const cardIdOf = (name: string): number => FIRST_CARD + Number(name.slice(1))
export const numberHashOf = (name: string): string => numberHashOfId(cardIdOf(name))
export const numberHashOfId = (id: number): string => `c${id - FIRST_CARD}`.padEnd(32, '0')
export const ecodeHashOf = (name: string): string => `e${name.slice(1)}`.padEnd(32, '0')

/** A sellable card with nothing on it. */
export const newCard = (name: string, issue: Issue): Card => ({
  id: cardIdOf(name),
  issueId: issue.id,
  ecodeHash: ecodeHashOf(name),
  expiry: '4912',
  version: 0,
  state: 'sellable',
  block: null,
  blockStore: null,
  validUntil: null,
  soldAt: null,
  replacedBy: null,
  day: null,
  daySince: null,
  refundDay: null,
  refundSince: null,
  refundAmount: 0,
  dayCount: 0,
  dayAmount: 0,
  topUps: 0,
  tried: false,
  packId: null,
  bound: false,
  wasSold: false,
  suspectedAt: null,
  staged: 0,
  seq: 0,
  ledger: 0,
  available: 0,
})

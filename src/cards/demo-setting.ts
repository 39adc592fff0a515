/** What the demo cards are used in: issues, stores, terminals. Goes only into a database that is marked as demo. */

export type DemoIssueCode = 'OPEN' | 'GIFT50'

/** All settings of an issue; amounts in minor units, ranges inclusive. */
export type DemoIssue = {
  readonly code: DemoIssueCode
  readonly name: string
  /** ISO 4217 number. */
  readonly currency: number
  readonly prefix: string
  readonly numberLength: number
  readonly valueKind: 'open' | 'nominal'
  /** Null for open value. */
  readonly nominal: number | null
  readonly saleMin: number
  readonly saleMax: number
  readonly saleStep: number
  readonly topUpAllowed: boolean
  /** 0 both where top-up is not allowed; the step is the sale's. */
  readonly topUpMin: number
  readonly topUpMax: number
  readonly maxBalance: number
  readonly refundOntoCard: boolean
  readonly refundOntoNew: boolean
  readonly unreceiptedRefundMax: number
  readonly partialApproval: boolean
  readonly cashOutMax: number
  readonly payByBarcodeOrKeyed: boolean
  readonly balanceByBarcodeOrKeyed: boolean
  readonly ecodes: boolean
}

export const DEMO_ISSUES = {
  OPEN: {
    code: 'OPEN',
    name: 'Gift card of any value',
    currency: 985,
    prefix: '629910',
    numberLength: 16,
    valueKind: 'open',
    nominal: null,
    saleMin: 10_00,
    saleMax: 1_000_00,
    saleStep: 1,
    topUpAllowed: true,
    topUpMin: 10_00,
    topUpMax: 1_000_00,
    maxBalance: 2_000_00,
    refundOntoCard: true,
    refundOntoNew: true,
    unreceiptedRefundMax: 500_00,
    partialApproval: true,
    cashOutMax: 5_00,
    payByBarcodeOrKeyed: false,
    balanceByBarcodeOrKeyed: true,
    ecodes: true,
  },
  GIFT50: {
    code: 'GIFT50',
    name: 'Gift card of 50.00',
    currency: 985,
    prefix: '629911',
    numberLength: 16,
    valueKind: 'nominal',
    nominal: 50_00,
    saleMin: 50_00,
    saleMax: 50_00,
    saleStep: 1,
    topUpAllowed: false,
    topUpMin: 0,
    topUpMax: 0,
    maxBalance: 50_00,
    refundOntoCard: true,
    // A refund is seldom of exactly what is printed on the card.
    refundOntoNew: false,
    unreceiptedRefundMax: 50_00,
    partialApproval: true,
    cashOutMax: 5_00,
    payByBarcodeOrKeyed: false,
    balanceByBarcodeOrKeyed: true,
    ecodes: true,
  },
} as const satisfies { [Code in DemoIssueCode]: DemoIssue & { readonly code: Code } }

export const demoIssues: readonly DemoIssue[] = Object.values(DEMO_ISSUES)

export type DemoStore = {
  /** DE 42, 15 characters. */
  readonly id: string
  readonly name: string
  readonly currency: number
  readonly timeZone: string
}

export const demoStores: readonly DemoStore[] = [
  { id: '000000000000001', name: 'Demo store 1', currency: 985, timeZone: 'Europe/Warsaw' },
  { id: '000000000000002', name: 'Demo store 2', currency: 985, timeZone: 'Europe/Warsaw' },
]

export type DemoTerminal = {
  /** DE 41, 8 characters. */
  readonly id: string
  readonly store: string
  readonly confirmation: 'explicit' | 'next' | 'none'
  readonly mac: 'none' | 'retail' | 'aes-cmac'
  /** The current MAC key, 16 bytes in hex; null without MAC. */
  readonly key: string | null
}

/** Public test keys, recognisable as such: two DES keys of right parity, and the AES key of RFC 4493. */
const RETAIL_KEY = '0123456789abcdeffedcba9876543210'
const CMAC_KEY = '2b7e151628aed2a6abf7158809cf4f3c'

const FIRST_STORE = '000000000000001'
const SECOND_STORE = '000000000000002'

export const demoTerminals: readonly DemoTerminal[] = [
  { id: 'DEMO0001', store: FIRST_STORE, confirmation: 'explicit', mac: 'none', key: null },
  { id: 'DEMO0002', store: FIRST_STORE, confirmation: 'explicit', mac: 'retail', key: RETAIL_KEY },
  { id: 'DEMO0003', store: FIRST_STORE, confirmation: 'explicit', mac: 'aes-cmac', key: CMAC_KEY },
  { id: 'DEMO0004', store: FIRST_STORE, confirmation: 'none', mac: 'none', key: null },
  { id: 'DEMO0005', store: FIRST_STORE, confirmation: 'next', mac: 'none', key: null },
  { id: 'DEMO0006', store: SECOND_STORE, confirmation: 'explicit', mac: 'none', key: null },
]

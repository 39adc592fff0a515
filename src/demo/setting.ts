/** The issues, stores and terminals of the demo. They go only into a database that is marked as demo. */

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
    // A refund is seldom exactly the nominal of a card.
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
  /** The MAC key that it begins with, in hex; null without MAC. */
  readonly key: string | null
  /** Key block protection key, in hex; null: no key exchange. */
  readonly kbpk: string | null
  /** Base derivation key of its PIN pad, in hex; null: tracks come in the clear. */
  readonly bdk: string | null
}

const NO_KEYS = { mac: 'none', key: null, kbpk: null, bdk: null } as const

/** Public test keys, recognisable as such: two DES keys of right parity, and the AES key of RFC 4493. */
const RETAIL_KEY = '0123456789abcdeffedcba9876543210'
const CMAC_KEY = '2b7e151628aed2a6abf7158809cf4f3c'
/** The keys of the examples of X9.143. */
const TDES_KBPK = '89e88cf7931444f334bd7547fc3f380c'
const AES_KBPK = '88e1ab2a2e3dd38c1fa039a536500cc8a87ab9d62dc92c01058fa79f44657de6'

const FIRST_STORE = '000000000000001'
const SECOND_STORE = '000000000000002'

export const demoTerminals: readonly DemoTerminal[] = [
  { id: 'DEMO0001', store: FIRST_STORE, confirmation: 'explicit', ...NO_KEYS },
  {
    id: 'DEMO0002',
    store: FIRST_STORE,
    confirmation: 'explicit',
    mac: 'retail',
    key: RETAIL_KEY,
    kbpk: TDES_KBPK,
    bdk: null,
  },
  {
    id: 'DEMO0003',
    store: FIRST_STORE,
    confirmation: 'explicit',
    mac: 'aes-cmac',
    key: CMAC_KEY,
    kbpk: AES_KBPK,
    bdk: null,
  },
  { id: 'DEMO0004', store: FIRST_STORE, confirmation: 'none', ...NO_KEYS },
  { id: 'DEMO0005', store: FIRST_STORE, confirmation: 'next', ...NO_KEYS },
  { id: 'DEMO0006', store: SECOND_STORE, confirmation: 'explicit', ...NO_KEYS },
]

/** Public too: the textbook DES keys, the AES-256 key of NIST SP 800-38B, those of the examples of X9.24. */
const TEXTBOOK_KEY = '133457799bbcdff10e329232ea6d0d73'
const AES_256_KEY = '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'
const TDES_BDK = '0123456789abcdeffedcba9876543210'
const AES_BDK = 'fedcba9876543210f1f1f1f1f1f1f1f1'

/**
 * Terminals for trying key exchange and encrypted tracks. They are separate from the other terminals because their
 * initial MAC key becomes invalid one minute after the first message under an exchanged key.
 */
export const demoKeyTerminals: readonly DemoTerminal[] = [
  { ...keyTerminal(7), mac: 'retail', key: TEXTBOOK_KEY, kbpk: TDES_KBPK, bdk: null },
  { ...keyTerminal(8), mac: 'aes-cmac', key: AES_256_KEY, kbpk: AES_KBPK, bdk: null },
  { ...keyTerminal(9), mac: 'retail', key: TEXTBOOK_KEY, kbpk: null, bdk: TDES_BDK },
  { ...keyTerminal(10), mac: 'aes-cmac', key: CMAC_KEY, kbpk: null, bdk: AES_BDK },
]

function keyTerminal(n: number): Pick<DemoTerminal, 'id' | 'store' | 'confirmation'> {
  return { id: `DEMO${String(n).padStart(4, '0')}`, store: FIRST_STORE, confirmation: 'explicit' }
}

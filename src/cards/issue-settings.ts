import type { Amount } from '../core/money.ts'

/** One setting as people write it, in a file or as an option: always text. */
export type Setting<Value> = {
  /** Null: not valid. `exponent`: decimals of the currency, for amounts; default 2. */
  readonly read: (text: string, exponent?: number) => { readonly value: Value } | null
  /** Completes "… must be". */
  readonly expected: string
  /** The default value; undefined: the setting is mandatory. */
  readonly otherwise: { readonly value: Value } | undefined
}

const setting = <Value>(
  expected: string,
  read: Setting<Value>['read'],
  otherwise?: { readonly value: Value },
): Setting<Value> => ({ expected, read, otherwise })

/** `none` as a value of its own. */
const orNone = <Value>({ expected, read }: Setting<Value>, none = 'none'): Setting<Value | null> =>
  setting<Value | null>(
    `${expected}, or ${none}`,
    (text, exponent) => (text === none ? { value: null } : read(text, exponent)),
    {
      value: null,
    },
  )

const text = (pattern: RegExp, expected: string): Setting<string> =>
  setting(expected, (given) => (pattern.test(given) ? { value: given } : null))

function integer(from: number, to: number, unit: string, otherwise?: number): Setting<number> {
  const read = (given: string) => {
    const value = /^\d{1,9}$/u.test(given) ? Number(given) : NaN
    return value >= from && value <= to ? { value } : null
  }
  return setting(`a whole number of ${unit} from ${from} to ${to}`, read, defined(otherwise))
}

/** Written in whole units with the decimals of the currency, kept in minor units. At most the 12 digits of DE 4. */
function amount(otherwise?: Amount): Setting<Amount> {
  const read = (given: string, exponent = 2) => {
    const [, whole, decimals = ''] = /^(\d{1,10})(?:\.(\d{1,3}))?$/u.exec(given) ?? []
    const minor = `${whole}${decimals.padEnd(exponent, '0')}`
    return whole === undefined || decimals.length > exponent || minor.length > 12 ? null : { value: Number(minor) }
  }
  return setting('an amount such as 50 or 49.90, below 10000000000', read, defined(otherwise))
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false }
const flag = (otherwise: boolean): Setting<boolean> =>
  setting('yes or no', (given) => (FLAGS[given] === undefined ? null : { value: FLAGS[given] }), { value: otherwise })

const oneOf = <const Word extends string>(words: readonly Word[], otherwise: NoInfer<Word>): Setting<Word> =>
  setting(
    `one of ${words.join(', ')}`,
    (given) => {
      const value = words.find((word) => word === given)
      return value === undefined ? null : { value }
    },
    { value: otherwise },
  )

const date = text(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u, 'a date such as 2027-12-31')
const isDay = (given: string): boolean => new Date(`${given}T00:00:00Z`).toISOString().startsWith(given)

const stores = orNone(
  setting<readonly string[]>('the codes of stores, with commas between them', (given) => {
    const codes = given.split(',').map((code) => code.trim())
    return codes.every((code) => /^[\x21-\x2b\x2d-\x7e]{1,15}$/u.test(code)) ? { value: codes } : null
  }),
  'all',
)

const defined = <Value>(value: Value | undefined): { readonly value: Value } | undefined =>
  value === undefined ? undefined : { value }

/** PLN */
export const USUAL_CURRENCY = 985
export const MEDIA = ['stripe', 'barcode', 'stripe_barcode', 'virtual'] as const
/** Single-purpose or multi-purpose vouchers. */
export const VOUCHER_KINDS = ['unset', 'single', 'multi'] as const
export const BARCODES = ['code128', 'ean13', 'qr'] as const

/** Every setting of an issue, as written: a name each in files (`saleMinimum`) and as options (`--sale-minimum`). */
export const ISSUE_SETTINGS = {
  code: text(/^[A-Z0-9][A-Z0-9_-]{0,19}$/u, 'up to 20 capitals, digits, hyphens and underscores'),
  name: text(/^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u, 'a name of up to 100 characters'),
  currency: setting(
    'the three digits of ISO 4217, such as 985',
    (given) => (/^\d{3}$/u.test(given) && given !== '000' ? { value: Number(given) } : null),
    { value: USUAL_CURRENCY },
  ),
  prefix: text(/^\d{6,8}$/u, '6 to 8 digits'),
  length: integer(16, 19, 'digits', 16),
  count: integer(1, 10_000_000, 'cards'),
  medium: oneOf(MEDIA, 'stripe_barcode'),
  body: oneOf(['sequential', 'scrambled'], 'scrambled'),
  barcode: oneOf(BARCODES, 'code128'),
  eanPrefix: orNone(text(/^\d{2,6}$/u, '2 to 6 digits')),
  nominal: orNone(amount()),
  saleMinimum: orNone(amount()),
  saleMaximum: orNone(amount()),
  saleStep: amount(1),
  topUpMinimum: orNone(amount()),
  topUpMaximum: orNone(amount()),
  topUpStep: orNone(amount()),
  topUpCount: orNone(integer(1, 1_000_000, 'top-ups')),
  maximumBalance: orNone(amount()),
  dailyAmount: orNone(amount()),
  dailyCount: orNone(integer(1, 1_000_000, 'times')),
  refundOntoCard: flag(true),
  refundOntoNew: flag(false),
  unreceiptedRefundMaximum: amount(0),
  unreceiptedRefundDaily: orNone(amount()),
  unreceiptedRefundTerminalDaily: orNone(amount()),
  partialApproval: flag(true),
  cashOutMaximum: amount(0),
  payByNumber: flag(false),
  balanceByNumber: flag(true),
  validUntil: orNone(
    setting(date.expected, (given) => (date.read(given) !== null && isDay(given) ? { value: given } : null)),
  ),
  validityMonths: orNone(integer(1, 240, 'months')),
  ecommerceAfterHours: integer(0, 8_760, 'hours', 0),
  packs: flag(true),
  ecodes: flag(true),
  saleAuthorisation: flag(false),
  // Directive (EU) 2016/1065: fixed before any card is sold, since it decides when VAT is due.
  voucherKind: oneOf(VOUCHER_KINDS, 'unset'),
  vatRate: orNone(text(/^(?:\d|[1-9]\d)(?:\.\d{1,2})?$/u, 'a rate in per cent such as 23 or 5.5')),
  soldIn: stores,
  acceptedIn: stores,
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof ISSUE_SETTINGS
export const SETTING_NAMES = Object.keys(ISSUE_SETTINGS) as readonly SettingName[]

type ValueOf<Name extends SettingName> = (typeof ISSUE_SETTINGS)[Name] extends Setting<infer Value> ? Value : never

/** All settings after defaults are filled in. */
export type GivenSettings = { readonly [Name in SettingName]: ValueOf<Name> }

type Settled =
  | 'saleMinimum'
  | 'saleMaximum'
  | 'maximumBalance'
  | 'unreceiptedRefundDaily'
  | 'unreceiptedRefundTerminalDaily'
/** Complete: what follows from other settings is filled in. Amounts in minor units. */
export type IssueSettings = Omit<GivenSettings, Settled> & { readonly [Name in Settled]: Amount }

/** The money limits, which two people may change after draft. */
export const LIMIT_NAMES = [
  'saleMinimum',
  'saleMaximum',
  'saleStep',
  'topUpMinimum',
  'topUpMaximum',
  'topUpStep',
  'topUpCount',
  'maximumBalance',
  'dailyAmount',
  'dailyCount',
  'unreceiptedRefundMaximum',
  'unreceiptedRefundDaily',
  'unreceiptedRefundTerminalDaily',
  'cashOutMaximum',
] as const satisfies readonly SettingName[]

/** A fault of one setting; `text` completes a sentence that begins with the setting's name. */
export type SettingFault = { readonly setting: string; readonly text: string }

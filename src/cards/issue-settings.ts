import type { Amount } from '../core/money.ts'

/** One setting, which people write as text in a file or as an option. */
export type Setting<Value> = {
  /** Null: not valid. `exponent`: decimals of the currency, for amounts; default 2. */
  readonly read: (text: string, exponent?: number) => { readonly value: Value } | null
  /** The English text that completes "… must be". */
  readonly expected: string
  /** The same in Polish: completes „oczekiwano: …”. */
  readonly expectedPl: string
  /** The default value; undefined: the setting is mandatory. */
  readonly otherwise: { readonly value: Value } | undefined
}

type InWords = readonly [en: string, pl: string]

const setting = <Value>(
  [expected, expectedPl]: InWords,
  read: Setting<Value>['read'],
  otherwise?: { readonly value: Value },
): Setting<Value> => ({ expected, expectedPl, read, otherwise })

/** `none` as a value of its own. */
const orNone = <Value>({ expected, expectedPl, read }: Setting<Value>, none = 'none'): Setting<Value | null> =>
  setting<Value | null>(
    // A person leaves the field empty instead.
    [`${expected}, or ${none}`, expectedPl],
    (text, exponent) => (text === none ? { value: null } : read(text, exponent)),
    {
      value: null,
    },
  )

const text = (pattern: RegExp, ...expected: InWords): Setting<string> =>
  setting(expected, (given) => (pattern.test(given) ? { value: given } : null))

function integer(from: number, to: number, [unit, units]: InWords, otherwise?: number): Setting<number> {
  const read = (given: string) => {
    const value = /^\d{1,9}$/u.test(given) ? Number(given) : NaN
    return value >= from && value <= to ? { value } : null
  }
  const expected: InWords = [
    `a whole number of ${unit} from ${from} to ${to}`,
    `liczba całkowita ${units} od ${from} do ${to}`,
  ]
  return setting(expected, read, defined(otherwise))
}

/** Written in whole units with the decimals of the currency, kept in minor units. At most the 12 digits of DE 4. */
function amount(otherwise?: Amount): Setting<Amount> {
  const read = (given: string, exponent = 2) => {
    const [, whole, decimals = ''] = /^(\d{1,10})(?:\.(\d{1,3}))?$/u.exec(given) ?? []
    const minor = `${whole}${decimals.padEnd(exponent, '0')}`
    return whole === undefined || decimals.length > exponent || minor.length > 12 ? null : { value: Number(minor) }
  }
  const expected: InWords = [
    'an amount such as 50 or 49.90, below 10000000000',
    'kwota, np. 50 lub 49,90, poniżej 10000000000',
  ]
  return setting(expected, read, defined(otherwise))
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false }
const flag = (otherwise: boolean): Setting<boolean> =>
  setting(['yes or no', 'tak lub nie'], (given) => (FLAGS[given] === undefined ? null : { value: FLAGS[given] }), {
    value: otherwise,
  })

const oneOf = <const Word extends string>(words: readonly Word[], otherwise: NoInfer<Word>): Setting<Word> =>
  setting(
    [`one of ${words.join(', ')}`, `jedno z: ${words.join(', ')}`],
    (given) => {
      const value = words.find((word) => word === given)
      return value === undefined ? null : { value }
    },
    { value: otherwise },
  )

const date = text(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u,
  'a date such as 2027-12-31',
  'data, np. 2027-12-31',
)
const isDay = (given: string): boolean => new Date(`${given}T00:00:00Z`).toISOString().startsWith(given)

const stores = orNone(
  setting<readonly string[]>(
    ['the codes of stores, with commas between them', 'kody sklepów po przecinku'],
    (given) => {
      const codes = given.split(',').map((code) => code.trim())
      return codes.every((code) => /^[\x21-\x2b\x2d-\x7e]{1,15}$/u.test(code)) ? { value: codes } : null
    },
  ),
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

/** Every setting of an issue, by its name in files (`saleMinimum`); its option is made from the name (`--sale-minimum`). */
export const ISSUE_SETTINGS = {
  code: text(
    /^[A-Z0-9][A-Z0-9_-]{0,19}$/u,
    'up to 20 capitals, digits, hyphens and underscores',
    'do 20 wielkich liter, cyfr, łączników i podkreśleń',
  ),
  name: text(
    /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u,
    'a name of up to 100 characters',
    'nazwa do 100 znaków',
  ),
  currency: setting(
    ['the three digits of ISO 4217, such as 985', 'trzy cyfry ISO 4217, np. 985'],
    (given) => (/^\d{3}$/u.test(given) && given !== '000' ? { value: Number(given) } : null),
    { value: USUAL_CURRENCY },
  ),
  prefix: text(/^\d{6,8}$/u, '6 to 8 digits', 'od 6 do 8 cyfr'),
  length: integer(16, 19, ['digits', 'cyfr'], 16),
  count: integer(1, 10_000_000, ['cards', 'kart']),
  medium: oneOf(MEDIA, 'stripe_barcode'),
  body: oneOf(['sequential', 'scrambled'], 'scrambled'),
  barcode: oneOf(BARCODES, 'code128'),
  eanPrefix: orNone(text(/^\d{2,6}$/u, '2 to 6 digits', 'od 2 do 6 cyfr')),
  nominal: orNone(amount()),
  saleMinimum: orNone(amount()),
  saleMaximum: orNone(amount()),
  saleStep: amount(1),
  topUpMinimum: orNone(amount()),
  topUpMaximum: orNone(amount()),
  topUpStep: orNone(amount()),
  topUpCount: orNone(integer(1, 1_000_000, ['top-ups', 'doładowań'])),
  maximumBalance: orNone(amount()),
  dailyAmount: orNone(amount()),
  dailyCount: orNone(integer(1, 1_000_000, ['times', 'razy'])),
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
    setting([date.expected, date.expectedPl], (given) =>
      date.read(given) !== null && isDay(given) ? { value: given } : null,
    ),
  ),
  validityMonths: orNone(integer(1, 240, ['months', 'miesięcy'])),
  ecommerceAfterHours: integer(0, 8_760, ['hours', 'godzin'], 0),
  packs: flag(true),
  ecodes: flag(true),
  saleAuthorisation: flag(false),
  // Directive (EU) 2016/1065: it determines when VAT is due, so it cannot change once a card is sold.
  voucherKind: oneOf(VOUCHER_KINDS, 'unset'),
  vatRate: orNone(
    text(
      /^(?:\d|[1-9]\d)(?:\.\d{1,2})?$/u,
      'a rate in per cent such as 23 or 5.5',
      'stawka w procentach, np. 23 lub 5.5',
    ),
  ),
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
/** All settings, including those derived from others. Amounts in minor units. */
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
export type SettingFault = { readonly setting: string; readonly text: string; readonly pl: string }

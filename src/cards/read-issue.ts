import { type Currency, currencyOf } from '../core/currency.ts'
import {
  ISSUE_SETTINGS,
  SETTING_NAMES,
  type GivenSettings,
  type IssueSettings,
  type Setting,
  type SettingFault,
  type SettingName,
  USUAL_CURRENCY,
} from './issue-settings.ts'
import { bodyDigits, EAN_LENGTH, roomOf } from './number-space.ts'

/** Setting → text, from a file or from options. */
export type Said = ReadonlyMap<string, string>

export type ReadIssue = { readonly settings: IssueSettings } | { readonly faults: readonly SettingFault[] }

/**
 * The settings of an issue from what was said of them; `before`: what holds where nothing is said, for a change. Every
 * fault is named, those of single settings first.
 */
export function readIssue(said: Said, today: string, before: IssueSettings | null = null): ReadIssue {
  const unknown = [...said.keys()].filter((name) => !Object.hasOwn(ISSUE_SETTINGS, name))
  const faults = unknown.map((setting) => ({
    setting,
    text: `is not a setting; there are ${SETTING_NAMES.join(', ')}`,
  }))
  const given: Partial<Record<SettingName, unknown>> = {}
  const currency = currencyFor(said.get('currency'), before)
  for (const name of SETTING_NAMES) {
    const read = readSetting(name, said.get(name), currency, before)
    if ('text' in read) faults.push(read)
    else given[name] = read.value
  }
  if (faults.length > 0) return { faults }
  const settings = settled(given as GivenSettings)
  const against = FROM_NOMINAL.filter((name) => {
    const wanted = given[name]
    return (settings.nominal ?? 0) > 0 && said.has(name) && wanted !== null && wanted !== settings[name]
  })
  if (against.length > 0) {
    return { faults: against.map((setting) => ({ setting, text: 'follows from the nominal: leave it out' })) }
  }
  const broken = RULES.filter(({ holds }) => !holds(settings, today))
  if (broken.length === 0) return { settings: settings as IssueSettings }
  return {
    faults: broken.map(({ setting, text }) => ({ setting, text: typeof text === 'string' ? text : text(settings) })),
  }
}

/** In which the amounts are; where it is not well said, the fault is told of the setting `currency` alone. */
function currencyFor(text: string | undefined, before: IssueSettings | null): Currency {
  const read = text === undefined ? null : ISSUE_SETTINGS.currency.read(text)
  return currencyOf(read?.value ?? before?.currency ?? USUAL_CURRENCY)
}

function readSetting(
  name: SettingName,
  text: string | undefined,
  { letters, exponent }: Currency,
  before: IssueSettings | null,
) {
  const { read, expected, otherwise }: Setting<unknown> = ISSUE_SETTINGS[name]
  if (text === undefined) {
    const value = before === null ? otherwise : { value: before[name] }
    return value ?? { setting: name, text: `is missing; it must be ${expected}` }
  }
  const isUsual = exponent === 2 || !expected.startsWith('an amount')
  const decimals = isUsual ? '' : `; ${letters} has ${exponent === 0 ? 'no' : exponent} decimals`
  return read(text, exponent) ?? { setting: name, text: `must be ${expected}; it is ${text}${decimals}` }
}

/** Restricted circulation numbers for use within a company (GS1 General Specifications 2.1.11). */
const EAN_PREFIX = '29'

/** Refunds without a receipt that a terminal may give back in a day where nobody says how much, times the largest one. */
const TERMINAL_REFUNDS = 10

/** What follows from what was said: a nominal card is sold for its nominal and holds no more unless it may. */
function settled(given: GivenSettings): GivenSettings {
  const saleMinimum = given.nominal ?? given.saleMinimum
  const saleMaximum = given.nominal ?? given.saleMaximum
  return {
    ...given,
    saleMinimum,
    saleMaximum,
    saleStep: given.nominal === null ? given.saleStep : 1,
    topUpStep: given.topUpMinimum === null ? null : (given.topUpStep ?? given.saleStep),
    maximumBalance: given.maximumBalance ?? saleMaximum,
    unreceiptedRefundDaily: given.unreceiptedRefundDaily ?? given.unreceiptedRefundMaximum,
    unreceiptedRefundTerminalDaily:
      given.unreceiptedRefundTerminalDaily ?? TERMINAL_REFUNDS * given.unreceiptedRefundMaximum,
    eanPrefix: given.barcode === 'ean13' ? (given.eanPrefix ?? EAN_PREFIX) : given.eanPrefix,
  }
}

/** What a nominal decides. */
const FROM_NOMINAL = ['saleMinimum', 'saleMaximum', 'saleStep'] as const

type Rule = {
  readonly setting: SettingName
  readonly holds: (s: GivenSettings, today: string) => boolean
  readonly text: string | ((s: GivenSettings) => string)
}

const most = (amount: number | null): number => amount ?? Infinity
const least = (amount: number | null): number => amount ?? 0
const isNone = (value: unknown): boolean => value === null

/** What settings must be to each other. */
const RULES: readonly Rule[] = [
  { setting: 'saleMinimum', holds: (s) => least(s.saleMinimum) > 0, text: 'is missing; say it, or the nominal' },
  { setting: 'saleMaximum', holds: (s) => !isNone(s.saleMaximum), text: 'is missing; say it, or the nominal' },
  { setting: 'nominal', holds: (s) => s.nominal === null || s.nominal > 0, text: 'must be above 0' },
  {
    setting: 'saleMaximum',
    holds: (s) => least(s.saleMaximum) >= least(s.saleMinimum),
    text: 'must not be below saleMinimum',
  },
  { setting: 'saleStep', holds: (s) => s.saleStep > 0, text: 'must be above 0' },
  {
    setting: 'topUpMaximum',
    holds: (s) => isNone(s.topUpMinimum) === isNone(s.topUpMaximum),
    text: 'and topUpMinimum belong together: say both or neither',
  },
  {
    setting: 'topUpMinimum',
    holds: (s) =>
      isNone(s.topUpMinimum) || (least(s.topUpMinimum) > 0 && most(s.topUpMaximum) >= least(s.topUpMinimum)),
    text: 'must be above 0 and not above topUpMaximum',
  },
  { setting: 'topUpStep', holds: (s) => s.topUpStep !== 0, text: 'must be above 0' },
  {
    setting: 'maximumBalance',
    holds: (s) => most(s.maximumBalance) >= least(s.saleMaximum) && least(s.maximumBalance) > 0,
    text: 'must not be below saleMaximum',
  },
  {
    setting: 'validityMonths',
    holds: (s) => isNone(s.validUntil) || isNone(s.validityMonths),
    text: 'and validUntil exclude each other',
  },
  {
    setting: 'validUntil',
    holds: (s, today) => s.validUntil === null || s.validUntil > today,
    text: 'must lie in the future',
  },
  {
    setting: 'eanPrefix',
    holds: (s) => s.barcode === 'ean13' || isNone(s.eanPrefix),
    text: 'is for barcode ean13 only',
  },
  {
    setting: 'ecodes',
    holds: (s) => s.medium !== 'virtual' || s.ecodes,
    text: 'must be yes where the medium is virtual: nothing else proves such a card',
  },
  {
    setting: 'payByNumber',
    holds: (s) => s.medium !== 'barcode' || s.payByNumber || s.ecodes,
    text: 'or ecodes must be yes where the medium is barcode: nothing else can pay',
  },
  {
    setting: 'payByNumber',
    holds: (s) => s.body !== 'sequential' || !s.payByNumber,
    text: 'must be no where the body is sequential: the next number can be guessed',
  },
  {
    setting: 'count',
    holds: (s) => s.count <= roomOf(s),
    text: (s) => `does not fit the ${bodyDigits(s)} digits between prefix and check digit`,
  },
  {
    setting: 'count',
    holds: (s) => s.eanPrefix === null || s.count <= roomOf({ length: EAN_LENGTH, prefix: s.eanPrefix }),
    text: 'does not fit an EAN-13 with this eanPrefix',
  },
]

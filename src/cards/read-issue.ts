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
export type GivenTexts = ReadonlyMap<string, string>

export type ReadIssue = { readonly settings: IssueSettings } | { readonly faults: readonly SettingFault[] }

/**
 * Reads the settings of an issue. `before`: the present settings, which apply to every setting that the change does not
 * name. All faults are returned, those of single settings first.
 */
export function readIssue(texts: GivenTexts, today: string, before: IssueSettings | null = null): ReadIssue {
  const unknown = [...texts.keys()].filter((name) => !Object.hasOwn(ISSUE_SETTINGS, name))
  const faults = unknown.map((setting) => ({
    setting,
    text: `is not a setting; there are ${SETTING_NAMES.join(', ')}`,
    pl: `nie ma takiego ustawienia; są: ${SETTING_NAMES.join(', ')}`,
  }))
  const given: Partial<Record<SettingName, unknown>> = {}
  const currency = currencyFor(texts.get('currency'), before)
  for (const name of SETTING_NAMES) {
    const read = readSetting(name, texts.get(name), currency, before)
    if ('text' in read) faults.push(read)
    else given[name] = read.value
  }
  if (faults.length > 0) return { faults }
  const settings = settled(given as GivenSettings)
  const against = FROM_NOMINAL.filter((name) => {
    const wanted = given[name]
    return (settings.nominal ?? 0) > 0 && texts.has(name) && wanted !== null && wanted !== settings[name]
  })
  if (against.length > 0) {
    const text = 'follows from the nominal: leave it out'
    return { faults: against.map((setting) => ({ setting, text, pl: 'wynika z nominału: zostaw puste' })) }
  }
  const broken = RULES.filter(({ holds }) => !holds(settings, today))
  if (broken.length === 0) return { settings: settings as IssueSettings }
  return {
    faults: broken.map(({ setting, text }) => {
      const [en, pl] = typeof text === 'function' ? text(settings) : text
      return { setting, text: en, pl }
    }),
  }
}

/** The currency of the amounts. If it is invalid, only the setting `currency` gets a fault. */
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
  const { read, expected, expectedPl, otherwise }: Setting<unknown> = ISSUE_SETTINGS[name]
  if (text === undefined) {
    const value = before === null ? otherwise : { value: before[name] }
    if (value !== undefined) return value
    const pl = `brak wartości; oczekiwano: ${expectedPl}`
    return { setting: name, text: `is missing; it must be ${expected}`, pl }
  }
  const isUsual = exponent === 2 || !expected.startsWith('an amount')
  const decimals = isUsual ? '' : `; ${letters} has ${exponent === 0 ? 'no' : exponent} decimals`
  const decimalsPl = isUsual ? '' : `; miejsc po przecinku w ${letters}: ${exponent}`
  return (
    read(text, exponent) ?? {
      setting: name,
      text: `must be ${expected}; it is ${text}${decimals}`,
      pl: `oczekiwano: ${expectedPl}; podano: ${text}${decimalsPl}`,
    }
  )
}

/** Restricted circulation numbers for use within a company (GS1 General Specifications 2.1.11). */
const EAN_PREFIX = '29'

/** The default daily limit of refunds without a receipt per terminal, as a multiple of the largest such refund. */
const TERMINAL_REFUNDS = 10

/**
 * Derives dependent settings: a nominal card is sold for its nominal, and holds no more unless its maximum balance is
 * higher.
 */
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

/** The settings that follow from the nominal. */
const FROM_NOMINAL = ['saleMinimum', 'saleMaximum', 'saleStep'] as const

type InWords = readonly [en: string, pl: string]

type Rule = {
  readonly setting: SettingName
  readonly holds: (s: GivenSettings, today: string) => boolean
  readonly text: InWords | ((s: GivenSettings) => InWords)
}

const most = (amount: number | null): number => amount ?? Infinity
const least = (amount: number | null): number => amount ?? 0
const isNone = (value: unknown): boolean => value === null

/** Rules between several settings. */
const RULES: readonly Rule[] = [
  {
    setting: 'saleMinimum',
    holds: (s) => least(s.saleMinimum) > 0,
    text: ['is missing; give it, or the nominal', 'brak wartości; podaj ją albo nominał'],
  },
  {
    setting: 'saleMaximum',
    holds: (s) => !isNone(s.saleMaximum),
    text: ['is missing; give it, or the nominal', 'brak wartości; podaj ją albo nominał'],
  },
  {
    setting: 'nominal',
    holds: (s) => s.nominal === null || s.nominal > 0,
    text: ['must be above 0', 'musi być większe od 0'],
  },
  {
    setting: 'saleMaximum',
    holds: (s) => least(s.saleMaximum) >= least(s.saleMinimum),
    text: ['must not be below saleMinimum', 'nie może być mniejsze niż „Sprzedaż od”'],
  },
  { setting: 'saleStep', holds: (s) => s.saleStep > 0, text: ['must be above 0', 'musi być większe od 0'] },
  {
    setting: 'topUpMaximum',
    holds: (s) => isNone(s.topUpMinimum) === isNone(s.topUpMaximum),
    text: ['and topUpMinimum belong together: say both or neither', 'podaj obie granice doładowania albo żadnej'],
  },
  {
    setting: 'topUpMinimum',
    holds: (s) =>
      isNone(s.topUpMinimum) || (least(s.topUpMinimum) > 0 && most(s.topUpMaximum) >= least(s.topUpMinimum)),
    text: ['must be above 0 and not above topUpMaximum', 'musi być większe od 0 i nie większe niż „Doładowanie do”'],
  },
  { setting: 'topUpStep', holds: (s) => s.topUpStep !== 0, text: ['must be above 0', 'musi być większe od 0'] },
  {
    setting: 'maximumBalance',
    // It defaults to saleMaximum: if both are missing, the fault of saleMaximum is enough.
    holds: (s) => s.maximumBalance === null || (s.maximumBalance >= least(s.saleMaximum) && s.maximumBalance > 0),
    text: ['must not be below saleMaximum', 'nie może być mniejsze niż „Sprzedaż do”'],
  },
  {
    setting: 'validityMonths',
    holds: (s) => isNone(s.validUntil) || isNone(s.validityMonths),
    text: ['and validUntil exclude each other', 'podaj tylko jedno: liczbę miesięcy albo datę'],
  },
  {
    setting: 'validUntil',
    holds: (s, today) => s.validUntil === null || s.validUntil > today,
    text: ['must lie in the future', 'musi być w przyszłości'],
  },
  {
    setting: 'eanPrefix',
    holds: (s) => s.barcode === 'ean13' || isNone(s.eanPrefix),
    text: ['is for barcode ean13 only', 'tylko dla kodu kreskowego EAN-13'],
  },
  {
    setting: 'ecodes',
    holds: (s) => s.medium !== 'virtual' || s.ecodes,
    text: [
      'must be yes where the medium is virtual: nothing else proves such a card',
      'przy nośniku wirtualnym musi być „tak”: nic innego nie potwierdza takiej karty',
    ],
  },
  {
    setting: 'payByNumber',
    holds: (s) => s.medium !== 'barcode' || s.payByNumber || s.ecodes,
    text: [
      'or ecodes must be yes where the medium is barcode: nothing else can pay',
      'przy samym kodzie kreskowym to albo „eKody” musi być „tak”: inaczej nie da się zapłacić',
    ],
  },
  {
    setting: 'payByNumber',
    holds: (s) => s.body !== 'sequential' || !s.payByNumber,
    text: [
      'must be no where the body is sequential: the next number can be guessed',
      'przy numerach kolejnych musi być „nie”: następny numer można odgadnąć',
    ],
  },
  {
    setting: 'vatRate',
    holds: (s) => (s.voucherKind === 'single') !== isNone(s.vatRate),
    text: [
      'is said where voucherKind is single, and only there',
      'podaje się ją tylko dla bonu jednego przeznaczenia i tam jest wymagana',
    ],
  },
  {
    setting: 'count',
    holds: (s) => s.count <= roomOf(s),
    text: (s) => [
      `does not fit the ${bodyDigits(s)} digits between prefix and check digit`,
      `tyle kart nie mieści się między prefiksem a cyfrą kontrolną; cyfr jest tam: ${bodyDigits(s)}`,
    ],
  },
  {
    setting: 'count',
    holds: (s) => s.eanPrefix === null || s.count <= roomOf({ length: EAN_LENGTH, prefix: s.eanPrefix }),
    text: ['does not fit an EAN-13 with this eanPrefix', 'tyle kart nie mieści się w EAN-13 z tym prefiksem'],
  },
]

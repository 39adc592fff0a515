import { dayWords, isDay } from './day-words.ts'
import { CARD_REFUSALS } from './refusals/cards.ts'
import { CASE_REFUSALS } from './refusals/cases.ts'
import { COUNTERPARTY_REFUSALS } from './refusals/counterparties.ts'
import { ECARD_REFUSALS } from './refusals/ecards.ts'
import { FILE_REFUSALS } from './refusals/files.ts'
import { GENERAL_REFUSALS } from './refusals/general.ts'
import { ISSUE_REFUSALS } from './refusals/issues.ts'
import { KEY_REFUSALS } from './refusals/keys.ts'
import { PACK_REFUSALS } from './refusals/packs.ts'
import { PEOPLE_REFUSALS } from './refusals/people.ts'
import { REGISTRY_REFUSALS } from './refusals/registry.ts'
import { REPORT_REFUSALS } from './refusals/reports.ts'
import { SETTLEMENT_REFUSALS } from './refusals/settlements.ts'
import { SHOP_REFUSALS } from './refusals/shops.ts'
import { WELFARE_REFUSALS } from './refusals/welfare.ts'
import type { RefusalRule } from './refusals/rule.ts'

/** Every refusal of a use case. The compiler demands all texts of a new row, and the details that each text names. */
export const REFUSALS = {
  ...GENERAL_REFUSALS,
  ...CARD_REFUSALS,
  ...CASE_REFUSALS,
  ...COUNTERPARTY_REFUSALS,
  ...PACK_REFUSALS,
  ...PEOPLE_REFUSALS,
  ...ISSUE_REFUSALS,
  ...REGISTRY_REFUSALS,
  ...SHOP_REFUSALS,
  ...ECARD_REFUSALS,
  ...KEY_REFUSALS,
  ...FILE_REFUSALS,
  ...REPORT_REFUSALS,
  ...SETTLEMENT_REFUSALS,
  ...WELFARE_REFUSALS,
} as const satisfies Record<string, RefusalRule>

export type RefusalCode = keyof typeof REFUSALS

/** A word that each language has its own for. */
export type Words = { readonly en: string; readonly pl: string }

/** Figures and names that the texts mention: never a secret, never a whole card number. */
type Detail = string | number | Words
export type RefusalDetails = Readonly<Record<string, Detail>>

/** A fault in one part of a request: a setting, a line of a file. `pl`: the text in Polish. */
export type Fault = { readonly at: string; readonly line?: number; readonly text: string; readonly pl?: string }

/** The refusal of a use case: a value returned in place of the result. */
export type Refused = {
  readonly refused: RefusalCode
  readonly details: RefusalDetails
  /** The faults of a request with several parts. */
  readonly faults?: readonly Fault[]
}

/** The details that a text mentions: `{card}` and the like. */
type Mentioned<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Mentioned<Rest>
  : never
type DetailsOf<Code extends RefusalCode> = {
  readonly [Name in Mentioned<(typeof REFUSALS)[Code]['en' | 'hint']>]: Detail
}

/** A refusal with everything that its texts mention. */
export const refused = <Code extends RefusalCode>(
  code: Code,
  ...[details]: keyof DetailsOf<Code> extends never ? [] : [DetailsOf<Code>]
): Refused => ({ refused: code, details: details ?? {} })

export const isRefused = (result: unknown): result is Refused =>
  typeof result === 'object' && result !== null && 'refused' in result && 'details' in result

const filled = (text: string, details: RefusalDetails, worded: (detail: Detail) => string): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => worded(details[name] ?? whole))

/** A day as people write it: every refusal names days like the pages. */
const sentenceIn =
  (language: keyof Words) =>
  (detail: Detail): string => {
    if (typeof detail === 'object') return detail[language]
    return typeof detail === 'string' && isDay(detail) ? dayWords(detail)[language] : String(detail)
  }

/** As the command line takes it. */
const typed = (detail: Detail): string => (typeof detail === 'object' ? detail.en : String(detail))

/** The sentence for a person. */
export const refusalText = ({ refused: code, details }: Refused, language: keyof Words): string =>
  filled(REFUSALS[code][language], details, sentenceIn(language))

/** The hint of the command line; empty if there is none. */
export const refusalHint = ({ refused: code, details }: Refused): string => filled(REFUSALS[code].hint, details, typed)

/** The sentence as a part of another one, for lists and the command line: no capital, no full stop. */
export function refusalPhrase(refused: Refused, language: keyof Words): string {
  const text = refusalText(refused, language).replace(/\.$/u, '')
  return text.replace(/^\p{Lu}(?=\p{Ll}|\s)/u, (capital) => capital.toLowerCase())
}

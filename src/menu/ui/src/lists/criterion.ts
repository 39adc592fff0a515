import type { Answer } from '../api/call.ts'
import type { TextId } from '../i18n/texts.ts'
import type { Format } from '../i18n/useFormat.ts'
import type { useText, useWord } from '../i18n/useText.ts'

export type Choices = Answer<'choices.show'>
export type Option = { readonly value: string; readonly label: string }

/** Tools for turning a criterion's options or values into words. */
export type Wording = {
  readonly t: ReturnType<typeof useText>
  readonly word: ReturnType<typeof useWord>
  readonly localized: (localized: { readonly en: string; readonly pl: string }) => string
  readonly format: Format
  readonly choices: Choices
}

/**
 * How a criterion is entered and shown. `day` is a day of the calendar; `dayBegin` and `dayEnd` are entered as days and sent
 * as instants in the installation's zone; `money` is entered in units and sent in minor units; `number` is a whole number,
 * barcode or eCode, for which a handle of the session is sent; `shown` is only set by links.
 */
export type CriterionKind = 'text' | 'choice' | 'day' | 'dayBegin' | 'dayEnd' | 'money' | 'flag' | 'number' | 'shown'

export type Criterion = {
  /** The parameter of the URL. */
  readonly key: string
  readonly label: TextId
  readonly kind: CriterionKind
  /** Always visible; the others appear after a click. */
  readonly main?: boolean
  readonly options?: (wording: Wording) => readonly Option[]
  readonly pattern?: RegExp
}

/** Validates an input before the server is asked. */
export const isAcceptable = ({ pattern }: Criterion, text: string): boolean =>
  text === '' || (pattern?.test(text) ?? true)

/** The currency of the first issue and its decimals, for fields in which amounts are typed. */
export function currencyOf(choices: Choices): { readonly currency: string; readonly exponent: number } {
  const currency = choices.issues[0]?.currency ?? choices.stores[0]?.currency ?? 'PLN'
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return { currency, exponent: maximumFractionDigits }
}

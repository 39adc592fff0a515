import { useCallback } from 'react'
import { useIntl } from 'react-intl'
import { useLanguage } from './language.ts'
import type { TextId } from './texts.ts'

export type Values = Readonly<Record<string, string | number>>
/** A text in both languages. */
export type LocalizedText = { readonly en: string; readonly pl: string }

export function useText(): (id: TextId, values?: Values) => string {
  const intl = useIntl()
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl])
}

/** A word of the server, such as an operation, in the reader's language; a word without a text is shown itself. */
export function useWord(): (prefix: string, word: string) => string {
  const intl = useIntl()
  return useCallback(
    (prefix, word) => {
      const id = `${prefix}.${word}`
      return id in intl.messages ? intl.formatMessage({ id }) : word.replaceAll('_', ' ')
    },
    [intl],
  )
}

export function useLocalized(): (localized: LocalizedText) => string {
  const language = useLanguage()
  return useCallback((localized) => localized[language], [language])
}

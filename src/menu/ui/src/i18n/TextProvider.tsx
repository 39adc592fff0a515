import { type ReactNode, use, useEffect } from 'react'
import { IntlProvider, type MessageFormatElement } from 'react-intl'
import { type Language, LanguageContext } from './language.ts'

type Messages = Record<string, MessageFormatElement[]>

const LOADERS: Record<Language, () => Promise<{ default: Messages }>> = {
  en: () => import('messages:en'),
  pl: () => import('messages:pl'),
}

/** British English for 24-hour time and day-month order. */
const LOCALES: Record<Language, string> = { en: 'en-GB', pl: 'pl-PL' }

const loaded = new Map<Language, Promise<Messages>>()

/** The texts of one language, fetched once. */
function load(language: Language): Promise<Messages> {
  const known = loaded.get(language)
  if (known !== undefined) return known
  const coming = LOADERS[language]().then((module) => module.default)
  loaded.set(language, coming)
  return coming
}

export function TextProvider({ language, children }: { language: Language; children: ReactNode }) {
  const messages = use(load(language))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <LanguageContext value={language}>
      <IntlProvider locale={LOCALES[language]} messages={messages}>
        {children}
      </IntlProvider>
    </LanguageContext>
  )
}

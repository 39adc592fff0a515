import { createContext, useContext } from 'react'

export type Language = 'en' | 'pl'

export const LanguageContext = createContext<Language>('en')
export const useLanguage = (): Language => useContext(LanguageContext)

/** The browser's language, until another one is set in the profile. */
export const browserLanguage = (): Language =>
  navigator.languages
    .find((tag) => /^(pl|en)\b/i.test(tag))
    ?.toLowerCase()
    .startsWith('pl') === true
    ? 'pl'
    : 'en'

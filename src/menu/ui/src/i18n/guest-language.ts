import { createContext } from 'react'
import type { Language } from './language.ts'

/** Sets the language before sign-in; afterwards it is the person's. */
export const GuestLanguageContext = createContext<(language: Language) => void>(() => undefined)

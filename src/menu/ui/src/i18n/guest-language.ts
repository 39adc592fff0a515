import { createContext } from 'react'
import type { Language } from './language.ts'

/** Sets the language before sign-in; after sign-in the person's own language applies. */
export const GuestLanguageContext = createContext<(language: Language) => void>(() => undefined)

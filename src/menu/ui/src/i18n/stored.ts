import { useCallback } from 'react'
import { useLanguage } from './language.ts'
import { storedInPolish } from './stored-polish.ts'

/** A text that was stored in English, for this reader. */
export function useStored(): (text: string) => string {
  const language = useLanguage()
  return useCallback((text) => (language === 'pl' ? storedInPolish(text) : text), [language])
}

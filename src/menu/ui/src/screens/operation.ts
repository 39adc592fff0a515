import { useCallback } from 'react'
import { useText, useWord } from '../i18n/useText.ts'

type Named = { readonly operation: string | null; readonly role: 'books' | 'confirms' | 'undoes' | null }

/** The operation in words; for a confirmation, cancellation or reversal with its effect. */
export function useOperation(): (named: Named) => string {
  const t = useText()
  const word = useWord()
  return useCallback(
    ({ operation, role }) => {
      const name = operation === null ? t('operation.none') : word('operation', operation)
      if (role === 'confirms') return t('operation.confirms', { name })
      return role === 'undoes' ? t('operation.undoes', { name }) : name
    },
    [t, word],
  )
}

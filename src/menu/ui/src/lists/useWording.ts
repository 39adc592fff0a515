import { useSuspenseQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { choicesQuery } from '../api/queries.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import type { Wording } from './criterion.ts'

export function useWording(): Wording {
  const t = useText()
  const word = useWord()
  const localized = useLocalized()
  const format = useFormat()
  const choices = useSuspenseQuery(choicesQuery).data
  return useMemo(() => ({ t, word, localized, format, choices }), [t, word, localized, format, choices])
}

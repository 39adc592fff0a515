import { useCallback } from 'react'
import { useText } from './useText.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The age of something in the largest suitable unit. */
export function useAge(): (seconds: number) => string {
  const t = useText()
  return useCallback(
    (seconds) => {
      if (seconds >= 2 * DAY) return t('age.days', { n: Math.floor(seconds / DAY) })
      return seconds >= 2 * HOUR
        ? t('age.hours', { n: Math.floor(seconds / HOUR) })
        : t('age.minutes', { n: Math.floor(seconds / MINUTE) })
    },
    [t],
  )
}

import { isDay } from './day-words.ts'
import { refused, type Refused } from './refusal.ts'

/** Why days are no period; null: they are one. A day that is not given is none that could be wrong. */
export function periodObjection(
  from: string | null,
  to: string | null,
  ...others: readonly (string | null)[]
): Refused | null {
  const wrong = [from, to, ...others].find((day) => day !== null && !isDay(day))
  if (typeof wrong === 'string') return refused('no_such_day', { day: wrong })
  return from !== null && to !== null && from > to ? refused('period_backwards', { from, to }) : null
}

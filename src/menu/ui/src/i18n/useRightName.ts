import { useIntl } from 'react-intl'
import { useWord } from './useText.ts'

export const groupOfRight = (right: string): string => right.split('.', 1)[0] ?? ''

/** A right in words, with its subject, such as *Cards: Block*; null: not a right. */
export function useRightName(): (right: string) => string | null {
  const word = useWord()
  const { messages } = useIntl()
  return (right) =>
    `right.${right}` in messages ? `${word('rightGroup', groupOfRight(right))}: ${word('right', right)}` : null
}

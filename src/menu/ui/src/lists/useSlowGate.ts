/** Stops a search that no index supports until the user confirms it. */

import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { Search } from '../api/queries.ts'
import { queryText } from './useListSearch.ts'

type Counted = { readonly count: number | null; readonly capped: boolean; readonly slow: boolean }

export type SlowGate = {
  readonly counted: Counted | undefined
  /** The search is slow, and the user has not confirmed it yet. */
  readonly held: boolean
  readonly onRun: () => void
  /** Cancels the search. */
  readonly onStop: () => void
  /** Whether rows may be requested. */
  readonly open: boolean
}

/** Earlier results stay visible, for example after going back from a row, and are not searched again. */
export const isFound = ({ data, isPlaceholderData }: { data: unknown; isPlaceholderData: boolean }): boolean =>
  data !== undefined && !isPlaceholderData

/** The count comes first, because it tells whether the search is slow; then the rows, at once or after confirmation. */
export function useSlowGate(filter: Search, counting: UseQueryResult<Counted>): SlowGate {
  const [wanted, setWanted] = useState('')
  const text = queryText(filter)
  const held = counting.data?.slow === true && wanted !== text
  return {
    counted: counting.data,
    held,
    onRun: () => setWanted(text),
    onStop: () => setWanted(''),
    open: !held && (text === '' || !counting.isPending),
  }
}

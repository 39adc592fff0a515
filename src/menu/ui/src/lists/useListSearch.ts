import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Search } from '../api/queries.ts'

export type ListSearch = {
  readonly search: Search
  /** Changes some parameters; an empty text removes one. The list begins at its first page again. */
  readonly change: (changes: Search) => void
}

/** The state of a list is its URL: criteria, order, columns and page. */
export function useListSearch(): ListSearch {
  const search: Search = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback(
    (changes: Search) => {
      // Two fields may change before the page is drawn again, so each change starts from the latest URL.
      const next = (previous: Search): Search => kept({ ...previous, cursor: undefined, ...changes })
      void navigate({ to: '.', search: next, resetScroll: false })
    },
    [navigate],
  )
  return { search, change }
}

const kept = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''))

/** The parameters of a URL that a route knows. */
export const pick = (search: Search, keys: readonly string[]): Search =>
  Object.fromEntries(keys.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])))

/** The query of a list as text, without `?`, for saved searches and exports. */
export const queryText = (search: Search): string =>
  new URLSearchParams(
    Object.entries(search).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString()

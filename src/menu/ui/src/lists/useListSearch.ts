import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Search } from '../api/queries.ts'

export type ListSearch = {
  readonly search: Search
  /** Changes some parameters; an empty text removes one. The list begins at its first page again. */
  readonly change: (changes: Search) => void
  /** The same with everything else left alone. */
  readonly replaceAll: (search: Search) => void
}

/** The state of a list is its URL: criteria, order, columns and page. */
export function useListSearch(): ListSearch {
  const search: Search = useSearch({ strict: false })
  const navigate = useNavigate()
  const replaceAll = useCallback(
    (wanted: Search) => {
      const kept = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== ''))
      void navigate({ to: '.', search: kept, resetScroll: false })
    },
    [navigate],
  )
  const change = useCallback(
    (changes: Search) => replaceAll({ ...search, cursor: undefined, ...changes }),
    [search, replaceAll],
  )
  return { search, change, replaceAll }
}

/** Of a URL's parameters those that a route knows. */
export const pick = (search: Search, keys: readonly string[]): Search =>
  Object.fromEntries(keys.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])))

/** The query of a list as text, without `?`, for saved searches and exports. */
export const queryText = (search: Search): string =>
  new URLSearchParams(
    Object.entries(search).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString()

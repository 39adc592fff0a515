/** The query of the find box, which may hold card numbers and so never goes into a URL. */

import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { type Answer, call } from './api/call.ts'
import { linkTo } from './link-to.ts'
import { mayStandInUrl } from './keyboard/scan-form.ts'

export type Found = Answer<'find.search'>

/** A query of the find box. `q` is a text that may be in a URL, or the handle of one that may not. */
export const findQuery = (q: string) =>
  queryOptions({
    queryKey: ['find', q],
    queryFn: () => call('find.search', { body: { text: q, by: 'typed' } }),
    staleTime: 30_000,
  })

/** Searches, and opens a single hit or shows the list. The URL contains the handle of a number, never the number. */
export function useFind(): (text: string, by: 'typed' | 'scan' | 'swipe') => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useCallback(
    async (text, by) => {
      const found = await call('find.search', { body: { text, by } })
      const [only, ...others] = found.hits
      if (only !== undefined && others.length === 0) {
        await navigate(linkTo(only.to))
        return
      }
      const q = found.handle ?? (mayStandInUrl(text) ? text : '')
      client.setQueryData(findQuery(q).queryKey, found)
      await navigate({ to: '/find', search: { q } })
    },
    [client, navigate],
  )
}

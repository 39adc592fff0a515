import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { forgetRecent } from '../components/palette-entries.ts'
import { call } from './call.ts'
import { sessionQuery } from './session.ts'

/** Ends the session on the server and forgets everything that was read in it. */
export function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useCallback(() => {
    void call('session.signOut', {})
      .catch(() => undefined)
      .then(() => client.fetchQuery({ ...sessionQuery, staleTime: 0 }))
      .then(() => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }))
      .then(forgetRecent)
      .then(() => navigate({ to: '/sign-in' }))
  }, [client, navigate])
}

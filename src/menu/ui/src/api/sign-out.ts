import { useCallback } from 'react'
import { announce } from '../components/announcements.ts'
import { problemText } from '../components/problem-text.ts'
import { useText } from '../i18n/useText.ts'
import { ApiProblem, call } from './call.ts'

/** Ends the session on the server. The sign-in page is loaded afresh: nothing that was read stays in memory. */
export function useSignOut(): () => void {
  const t = useText()
  return useCallback(() => {
    call('session.signOut', {})
      .catch((error: unknown) => {
        const hasEnded = error instanceof ApiProblem && error.status === 401
        if (!hasEnded) throw error
      })
      .then(() => location.assign('/sign-in'))
      .catch((error: unknown) => announce('bad', problemText(error, t)))
  }, [t])
}

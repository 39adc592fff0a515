import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { createContext, useCallback, useContext } from 'react'
import { type Answer, call, hooks } from './call.ts'

export type Session = Answer<'session.show'>
export type Person = NonNullable<Session['person']>
export type Right = keyof Person['rights']

/** Every answer about the session contains the token that the next change must send. */
export function remember(session: Session): Session {
  hooks.csrf = session.csrf
  return session
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => remember(await call('session.show', {})),
  staleTime: Infinity,
  retry: false,
})

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** The person whom the frame shows. A part of a page may be drawn once more when the session has just ended: to the same person. */
export const PersonContext = createContext<Person | null>(null)

/** The signed-in person. Only for pages inside the frame, which requires signing in. */
export function usePerson(): Person {
  const person = useContext(PersonContext)
  if (person === null) throw new Error('this page is for people who are signed in')
  return person
}

/** Has the person one of these rights? */
export function useMay(): (...rights: readonly Right[]) => boolean {
  const { rights } = usePerson()
  return useCallback((...wanted) => wanted.some((right) => rights[right] !== undefined), [rights])
}

/** Replaces the known session by the one in the server's answer. */
export function useSetSession(): (session: Session) => void {
  const client = useQueryClient()
  return useCallback((session) => client.setQueryData(sessionQuery.queryKey, remember(session)), [client])
}

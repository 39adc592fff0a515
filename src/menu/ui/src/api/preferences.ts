import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { Language } from '../i18n/language.ts'
import { call } from './call.ts'
import { type Person, sessionQuery } from './session.ts'

type Change = Partial<Pick<Person, 'language' | 'theme'>>

/** Language and theme: applied at once, and stored with the person on the server. */
export function usePreferences() {
  const client = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()
  const shown = useComputedColorScheme('light')
  const change = (change: Change): void => {
    client.setQueryData(sessionQuery.queryKey, (session) =>
      session?.person ? { ...session, person: { ...session.person, ...change } } : session,
    )
    void call('profile.change', { body: change }).catch(() => undefined)
  }
  const setTheme = (theme: Person['theme']): void => {
    setColorScheme(theme)
    change({ theme })
  }
  return {
    setLanguage: (language: Language | null) => change({ language }),
    setTheme,
    toggleTheme: () => setTheme(shown === 'light' ? 'dark' : 'light'),
  }
}

import { useMantineColorScheme } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { hooks } from './api/call.ts'
import { sessionQuery } from './api/session.ts'
import { Unreachable } from './components/Unreachable.tsx'
import { browserLanguage, type Language } from './i18n/language.ts'
import { GuestLanguageContext } from './i18n/guest-language.ts'
import { TextProvider } from './i18n/TextProvider.tsx'
import { ZoneContext } from './i18n/zone.ts'
import { makeRouter } from './router.tsx'

/** The session determines language, theme and time zone; then the pages are rendered. */
export function App({ client }: { client: QueryClient }) {
  const [router] = useState(() => makeRouter(client))
  const { data: session, error, refetch } = useQuery(sessionQuery)
  const [guestLanguage, setGuestLanguage] = useState<Language>(browserLanguage)
  const language = session?.person?.language ?? guestLanguage
  const theme = session?.person?.theme
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme)
  }, [theme, setColorScheme])
  hooks.language = language
  return (
    <Suspense>
      <TextProvider language={language}>
        {session === undefined ? (
          error !== null && <Unreachable onRetry={() => void refetch()} />
        ) : (
          <ZoneContext value={session.timeZone}>
            <GuestLanguageContext value={setGuestLanguage}>
              <RouterProvider router={router} />
            </GuestLanguageContext>
          </ZoneContext>
        )}
      </TextProvider>
    </Suspense>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { hooks } from '../api/call.ts'
import { PersonContext, sessionQuery, usePerson, useSession } from '../api/session.ts'
import { useFind } from '../find.ts'
import { useText } from '../i18n/useText.ts'
import { useKeys } from '../keyboard/keys.ts'
import { useScanner } from '../keyboard/scanner.ts'
import { type Page as PageEntry, PAGES } from '../pages.ts'
import { announce } from './announcements.ts'
import { Announcements } from './Announcements.tsx'
import classes from './Frame.module.css'
import { Navigation } from './Navigation.tsx'
import { Boundary, NoRight } from './Problem.tsx'
import { OfflineBar } from './States.tsx'
import { TopBar } from './TopBar.tsx'
import { useSessionEnd } from './useSessionEnd.ts'

const Palette = lazy(() => import('./Palette.tsx').then((module) => ({ default: module.Palette })))
const KeysHelp = lazy(() => import('./KeysHelp.tsx').then((module) => ({ default: module.KeysHelp })))
const ProveDialog = lazy(() => import('./ProveDialog.tsx').then((module) => ({ default: module.ProveDialog })))

type Overlay = 'palette' | 'keys' | null

/** The frame for a signed-in person. After the session has ended it shows nobody until the app goes to `/sign-in`. */
export function Frame() {
  const { person } = useSession()
  if (person === null) return null
  return (
    <PersonContext value={person}>
      <SignedIn />
    </PersonContext>
  )
}

/** Navigation at the left, find box above, the page in the rest. */
function SignedIn() {
  const t = useText()
  const [overlay, setOverlay] = useState<Overlay>(null)
  const close = () => setOverlay(null)
  useGoKeys()
  useScans()
  useSignedOut()
  useSessionEnd()
  useKeys({
    'mod+k': () => setOverlay((now) => (now === 'palette' ? null : 'palette')),
    '?': () => setOverlay('keys'),
  })
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('top.skip')}
      </a>
      <Navigation />
      <TopBar onKeys={() => setOverlay('keys')} onPalette={() => setOverlay('palette')} />
      <main id="content" className={classes.page} tabIndex={-1}>
        <OfflineBar />
        <Page />
      </main>
      <Announcements />
      <Suspense>
        {overlay === 'palette' && <Palette onClose={close} />}
        {overlay === 'keys' && <KeysHelp onClose={close} />}
      </Suspense>
      <Prove />
    </div>
  )
}

/** The page of the URL. A failure in it leaves the frame standing; the next page starts afresh. */
function Page() {
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const forOthers = useOthersPage(pathname)
  useEffect(() => {
    const focused = document.activeElement
    // After a scan into the find box the focus leaves it, so that the next key belongs to the page.
    if (focused === document.body || focused?.closest('[role="search"]') != null)
      document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true })
  }, [pathname])
  return <Boundary key={pathname}>{forOthers === null ? <Outlet /> : <NoRight page={forOthers.text} />}</Boundary>
}

/** Null: the page is permitted. A forbidden page sends no requests to the server; paths below it are its records. */
function useOthersPage(pathname: string): PageEntry | null {
  // Null for the moment between the end of a session and the sign-in page.
  const { person } = useSession()
  const page = PAGES.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
  if (person === null || page === undefined || page.rights === null) return null
  return page.rights.some((right) => person.rights[right] !== undefined) ? null : page
}

/** g and a letter goes to a page that the person may see. */
function useGoKeys(): void {
  const navigate = useNavigate()
  const { rights } = usePerson()
  const mine = PAGES.filter((page) => page.rights === null || page.rights.some((right) => rights[right] !== undefined))
  useKeys(Object.fromEntries(mine.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])))
}

function useScans(): void {
  const t = useText()
  const find = useFind()
  useScanner(({ text, by }) => {
    announce('wait', t('find.searching'))
    void find(text, by).then(
      () => announce(null, ''),
      (error: Error) => announce('bad', error.message === '' ? t('state.offlineShort') : error.message),
    )
  })
}

/** The session ended on the server: the URL keeps the page, to which the person returns. */
function useSignedOut(): void {
  const client = useQueryClient()
  const navigate = useNavigate()
  useEffect(() => {
    hooks.signedOut = () => {
      const back = `${location.pathname}${location.search}`
      void client.fetchQuery({ ...sessionQuery, staleTime: 0 }).then(
        ({ state }) => {
          if (state === 'signedIn') return
          client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
          void navigate({ to: '/sign-in', search: { to: back }, state: { ended: true } })
        },
        () => undefined,
      )
    }
    return () => {
      hooks.signedOut = () => undefined
    }
  }, [client, navigate])
}

/** Asks for authentication before acts that the table of rights marks so, anywhere in the app. */
function Prove() {
  const [asking, setAsking] = useState<((proven: boolean) => void) | null>(null)
  useEffect(() => {
    hooks.prove = () => new Promise<boolean>((resolve) => setAsking(() => resolve))
    return () => {
      hooks.prove = () => Promise.resolve(false)
    }
  }, [])
  if (asking === null) return null
  return (
    <Suspense>
      <ProveDialog
        onDone={(proven) => {
          asking(proven)
          setAsking(null)
        }}
      />
    </Suspense>
  )
}

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect,
} from '@tanstack/react-router' // prettier-ignore
import { type Session, sessionQuery } from './api/session.ts'
import { Frame } from './components/Frame.tsx'
import { NotFound, NotFoundAlone } from './components/NotFound.tsx'
import { TableSkeleton } from './components/States.tsx'
import { type Page, PAGES } from './pages.ts'

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundAlone,
})

/** Pages inside the frame need a session; the requested page is kept for after the sign-in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    const { state } = await context.client.ensureQueryData(sessionQuery)
    if (state !== 'signedIn')
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
  },
})

const index = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { person } = await context.client.ensureQueryData(sessionQuery)
    const home = PAGES.find(({ to }) => to === person?.home) ?? PAGES.find((page) => mayOpen(person, page))
    throw redirect({ to: home?.to ?? '/profile', replace: true })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./screens/SignIn.tsx'), 'SignIn'),
})
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./screens/Invitation.tsx'), 'Invitation'),
})

const mayOpen = (person: Session['person'], { rights }: Page): boolean =>
  rights === null || rights.some((right) => person?.rights[right] !== undefined)

const within = { getParentRoute: () => frame } as const

const pages = [
  createRoute({
    ...within,
    path: '/today',
    component: lazyRouteComponent(() => import('./screens/Today.tsx'), 'Today'),
  }),
  createRoute({ ...within, path: '/find', component: lazyRouteComponent(() => import('./screens/Find.tsx'), 'Find') }),
  createRoute({
    ...within,
    path: '/cards',
    component: lazyRouteComponent(() => import('./screens/Cards.tsx'), 'Cards'),
  }),
  createRoute({
    ...within,
    path: '/cards/$id',
    component: lazyRouteComponent(() => import('./screens/Card.tsx'), 'Card'),
  }),
  createRoute({
    ...within,
    path: '/bulk/$id',
    component: lazyRouteComponent(() => import('./screens/BulkResult.tsx'), 'BulkResult'),
  }),
  createRoute({
    ...within,
    path: '/transactions',
    component: lazyRouteComponent(() => import('./screens/Transactions.tsx'), 'Transactions'),
  }),
  createRoute({
    ...within,
    path: '/transactions/$id',
    component: lazyRouteComponent(() => import('./screens/Transaction.tsx'), 'Transaction'),
  }),
  createRoute({
    ...within,
    path: '/cases',
    component: lazyRouteComponent(() => import('./screens/Cases.tsx'), 'Cases'),
  }),
  createRoute({
    ...within,
    path: '/cases/$id',
    component: lazyRouteComponent(() => import('./screens/Case.tsx'), 'Case'),
  }),
  createRoute({
    ...within,
    path: '/issues',
    component: lazyRouteComponent(() => import('./screens/issues/Issues.tsx'), 'Issues'),
  }),
  createRoute({
    ...within,
    path: '/issues/$code',
    component: lazyRouteComponent(() => import('./screens/issues/Issue.tsx'), 'Issue'),
  }),
  createRoute({
    ...within,
    path: '/packs',
    component: lazyRouteComponent(() => import('./screens/packs/Packs.tsx'), 'Packs'),
  }),
  createRoute({
    ...within,
    path: '/packs/$id',
    component: lazyRouteComponent(() => import('./screens/packs/Pack.tsx'), 'Pack'),
  }),
  createRoute({
    ...within,
    path: '/ecards',
    component: lazyRouteComponent(() => import('./screens/ecards/Ecards.tsx'), 'Ecards'),
  }),
  createRoute({
    ...within,
    path: '/stores',
    component: lazyRouteComponent(() => import('./screens/stores/Stores.tsx'), 'Stores'),
  }),
  createRoute({
    ...within,
    path: '/stores/$code',
    component: lazyRouteComponent(() => import('./screens/stores/Store.tsx'), 'Store'),
  }),
  createRoute({
    ...within,
    path: '/terminals',
    component: lazyRouteComponent(() => import('./screens/stores/Terminals.tsx'), 'Terminals'),
  }),
  createRoute({
    ...within,
    path: '/terminals/$code',
    component: lazyRouteComponent(() => import('./screens/stores/Terminal.tsx'), 'Terminal'),
  }),
  createRoute({
    ...within,
    path: '/shops',
    component: lazyRouteComponent(() => import('./screens/shops/Shops.tsx'), 'Shops'),
  }),
  createRoute({
    ...within,
    path: '/shops/$code',
    component: lazyRouteComponent(() => import('./screens/shops/Shop.tsx'), 'Shop'),
  }),
  createRoute({
    ...within,
    path: '/upstreams',
    component: lazyRouteComponent(() => import('./screens/Upstreams.tsx'), 'Upstreams'),
  }),
  createRoute({
    ...within,
    path: '/welfare',
    component: lazyRouteComponent(() => import('./screens/welfare/Welfare.tsx'), 'Welfare'),
  }),
  createRoute({
    ...within,
    path: '/welfare/employers/$code',
    component: lazyRouteComponent(() => import('./screens/welfare/Employees.tsx'), 'Employees'),
  }),
  createRoute({
    ...within,
    path: '/welfare/$id',
    component: lazyRouteComponent(() => import('./screens/welfare/Batch.tsx'), 'Batch'),
  }),
  createRoute({
    ...within,
    path: '/journals/$id',
    component: lazyRouteComponent(() => import('./screens/Journal.tsx'), 'Journal'),
  }),
  createRoute({
    ...within,
    path: '/approvals',
    component: lazyRouteComponent(() => import('./screens/Approvals.tsx'), 'Approvals'),
  }),
  createRoute({
    ...within,
    path: '/reports',
    component: lazyRouteComponent(() => import('./screens/Reports.tsx'), 'Reports'),
  }),
  createRoute({
    ...within,
    path: '/reports/$report',
    component: lazyRouteComponent(() => import('./screens/Report.tsx'), 'Report'),
  }),
  createRoute({
    ...within,
    path: '/settlements',
    component: lazyRouteComponent(() => import('./screens/settlements/Settlements.tsx'), 'Settlements'),
  }),
  createRoute({
    ...within,
    path: '/settlements/$id',
    component: lazyRouteComponent(() => import('./screens/settlements/Settlement.tsx'), 'Settlement'),
  }),
  createRoute({
    ...within,
    path: '/counterparties',
    component: lazyRouteComponent(() => import('./screens/counterparties/Counterparties.tsx'), 'Counterparties'),
  }),
  createRoute({
    ...within,
    path: '/counterparties/$code',
    component: lazyRouteComponent(() => import('./screens/counterparties/Counterparty.tsx'), 'Counterparty'),
  }),
  createRoute({
    ...within,
    path: '/users',
    component: lazyRouteComponent(() => import('./screens/Users.tsx'), 'Users'),
  }),
  createRoute({
    ...within,
    path: '/audit',
    component: lazyRouteComponent(() => import('./screens/Audit.tsx'), 'Audit'),
  }),
  createRoute({
    ...within,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./screens/Alerts.tsx'), 'Alerts'),
  }),
  createRoute({ ...within, path: '/jobs', component: lazyRouteComponent(() => import('./screens/Jobs.tsx'), 'Jobs') }),
  createRoute({
    ...within,
    path: '/settings',
    component: lazyRouteComponent(() => import('./screens/Settings.tsx'), 'Settings'),
  }),
  createRoute({
    ...within,
    path: '/profile',
    component: lazyRouteComponent(() => import('./screens/Profile.tsx'), 'Profile'),
  }),
  // The page for an unknown path keeps the navigation.
  createRoute({ ...within, path: '$', component: NotFound }),
] as const

const tree = root.addChildren([signIn, invitation, frame.addChildren([index, ...pages])])

/** Values of a URL stay text: `stan=004182` is not parsed as a number. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))

function stringifySearch(search: Record<string, unknown>): string {
  const kept = Object.entries(search).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '',
  )
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`
}

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingMs: 150,
    defaultPendingComponent: TableSkeleton,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
  interface HistoryState {
    /** The sign-in page after the end of a session, which the person may not have noticed. */
    ended?: boolean
  }
}

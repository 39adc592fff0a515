import {
  type Icon, IconAlertTriangle, IconArrowsExchange, IconBox, IconBuilding, IconBuildingStore, IconCards, IconCashRegister, IconChartBar, IconClock, IconHeartHandshake, IconHistory, IconListCheck, IconRouteSquare, IconWorldWww, IconStack2, IconLoader2, IconMail, IconScale, IconSettings,
  IconSquareCheck, IconUserCircle, IconUsers,
} from '@tabler/icons-react' // prettier-ignore
import type { Right } from './api/session.ts'
import type { TextId } from './i18n/texts.ts'

export type Page = {
  readonly to: string
  readonly text: TextId
  readonly icon: Icon
  /** The key after g. */
  readonly key: string
  /** The rights of which one is needed to see the page; null: everybody sees it. */
  readonly rights: readonly Right[] | null
  readonly counts?: 'cases' | 'approvals' | 'alerts'
}

type Group = { readonly group?: TextId; readonly pages: readonly Page[] }

/** The pages of the navigation, grouped by work. */
// prettier-ignore
export const NAVIGATION: readonly Group[] = [
  {
    pages: [
      { to: '/today', text: 'page.today', icon: IconClock, key: 't', rights: ['today.see'] },
      { to: '/cases', text: 'page.cases', icon: IconListCheck, key: 'c', rights: ['cases.find'], counts: 'cases' },
      { to: '/approvals', text: 'page.approvals', icon: IconSquareCheck, key: 'a', rights: null, counts: 'approvals' },
    ],
  },
  {
    group: 'nav.cards',
    pages: [
      { to: '/cards', text: 'page.cards', icon: IconCards, key: 'k', rights: ['cards.find'] },
      { to: '/transactions', text: 'page.transactions', icon: IconArrowsExchange, key: 'x', rights: ['transactions.find'] },
      { to: '/welfare', text: 'page.welfare', icon: IconHeartHandshake, key: 'w', rights: ['welfare.find'] },
    ],
  },
  {
    group: 'nav.issuing',
    pages: [
      { to: '/issues', text: 'page.issues', icon: IconStack2, key: 'i', rights: ['issues.find'] },
      { to: '/packs', text: 'page.packs', icon: IconBox, key: 'o', rights: ['packs.find'] },
      { to: '/ecards', text: 'page.ecards', icon: IconMail, key: 'v', rights: ['ecards.sell', 'ecards.sell.approve'] },
    ],
  },
  {
    group: 'nav.figures',
    pages: [
      { to: '/reports', text: 'page.reports', icon: IconChartBar, key: 'r', rights: ['reports.see'] },
      { to: '/settlements', text: 'page.settlements', icon: IconScale, key: 'f', rights: ['reports.see'] },
      { to: '/counterparties', text: 'page.counterparties', icon: IconBuilding, key: 'n', rights: ['counterparties.find'] },
    ],
  },
  {
    group: 'nav.network',
    pages: [
      { to: '/stores', text: 'page.stores', icon: IconBuildingStore, key: 'd', rights: ['stores.find'] },
      { to: '/terminals', text: 'page.terminals', icon: IconCashRegister, key: 'm', rights: ['terminals.find'] },
      { to: '/shops', text: 'page.shops', icon: IconWorldWww, key: 'q', rights: ['shops.edit'] },
      { to: '/upstreams', text: 'page.upstreams', icon: IconRouteSquare, key: 'h', rights: ['upstreams.see'] },
    ],
  },
  {
    group: 'nav.oversight',
    pages: [
      { to: '/users', text: 'page.users', icon: IconUsers, key: 'u', rights: ['users.edit', 'audit.see'] },
      { to: '/audit', text: 'page.audit', icon: IconHistory, key: 'l', rights: ['audit.see'] },
      { to: '/alerts', text: 'page.alerts', icon: IconAlertTriangle, key: 'e', rights: ['alerts.see'], counts: 'alerts' },
      { to: '/jobs', text: 'page.jobs', icon: IconLoader2, key: 'b', rights: null },
    ],
  },
  {
    group: 'nav.setup',
    pages: [
      { to: '/settings', text: 'page.settings', icon: IconSettings, key: 's', rights: ['settings.edit', 'audit.see'] },
      { to: '/profile', text: 'page.profile', icon: IconUserCircle, key: 'p', rights: null },
    ],
  },
]

export const PAGES: readonly Page[] = NAVIGATION.flatMap(({ pages }) => pages)

import { BULK } from './api/bulk.ts'
import { CARDS } from './api/cards.ts'
import { FIND } from './api/find.ts'
import { SEARCHES } from './api/searches.ts'
import { COUNTERPARTIES } from './api/counterparties.ts'
import { ECARDS } from './api/ecards.ts'
import { APPROVALS, AUDIT, TODAY, UPKEEP } from './api/office.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from './api/route.ts'
import { WELFARE } from './api/welfare.ts'
import { PROFILE, SESSION, USERS } from './api/session.ts'
import { ISSUES } from './api/issues.ts'
import { PACKS } from './api/packs.ts'
import { SHOPS } from './api/shops.ts'
import { STORES } from './api/stores.ts'
import { REPORTS } from './api/reports.ts'
import { SETTLEMENTS } from './api/settlements.ts'
import { CASES, TRANSACTIONS } from './api/transactions.ts'

/**
 * AkartMenu's API: every route with its schemas. The server is generated from it, the browser app takes its types from
 * it, and the tests walk it. Everything is JSON; refusals are answered with a problem (api/problem.ts). A request other
 * than GET carries the header `X-CSRF-Token` with the value from `session.show`, and the page's own Origin.
 * `Accept-Language` pl or en selects the language of problems.
 */
export const API = {
  ...SESSION,
  ...PROFILE,
  ...USERS,
  ...FIND,
  ...CARDS,
  ...SEARCHES,
  ...BULK,
  ...TRANSACTIONS,
  ...CASES,
  ...TODAY,
  ...APPROVALS,
  ...AUDIT,
  ...UPKEEP,
  ...ISSUES,
  ...PACKS,
  ...STORES,
  ...ECARDS,
  ...SHOPS,
  ...WELFARE,
  ...REPORTS,
  ...COUNTERPARTIES,
  ...SETTLEMENTS,
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof API
export const ROUTE_NAMES = Object.keys(API) as readonly RouteName[]

/** For the browser app: `Answer<'cards.show'>`, `Query<'cards.list'>`. */
export type Params<N extends RouteName> = ParamsOf<(typeof API)[N]>
export type Query<N extends RouteName> = QueryOf<(typeof API)[N]>
export type Body<N extends RouteName> = BodyOf<(typeof API)[N]>
export type Answer<N extends RouteName> = AnswerOf<(typeof API)[N]>

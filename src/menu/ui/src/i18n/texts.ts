import { approvals } from './texts/approvals.ts'
import { cards } from './texts/cards.ts'
import { cases } from './texts/cases.ts'
import { ecards } from './texts/ecards.ts'
import { frame } from './texts/frame.ts'
import { issueSettings } from './texts/issue-settings.ts'
import { issues } from './texts/issues.ts'
import { figures } from './texts/figures.ts'
import { lists } from './texts/lists.ts'
import { packs } from './texts/packs.ts'
import { people } from './texts/people.ts'
import { reports } from './texts/reports.ts'
import { rights } from './texts/rights.ts'
import { shops } from './texts/shops.ts'
import { stores } from './texts/stores.ts'
import { transactions } from './texts/transactions.ts'
import { upkeep } from './texts/upkeep.ts'
import { welfare } from './texts/welfare.ts'

export const TEXTS: Readonly<Record<string, readonly [en: string, pl: string]>> = {
  ...approvals,
  ...cards,
  ...cases,
  ...ecards,
  ...figures,
  ...frame,
  ...issueSettings,
  ...issues,
  ...lists,
  ...packs,
  ...people,
  ...reports,
  ...rights,
  ...shops,
  ...stores,
  ...transactions,
  ...upkeep,
  ...welfare,
}

export type TextId =
  | keyof typeof approvals
  | keyof typeof cards
  | keyof typeof cases
  | keyof typeof ecards
  | keyof typeof figures
  | keyof typeof frame
  | keyof typeof issueSettings
  | keyof typeof issues
  | keyof typeof lists
  | keyof typeof packs
  | keyof typeof people
  | keyof typeof reports
  | keyof typeof rights
  | keyof typeof shops
  | keyof typeof stores
  | keyof typeof transactions
  | keyof typeof upkeep
  | keyof typeof welfare

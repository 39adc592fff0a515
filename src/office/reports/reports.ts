import { isRefused, refused, type Refused } from '../refusal.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import type { Office } from '../office.ts'
import { storesOf } from '../rights.ts'
import { ACTIVITY } from './activity.ts'
import { BREAKAGE } from './breakage.ts'
import { CASHIERS } from './cashiers.ts'
import { COUNTERPARTIES } from './counterparties.ts'
import { DECLINES } from './declines.ts'
import type { Definition, ReportOptions } from './definition.ts'
import { LIABILITY } from './liability.ts'
import { NETWORK } from './network.ts'
import { USERS } from './people.ts'
import { type Report, type ReportFilter, subtotalsOf, totalsOf } from './report.ts'
import { ROLL_FORWARD } from './roll-forward.ts'
import { SETTLEMENT } from './settlement.ts'
import { inSnapshot } from './snapshot.ts'
import { CARDS, PACKS } from './stock.ts'
import { TILLS } from './tills.ts'
import { UNCONFIRMED } from './unconfirmed.ts'
import { WELFARE } from './welfare.ts'

export const REPORTS = {
  activity: ACTIVITY,
  liability: LIABILITY,
  'roll-forward': ROLL_FORWARD,
  settlement: SETTLEMENT,
  breakage: BREAKAGE,
  cards: CARDS,
  packs: PACKS,
  unconfirmed: UNCONFIRMED,
  declines: DECLINES,
  tills: TILLS,
  cashiers: CASHIERS,
  welfare: WELFARE,
  counterparties: COUNTERPARTIES,
  users: USERS,
  network: NETWORK,
} as const satisfies Record<string, Definition>

export type ReportName = keyof typeof REPORTS
export const REPORT_NAMES = Object.keys(REPORTS) as readonly ReportName[]

export const isReportName = (name: string): name is ReportName => Object.hasOwn(REPORTS, name)

export type ReportSelection = Partial<ReportFilter & ReportOptions>

/** Makes a report: checks the right and the filter, opens one snapshot, computes the figures of the definition and their totals. */
export async function runReport(
  office: Office,
  actor: Actor,
  name: string,
  input: ReportSelection,
): Promise<Report | Refused> {
  if (!isReportName(name)) return refused('no_such_report', { report: name })
  const definition: Definition = REPORTS[name]
  const stores = visibleStores(actor, definition, input.stores ?? null)
  if (isRefused(stores)) return stores
  const issues = issueIds(office, input.issues ?? null)
  if (isRefused(issues)) return issues
  return inSnapshot(office, async (snapshot) => {
    const today = dateIn(office.timeZone, office.clock())
    const last = snapshot.lastDay !== null && snapshot.lastDay > today ? snapshot.lastDay : today
    const filter = filterOf(definition, input, stores, { today, last })
    if (filter.from !== null && filter.to !== null && filter.from > filter.to) {
      return refused('period_backwards', { from: filter.from, to: filter.to })
    }
    const scope = { from: filter.from, to: filter.to, stores, issues }
    const options = {
      byOriginalDay: input.byOriginalDay ?? false,
      ageBy: input.ageBy ?? 'sale',
      gross: input.gross ?? false,
    }
    const {
      rows,
      matrix,
      notes,
      columns = definition.columns,
    } = await definition.figures({ office, snapshot, filter, scope, options })
    const { kinds } = definition
    const subtotals = kinds === undefined ? null : subtotalsOf(columns, rows, kinds)
    return {
      report: name,
      definition: definition.definition,
      exactAsOf: snapshot.exactAsOf,
      filter,
      columns,
      rows,
      ...(subtotals === null ? {} : { subtotals }),
      totals: totalsOf(columns, subtotals ?? rows),
      ...(matrix === undefined ? {} : { matrix }),
      notes: [...(notes ?? []), ...(definition.changed === undefined ? [] : [definition.changed])],
    }
  })
}

/**
 * The default start of a period: the first day of the month in which it ends. Without an end it is the first day of this month,
 * because in the evening of a month's last day tills already book on the next day.
 */
function filterOf(
  { time }: Definition,
  input: ReportSelection,
  stores: readonly string[] | null,
  { today, last }: { readonly today: string; readonly last: string },
): ReportFilter {
  const of = { stores, issues: input.issues ?? null }
  if (time === 'now') return { from: null, to: null, asOf: null, ...of }
  if (time === 'day') return { from: null, to: null, asOf: input.asOf ?? input.to ?? last, ...of }
  const asked = input.to ?? input.asOf
  return { from: input.from ?? `${(asked ?? today).slice(0, 7)}-01`, to: asked ?? last, asOf: null, ...of }
}

/** The stores that a report is about: those that were asked for, of those that the actor may see. */
function visibleStores(
  actor: Actor,
  { ownStores }: Definition,
  asked: readonly string[] | null,
): readonly string[] | null | Refused {
  const mine = storesOf(actor, 'reports.see')
  if (mine === 'all') return asked
  if (mine.size === 0 || !ownStores) return refused('right_missing', { right: 'reports.see' })
  const foreign = asked?.find((store) => !mine.has(store))
  return foreign === undefined ? (asked ?? [...mine]) : refused('not_your_store', { store: foreign })
}

function issueIds(office: Office, codes: readonly string[] | null): readonly number[] | null | Refused {
  if (codes === null) return null
  const issues = [...office.registry().issues.values()]
  const unknown = codes.find((code) => !issues.some((issue) => issue.code === code))
  if (unknown !== undefined) return refused('no_such_issue', { issue: unknown })
  return codes.flatMap((code) => issues.find((issue) => issue.code === code)?.id ?? [])
}

/** The reports that a person may see. */
export function listReports(
  actor: Actor,
): readonly (Pick<Definition, 'title' | 'about'> & { report: ReportName })[] | Refused {
  const mine = storesOf(actor, 'reports.see')
  if (mine !== 'all' && mine.size === 0) return refused('right_missing', { right: 'reports.see' })
  return REPORT_NAMES.filter((name) => mine === 'all' || REPORTS[name].ownStores).map((report) => {
    const { title, about } = REPORTS[report]
    return { report, title, about }
  })
}

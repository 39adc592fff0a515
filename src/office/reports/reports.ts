import { isRefused, refused, type Refused, type Words } from '../refusal.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import type { Office } from '../office.ts'
import { periodObjection } from '../period.ts'
import { storesOf } from '../rights.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { selectCounterparties } from '../../db/sql/counterparties.ts'
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
  const no = periodObjection(input.from ?? null, input.to ?? null, input.asOf ?? null)
  if (no !== null) return no
  const chosen = withoutOthers(definition, input)
  const stores = visibleStores(actor, definition, chosen.stores)
  if (isRefused(stores)) return stores
  const issues = issueIds(office, chosen.issues)
  if (isRefused(issues)) return issues
  return inSnapshot(office, async (snapshot) => {
    const unknown = name === 'declines' ? null : await unknownParty(office, snapshot.connection, definition, stores)
    if (unknown !== null) return unknown
    const today = dateIn(office.timeZone, office.clock())
    const last = snapshot.lastDay !== null && snapshot.lastDay > today ? snapshot.lastDay : today
    const filter = filterOf(definition, input, { stores, issues: chosen.issues }, { today, last })
    const backwards = periodObjection(filter.from, filter.to)
    if (backwards !== null) return backwards
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
    const told = toldOf(name, options)
    const subtotals = kinds === undefined ? null : subtotalsOf(columns, rows, kinds)
    return {
      report: name,
      definition: definition.definition,
      exactAsOf: snapshot.exactAsOf,
      filter: { ...filter, ...told.filter },
      columns,
      rows,
      ...(subtotals === null ? {} : { subtotals }),
      totals: totalsOf(columns, subtotals ?? rows),
      ...(matrix === undefined ? {} : { matrix }),
      notes: [
        ...told.notes,
        ...noEffect(definition, input),
        ...(notes ?? []),
        ...(definition.changed === undefined ? [] : [definition.changed]),
      ],
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
  of: Pick<ReportFilter, 'stores' | 'issues'>,
  { today, last }: { readonly today: string; readonly last: string },
): ReportFilter {
  if (time === 'now') return { from: null, to: null, asOf: null, ...of }
  if (time === 'day') return { from: null, to: null, asOf: input.asOf ?? input.to ?? last, ...of }
  const asked = input.to ?? input.asOf
  return { from: input.from ?? `${(asked ?? today).slice(0, 7)}-01`, to: asked ?? last, asOf: null, ...of }
}

const isByParty = ({ filters }: Definition): boolean => filters.some((by) => by !== 'issues')

/** What was asked for, but for filters by which a report does not go. */
const withoutOthers = (definition: Definition, input: ReportSelection): Pick<ReportFilter, 'stores' | 'issues'> => ({
  stores: isByParty(definition) ? (input.stores ?? null) : null,
  issues: definition.filters.includes('issues') ? (input.issues ?? null) : null,
})

const NO_EFFECT = {
  stores: {
    en: 'Stores are no filter of this report: it has all of them.',
    pl: 'Sklepy nie zawężają tego raportu: obejmuje wszystkie.',
  },
  issues: {
    en: 'Issues are no filter of this report: it has all of them.',
    pl: 'Emisje nie zawężają tego raportu: obejmuje wszystkie.',
  },
  days: {
    en: 'Days are no filter of this report: it is of now.',
    pl: 'Dni nie zawężają tego raportu: pokazuje stan bieżący.',
  },
} as const satisfies Record<string, Words>

/** Notes about filters that were given but have no effect on this report, because a reader of the file would assume the effect. */
function noEffect(definition: Definition, { from, to, asOf, stores, issues }: ReportSelection): Words[] {
  const isGiven = (filter: unknown): boolean => filter !== null && filter !== undefined
  return [
    ...(isGiven(stores) && !isByParty(definition) ? [NO_EFFECT.stores] : []),
    ...(isGiven(issues) && !definition.filters.includes('issues') ? [NO_EFFECT.issues] : []),
    ...(definition.time === 'now' && [from, to, asOf].some(isGiven) ? [NO_EFFECT.days] : []),
  ]
}

const AGE_BY = {
  sale: { en: 'Age: days since the sale.', pl: 'Wiek: dni od sprzedaży.' },
  activity: { en: 'Age: days since the last activity.', pl: 'Wiek: dni od ostatniej operacji.' },
  validity: { en: 'Age: days until the end of validity.', pl: 'Wiek: dni do końca ważności.' },
} as const satisfies Record<ReportOptions['ageBy'], Words>

type Told = { readonly filter: Partial<ReportFilter>; readonly notes: readonly Words[] }

/** What was chosen beyond the filter: figures of one name mean something else with it. */
function toldOf(name: ReportName, { byOriginalDay, ageBy, gross }: ReportOptions): Told {
  if (name === 'liability') return { filter: { ageBy }, notes: [AGE_BY[ageBy]] }
  if (name === 'activity' && byOriginalDay) {
    const en = 'By original day: what was undone is counted on the day of what it undoes.'
    const pl = 'Według dnia pierwotnego: cofnięcie liczy się w dniu tego, co cofa.'
    return { filter: { byOriginalDay }, notes: [{ en, pl }] }
  }
  if (name === 'roll-forward' && gross) {
    const en = 'Gross: each step as it was booked, and beside it what was taken back.'
    const pl = 'Brutto: każdy krok tak, jak go zaksięgowano, a obok to, co cofnięto.'
    return { filter: { gross }, notes: [{ en, pl }] }
  }
  return { filter: {}, notes: [] }
}

/** A store or counterparty that there is none of: its report would be empty, as if nothing had happened there. */
export async function unknownParty(
  { registry }: Pick<Office, 'registry'>,
  connection: Pick<WorkerConnection, 'send'>,
  { filters }: Definition,
  codes: readonly string[] | null,
): Promise<Refused | null> {
  const known = registry().stores
  const others = codes?.filter((code) => !known.has(code) && code !== 'AKART') ?? []
  if (others.length === 0) return null
  const [rows = []] = await connection.send(selectCounterparties)
  const counterparties = new Set(rows.map(([code]) => String(code)))
  const unknown = others.find((code) => !counterparties.has(code))
  if (unknown === undefined) return null
  return filters.includes('stores')
    ? refused('no_such_store', { store: unknown })
    : refused('no_such_counterparty', { code: unknown })
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

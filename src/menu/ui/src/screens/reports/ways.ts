import type { Answer } from '../../api/call.ts'
import { endOfDay, startOfDay } from '../../i18n/days.ts'

type ReportAnswer = Answer<'reports.show'>

type Way = { readonly to: string; readonly search: Record<string, string> }

type Rule = {
  readonly to: string
  /** Column of the report → parameter of the list. */
  readonly by: Readonly<Record<string, string>>
  readonly fixed?: Record<string, string>
  /** The column whose value ends the path. */
  readonly page?: string
  /** The link leads to another report of the same period. */
  readonly period?: true
  /** The link has no period. */
  readonly whenever?: true
  /** The link has the period as instants, because its list is filtered by them. */
  readonly instants?: true
}

/**
 * The list, with criteria, that contains the rows counted in a row. A sum over days leads to the activity of those
 * days, whose rows lead to their transactions: three clicks to the transfer.
 */
const WAYS: Readonly<Record<string, Rule>> = {
  activity: {
    to: '/transactions',
    by: { day: 'day', store: 'store', issue: 'issue', operation: 'operation', channel: 'channel' },
  },
  'roll-forward': { to: '/reports/activity', by: { issue: 'issue' }, period: true },
  liability: { to: '/cards', by: { issue: 'issue', store: 'soldIn' } },
  settlement: { to: '/reports/activity', by: { store: 'store' }, period: true },
  network: { to: '/reports/activity', by: {}, period: true },
  counterparties: { to: '/counterparties', by: {}, page: 'counterparty' },
  breakage: { to: '/cards', by: { issue: 'issue' } },
  cards: { to: '/cards', by: { issue: 'issue', state: 'state' } },
  unconfirmed: {
    to: '/transactions',
    by: { store: 'store', terminal: 'terminal' },
    fixed: { state: 'unconfirmed' },
    whenever: true,
  },
  declines: {
    to: '/transactions',
    by: { reason: 'response', store: 'store', terminal: 'terminal' },
    fixed: { state: 'declined' },
  },
  tills: { to: '/transactions', by: { day: 'day', store: 'store', terminal: 'terminal' } },
  users: { to: '/audit', by: { user: 'who', channel: 'channel', action: 'action' }, instants: true },
  packs: { to: '/packs', by: { recipient: 'recipient', issue: 'issue', state: 'state' } },
  // Leads to the batch with its loads and unspent amounts, never to where or when somebody bought.
  welfare: { to: '/welfare', by: {}, page: 'batch' },
  cashiers: { to: '/transactions', by: { store: 'store', terminal: 'terminal' } },
}

/** The link of a row of a report; null: none. */
export function wayTo(
  { report, columns, filter }: ReportAnswer,
  cells: readonly ReportAnswer['rows'][number][number][],
  timeZone: string,
): Way | null {
  const way = WAYS[report]
  if (way === undefined) return null
  const search: Record<string, string> = { ...way.fixed }
  const at = (name: string) => cells[columns.findIndex((column) => column.name === name)]
  for (const [name, parameter] of Object.entries(way.by)) {
    const value = at(name)
    if (typeof value === 'string' && value !== '') search[parameter] = value
  }
  if (way.page !== undefined && (at(way.page) ?? '') === '') return null
  if (way.page !== undefined) return { to: `${way.to}/${encodeURIComponent(String(at(way.page)))}`, search }
  if (way.period === true) {
    // A row for a longer period than the filter's has its own days.
    const [from, to] = [at('from') ?? filter.from, at('to') ?? filter.to]
    if (typeof from === 'string') search['from'] = from
    if (typeof to === 'string') search['to'] = to
  }
  if (way.instants === true && filter.from !== null && filter.to !== null) {
    search['from'] = startOfDay(filter.from, timeZone)
    search['to'] = endOfDay(filter.to, timeZone)
  }
  if (way.to === '/transactions' && way.whenever !== true && search['day'] === undefined) {
    Object.assign(search, daysOf(filter, timeZone))
  }
  const cohort = at('cohort')
  if (typeof cohort === 'string' && cohort !== '') Object.assign(search, soldIn(cohort))
  return { to: way.to, search }
}

/** A day by its business day; a longer period by the instants at which it begins and ends. */
function daysOf({ from, to }: ReportAnswer['filter'], timeZone: string): Record<string, string> {
  if (from === null || to === null) return {}
  return from === to ? { day: from } : { from: startOfDay(from, timeZone), to: endOfDay(to, timeZone) }
}

/** The days of the month in which a cohort was sold. */
function soldIn(month: string): Record<string, string> {
  const last = new Date(`${month}-01T00:00:00Z`)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  return { soldFrom: `${month}-01`, soldTo: last.toISOString().slice(0, 10) }
}

import type { Answer } from '../../api/call.ts'

type ReportAnswer = Answer<'reports.show'>

type Way = { readonly to: '/transactions' | '/cards' | '/cases'; readonly search: Record<string, string> }

/** Which list holds what a row counts, and its criteria: column of the report → parameter of the list. */
const WAYS: Readonly<
  Record<
    string,
    { readonly to: Way['to']; readonly by: Readonly<Record<string, string>>; readonly fixed?: Record<string, string> }
  >
> = {
  activity: { to: '/transactions', by: { day: 'day', store: 'store', operation: 'operation', channel: 'channel' } },
  'roll-forward': { to: '/transactions', by: {} },
  liability: { to: '/cards', by: { issue: 'issue', store: 'soldIn' } },
  settlement: { to: '/transactions', by: { store: 'store' } },
  breakage: { to: '/cards', by: { issue: 'issue' } },
  cards: { to: '/cards', by: { issue: 'issue', state: 'state' } },
  unconfirmed: { to: '/transactions', by: { store: 'store', terminal: 'terminal' }, fixed: { state: 'unconfirmed' } },
  declines: {
    to: '/transactions',
    by: { reason: 'response', store: 'store', terminal: 'terminal' },
    fixed: { state: 'declined' },
  },
  tills: { to: '/transactions', by: { day: 'day', store: 'store', terminal: 'terminal' } },
  cashiers: { to: '/transactions', by: { store: 'store', terminal: 'terminal' } },
}

/** Where a row of a report leads; null: nowhere. */
export function wayTo(
  { report, columns, filter }: ReportAnswer,
  cells: readonly ReportAnswer['rows'][number][number][],
): Way | null {
  const way = WAYS[report]
  if (way === undefined) return null
  const search: Record<string, string> = { ...way.fixed }
  for (const [name, parameter] of Object.entries(way.by)) {
    const value = cells[columns.findIndex((column) => column.name === name)]
    if (typeof value === 'string' && value !== '') search[parameter] = value
  }
  if (way.to === '/transactions' && search['day'] === undefined && filter.from !== null && filter.from === filter.to) {
    search['day'] = filter.from
  }
  return { to: way.to, search }
}

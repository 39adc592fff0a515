import { selectDeclined } from '../../db/sql/report-queries.ts'
import { column, type Definition, grouped, isIn, isWithin, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const DECLINES: Definition = {
  title: { en: 'Declines', pl: 'Odmowy' },
  about: {
    en: 'Refused requests by reason, store and terminal.',
    pl: 'Odrzucone żądania według powodu, sklepu i terminala.',
  },
  definition: 1,
  ownStores: true,
  time: 'period',
  filters: ['stores'],
  columns: [
    column('reason', 'text', 'Reason', 'Powód'),
    column('store', 'text', 'Store', 'Sklep'),
    column('terminal', 'text', 'Terminal', 'Terminal'),
    column('count', 'count', 'Number', 'Liczba'),
  ],
  chart: { by: 'reason', value: 'count' },
  figures,
}

async function figures({ snapshot, scope }: Question): Promise<Figures> {
  const [rows = []] = await snapshot.connection.send(selectDeclined(scope))
  const kept = rows.map((row) => {
    const [reason, store, terminal, count] = row as [string, string, string, number]
    return { reason, store, terminal, count }
  })
  const more = snapshot.unfolded.sums.declines.filter(
    ({ day, store }) => isWithin(scope, day) && isIn(scope.stores, store),
  )
  const sums = grouped(
    [...kept, ...more],
    ({ reason, store, terminal }) => [reason, store, terminal].join('\n'),
    ({ reason, store, terminal }) => ({ reason, store, terminal, count: 0 }),
    (sum, { count }) => ({ ...sum, count: sum.count + count }),
  )
  return { rows: sortedBy(sums, 'reason', 'store', 'terminal') }
}

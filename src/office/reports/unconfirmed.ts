import { instant } from '../../db/sql/literal.ts'
import { selectByTimer, selectCasesOf, selectOpenNow } from '../../db/sql/report-queries.ts'
import { dayEnd, dayStart } from '../day-bounds.ts'
import { column, type Definition, grouped, isIn, isWithin, letters, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const UNCONFIRMED: Definition = {
  title: { en: 'Unconfirmed', pl: 'Niepotwierdzone' },
  about: {
    en: 'What waits for its confirmation now; what the timer took back and which cases were opened and cleared in the period.',
    pl: 'Co teraz czeka na potwierdzenie; co w okresie cofnął zegar i które wyjaśnienia otwarto i zamknięto.',
  },
  definition: 1,
  ownStores: true,
  time: 'period',
  filters: ['stores'],
  columns: [
    column('store', 'text', 'Store', 'Sklep'),
    column('terminal', 'text', 'Terminal', 'Terminal'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('open', 'count', 'Open now', 'Otwarte teraz'),
    column('openAmount', 'money', 'Open, amount', 'Otwarte, kwota'),
    column('byTimer', 'count', 'By the timer', 'Przez zegar'),
    column('cases', 'count', 'Cases opened', 'Otwarte wyjaśnienia'),
    column('cleared', 'count', 'Cases cleared', 'Zamknięte wyjaśnienia'),
    column('secondsToClear', 'ratio', 'Average time to clear, s', 'Średni czas zamknięcia, s'),
  ],
  chart: { by: 'store', value: 'openAmount' },
  figures,
}

type Counts = { open: number; openAmount: number; byTimer: number; cases: number; cleared: number; seconds: number }
type Place = Counts & { readonly store: string; readonly terminal: string; readonly currency: number | null }

const NONE: Counts = { open: 0, openAmount: 0, byTimer: 0, cases: 0, cleared: 0, seconds: 0 }

async function figures({ office, snapshot, scope }: Question): Promise<Figures> {
  const { connection, unfolded } = snapshot
  const from = scope.from === null ? null : instant(dayStart(scope.from, office.timeZone))
  const until = scope.to === null ? null : instant(dayEnd(scope.to, office.timeZone))
  const [open = [], timed = [], cases = []] = await connection.send(
    `${selectOpenNow(scope.stores)};${selectByTimer(scope)};${selectCasesOf(scope, from, until)}`,
  )
  const places: Place[] = [
    ...open.map((row) => ({ ...placeOf(row), open: Number(row[3]), openAmount: Number(row[4]) })),
    ...timed.map((row) => ({ ...placeOf(row), byTimer: Number(row[3]) })),
    ...cases.map((row) => ({
      ...placeOf(row),
      cases: Number(row[3]),
      cleared: Number(row[4]),
      seconds: Number(row[5]),
    })),
  ]
  const timer = unfolded.facts.filter(
    ({ role, channel, day, store }) =>
      role === 'reverses' && channel === 'job' && isWithin(scope, day) && isIn(scope.stores, store),
  )
  const terminals = await terminalsOf(
    snapshot,
    timer.flatMap(({ originalId }) => originalId ?? []),
  )
  for (const { originalId, store, currency } of timer) {
    const terminal = terminals.get(originalId ?? 0) ?? ''
    places.push({ ...NONE, store, terminal, currency, byTimer: 1 })
  }
  const sums = grouped(
    places,
    ({ store, terminal, currency }) => [store, terminal, currency].join('\n'),
    (place): Place => ({ ...place, ...NONE }),
    (sum, place): Place => ({
      ...sum,
      open: sum.open + place.open,
      openAmount: sum.openAmount + place.openAmount,
      byTimer: sum.byTimer + place.byTimer,
      cases: sum.cases + place.cases,
      cleared: sum.cleared + place.cleared,
      seconds: sum.seconds + place.seconds,
    }),
  )
  const rows = sums.map(({ store, terminal, currency, seconds, ...counts }) => ({
    store,
    terminal,
    currency: currency === null ? '' : letters(currency),
    ...counts,
    secondsToClear: counts.cleared === 0 ? null : Math.round(seconds / counts.cleared),
  }))
  return { rows: sortedBy(rows, 'store', 'terminal', 'currency') }
}

function placeOf(row: readonly unknown[]): Place {
  const [store, terminal, currency] = row as [string, string, number | null]
  return { ...NONE, store, terminal, currency }
}

/** The terminals of transactions that the timer reversed a moment ago. */
async function terminalsOf({ connection }: Question['snapshot'], ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const [rows = []] = await connection.send(`SELECT id, terminal_code FROM transactions WHERE id IN (${ids.join(',')})`)
  return new Map(rows.map((row) => [Number(row[0]), String(row[1])]))
}

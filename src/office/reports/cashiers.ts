import { selectTillActs } from '../../db/sql/report-queries.ts'
import { dayStart } from '../day-bounds.ts'
import { column, type Definition, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const CASHIERS: Definition = {
  title: { en: 'Cashiers', pl: 'Kasjerzy' },
  about: {
    en: 'Refunds, cancellations and keyed entries by terminal and hour, against what the same terminal did at that hour in the four weeks before; what stands out is marked.',
    pl: 'Zwroty, anulowania i wpisy ręczne według terminala i godziny, wobec tego, co ten sam terminal robił o tej godzinie w poprzednich czterech tygodniach; odstające są oznaczone.',
  },
  definition: 1,
  ownStores: true,
  time: 'period',
  columns: [
    column('store', 'text', 'Store', 'Sklep'),
    column('terminal', 'text', 'Terminal', 'Terminal'),
    column('hour', 'text', 'Hour', 'Godzina'),
    column('refunds', 'count', 'Refunds', 'Zwroty'),
    column('cancellations', 'count', 'Cancellations', 'Anulowania'),
    column('keyed', 'count', 'Keyed', 'Wpisane'),
    column('usual', 'ratio', 'Usual in such a period', 'Zwykle w takim okresie'),
    column('outlier', 'text', 'Stands out', 'Odstaje'),
  ],
  chart: { by: 'terminal', value: 'refunds' },
  figures: cashiers,
}

const HISTORY_DAYS = 28
const DAY_MS = 86_400_000

async function cashiers({ office, snapshot, scope }: Question): Promise<Figures> {
  const first = scope.from ?? scope.to ?? snapshot.exactAsOf.at.slice(0, 10)
  const last = scope.to ?? first
  const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1
  const before = new Date(Date.parse(first) - DAY_MS).toISOString().slice(0, 10)
  const since = new Date(Date.parse(first) - HISTORY_DAYS * DAY_MS).toISOString().slice(0, 10)
  const offset = Math.round((Date.parse(`${first}T00:00:00Z`) - dayStart(first, office.timeZone)) / 60_000)
  const [now = [], history = []] = await snapshot.connection.send(
    `${selectTillActs(scope, offset)};${selectTillActs({ ...scope, from: since, to: before }, offset)}`,
  )
  const usual = new Map(
    history.map((row) => [
      `${String(row[0])} ${String(row[1])} ${String(row[2])}`,
      ((Number(row[3]) + Number(row[4]) + Number(row[5])) * days) / HISTORY_DAYS,
    ]),
  )
  const rows = now.map((row) => {
    const [store, terminal, hour] = [String(row[0]), String(row[1]), Number(row[2])]
    const [refunds, cancellations, keyed] = [Number(row[3]), Number(row[4]), Number(row[5])]
    const expected = usual.get(`${store} ${terminal} ${hour}`) ?? 0
    return {
      store,
      terminal,
      hour: String(hour).padStart(2, '0'),
      refunds,
      cancellations,
      keyed,
      usual: Math.round(expected * 10) / 10,
      outlier: standsOut(refunds + cancellations + keyed, expected) ? 'yes' : '',
    }
  })
  return { rows: sortedBy(rows, 'store', 'terminal', 'hour') }
}

/** More than three standard deviations of a Poisson count above the expected count, and more than a handful. */
const standsOut = (count: number, expected: number): boolean =>
  count >= 5 && count > expected + 3 * Math.sqrt(Math.max(1, expected))

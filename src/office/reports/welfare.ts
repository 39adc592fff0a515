import { selectLoaded, selectRecalled } from '../../db/sql/welfare-report.ts'
import { fromInstant } from '../../db/sql/literal.ts'
import { dateIn } from '../clock.ts'
import { dayEnd, dayStart } from '../day-bounds.ts'
import { column, type Definition, isIn, letters, type Question, sortedBy } from './definition.ts'
import type { Figures, ReportRow } from './report.ts'

/** The filter's stores are employers. No column shows where or when somebody bought. */
export const WELFARE: Definition = {
  title: { en: 'Welfare', pl: 'Świadczenia' },
  about: {
    en: 'What employers have put on cards, by batch and fund, and what was recalled; the day is that of the booking.',
    pl: 'Zasilenia kart przez pracodawców według partii i funduszu oraz to, co odebrano; dzień jest dniem księgowania.',
  },
  definition: 1,
  ownStores: false,
  time: 'period',
  filters: ['counterparties'],
  columns: [
    column('employer', 'text', 'Employer', 'Pracodawca'),
    column('batch', 'text', 'Batch', 'Partia'),
    column('recall', 'text', 'Recall', 'Odebranie'),
    column('fund', 'text', 'Fund', 'Fundusz'),
    column('day', 'day', 'Day', 'Dzień'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('count', 'count', 'Cards', 'Karty'),
    column('loaded', 'money', 'Loaded', 'Zasilono'),
    column('recalled', 'money', 'Recalled', 'Odebrano'),
  ],
  chart: { by: 'employer', value: 'loaded' },
  figures,
}

/** Before there were days, and after there are any: where a filter has no bound. */
const [FIRST, LAST] = ['2000-01-01', '2999-12-31']

async function figures({ office, snapshot, scope }: Question): Promise<Figures> {
  const { timeZone } = office
  const period = { from: dayStart(scope.from ?? FIRST, timeZone), to: dayEnd(scope.to ?? LAST, timeZone) }
  const [loads = [], recalls = []] = await snapshot.connection.send(
    `${selectLoaded(null, period)};${selectRecalled(null, period)}`,
  )
  const dayOf = (at: unknown): string => dateIn(timeZone, fromInstant(String(at)))
  const textOf = (id: unknown): string => (id === null ? '' : String(Number(id)))
  const rows = [
    ...loads.map(([employer, batch, fund, currency, at, count, amount]): ReportRow => ({
      employer: String(employer), batch: textOf(batch), recall: '', fund: String(fund), day: dayOf(at),
      currency: letters(Number(currency)), count: Number(count), loaded: Number(amount), recalled: 0,
    })), // prettier-ignore
    ...recalls.map(([employer, recall, batch, currency, at, count, amount]): ReportRow => ({
      employer: String(employer), batch: textOf(batch), recall: textOf(recall), fund: '', day: dayOf(at),
      currency: letters(Number(currency)), count: Number(count), loaded: 0, recalled: -Number(amount),
    })), // prettier-ignore
  ]
  return {
    rows: sortedBy(
      rows.filter(({ employer }) => isIn(scope.stores, String(employer))),
      'employer',
      'day',
    ),
  }
}

import type { Scope } from '../../db/sql/report-queries.ts'
import { selectKeptTillActs, type TillActs, toTillActs } from '../../db/sql/report-spans.ts'
import { column, type Definition, grouped, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'
import { coverOf, tillActsOn } from './spans.ts'

export const CASHIERS: Definition = {
  title: { en: 'Cashiers', pl: 'Kasjerzy' },
  about: {
    en: 'Refunds, cancellations and keyed entries by terminal and hour, against what the same terminal did at that hour in the four weeks before; outliers are marked. Hours without any of them are left out.',
    pl: 'Zwroty, anulowania i wpisy ręczne według terminala i godziny, wobec tego, co ten sam terminal robił o tej godzinie w poprzednich czterech tygodniach; odstające są oznaczone. Godziny bez żadnego z nich pominięto.',
  },
  definition: 2,
  changed: {
    en: 'Definition 2, November 2026: hours without refunds, cancellations and keyed entries are left out; each day goes by its own clock.',
    pl: 'Definicja 2, listopad 2026: bez godzin, w których nie było zwrotów, anulowań ani wpisów ręcznych; każdy dzień według własnego zegara.',
  },
  ownStores: true,
  time: 'period',
  filters: ['stores'],
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

/** The acts of terminals in a scope, by hour: from kept figures, and from transactions for other days. */
async function actsIn({ office, snapshot }: Question, scope: Scope): Promise<TillActs[]> {
  const cover = await coverOf(snapshot, scope)
  const [kept = []] = await snapshot.connection.send(selectKeptTillActs(cover, scope))
  const open = await tillActsOn(snapshot, office.timeZone, cover.open, scope.stores)
  return grouped(
    [...kept.map(toTillActs), ...open],
    placeOf,
    (acts): TillActs => ({ ...acts, refunds: 0, cancellations: 0, keyed: 0 }),
    (sum, { refunds, cancellations, keyed }): TillActs => ({
      ...sum,
      refunds: sum.refunds + refunds,
      cancellations: sum.cancellations + cancellations,
      keyed: sum.keyed + keyed,
    }),
  )
}

const placeOf = ({ store, terminal, hour }: TillActs): string => [store, terminal, hour].join('\n')
const allOf = ({ refunds, cancellations, keyed }: TillActs): number => refunds + cancellations + keyed

async function cashiers(question: Question): Promise<Figures> {
  const { snapshot, scope } = question
  const first = scope.from ?? scope.to ?? snapshot.exactAsOf.at.slice(0, 10)
  const last = scope.to ?? first
  const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1
  const before = new Date(Date.parse(first) - DAY_MS).toISOString().slice(0, 10)
  const since = new Date(Date.parse(first) - HISTORY_DAYS * DAY_MS).toISOString().slice(0, 10)
  const now = await actsIn(question, scope)
  const history = await actsIn(question, { ...scope, from: since, to: before })
  const usual = new Map(history.map((acts) => [placeOf(acts), (allOf(acts) * days) / HISTORY_DAYS]))
  const rows = now.map((acts) => {
    const expected = usual.get(placeOf(acts)) ?? 0
    const { store, terminal, hour, refunds, cancellations, keyed } = acts
    return {
      store,
      terminal,
      hour: String(hour).padStart(2, '0'),
      refunds,
      cancellations,
      keyed,
      usual: Math.round(expected * 10) / 10,
      outlier: standsOut(allOf(acts), expected) ? 'yes' : '',
    }
  })
  return { rows: sortedBy(rows, 'store', 'terminal', 'hour') }
}

/** More than three standard deviations of a Poisson count above the expected count, and more than a handful. */
const standsOut = (count: number, expected: number): boolean =>
  count >= 5 && count > expected + 3 * Math.sqrt(Math.max(1, expected))

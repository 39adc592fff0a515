import { selectDayEnds, selectTillActs } from '../../db/sql/report-queries.ts'
import { dayStart } from '../day-bounds.ts'
import { column, type Definition, letters, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const TILLS: Definition = {
  title: { en: 'Tills', pl: 'Kasy' },
  about: {
    en: 'Ends of day of terminals: what the switch counted, and whether the till had counted the same.',
    pl: 'Zamknięcia dnia terminali: co policzył system i czy kasa policzyła to samo.',
  },
  definition: 1,
  ownStores: true,
  time: 'period',
  columns: [
    column('day', 'day', 'Day', 'Dzień'),
    column('store', 'text', 'Store', 'Sklep'),
    column('terminal', 'text', 'Terminal', 'Terminal'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('credits', 'count', 'Credits', 'Uznania'),
    column('creditsAmount', 'money', 'Credits, amount', 'Uznania, kwota'),
    column('reversedCredits', 'count', 'Reversed credits', 'Cofnięte uznania'),
    column('reversedCreditsAmount', 'money', 'Reversed credits, amount', 'Cofnięte uznania, kwota'),
    column('debits', 'count', 'Debits', 'Obciążenia'),
    column('debitsAmount', 'money', 'Debits, amount', 'Obciążenia, kwota'),
    column('reversedDebits', 'count', 'Reversed debits', 'Cofnięte obciążenia'),
    column('reversedDebitsAmount', 'money', 'Reversed debits, amount', 'Cofnięte obciążenia, kwota'),
    column('agreed', 'text', 'Agreed', 'Zgodne'),
  ],
  chart: { by: 'terminal', value: 'debitsAmount' },
  figures: ends,
}

async function ends({ snapshot, scope }: Question): Promise<Figures> {
  const [rows = []] = await snapshot.connection.send(selectDayEnds(scope))
  return {
    rows: rows.map((row) => {
      const [day, store, terminal, currency, credits, creditsAmount, reversedCredits, reversedCreditsAmount,
        debits, debitsAmount, reversedDebits, reversedDebitsAmount, agreed] = row as [
        string, string, string, number, number, number, number, number, number, number, number, number, number,
      ] // prettier-ignore
      return {
        day,
        store,
        terminal,
        currency: letters(currency),
        credits,
        creditsAmount,
        reversedCredits,
        reversedCreditsAmount,
        debits,
        debitsAmount,
        reversedDebits,
        reversedDebitsAmount,
        agreed: agreed === 1 ? 'yes' : 'no',
      }
    }),
  }
}

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

/** Three standard deviations of a Poisson count above what is usual, and more than a handful. */
const standsOut = (count: number, expected: number): boolean =>
  count >= 5 && count > expected + 3 * Math.sqrt(Math.max(1, expected))

import { differing, type TillMove } from '../../core/reports/till-differences.ts'
import { TOTAL_NAMES } from '../../core/totals.ts'
import { selectDayEnds } from '../../db/sql/report-queries.ts'
import { selectTillMoves, selectTillLines, toTillLine, toTillMove } from '../../db/sql/till-moves.ts'
import { column, type Definition, letters, type Question } from './definition.ts'
import type { Figures, ReportRow } from './report.ts'

export const TILLS: Definition = {
  title: { en: 'Tills', pl: 'Kasy' },
  about: {
    en: 'Ends of day of terminals: what the switch counted, what the till had counted, and which transactions the difference may come from. Only here, or only in the till: by its uploaded journal; otherwise those that were reversed or late, have a case or are of the differing amount.',
    pl: 'Zamknięcia dnia terminali: co policzył system, co policzyła kasa i z których transakcji może wynikać różnica. Tylko tutaj albo tylko w kasie: według wczytanego dziennika; w przeciwnym razie cofnięte, spóźnione, z wyjaśnieniem lub na kwotę różnicy.',
  },
  definition: 2,
  changed: {
    en: 'Definition 2, November 2026: with what the till had claimed and the difference.',
    pl: 'Definicja 2, listopad 2026: z tym, co podała kasa, i różnicą.',
  },
  ownStores: true,
  time: 'period',
  filters: ['stores'],
  columns: [
    column('day', 'day', 'Day', 'Dzień'),
    column('store', 'text', 'Store', 'Sklep'),
    column('terminal', 'text', 'Terminal', 'Terminal'),
    column('total', 'text', 'Total', 'Suma'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('count', 'count', 'Number', 'Liczba'),
    column('amount', 'money', 'Amount', 'Kwota'),
    column('claimedCount', 'count', 'Claimed, number', 'Kasa, liczba'),
    column('claimedAmount', 'money', 'Claimed, amount', 'Kasa, kwota'),
    column('difference', 'money', 'Difference', 'Różnica'),
    column('agreed', 'text', 'Agreed', 'Zgodne'),
    column('transactions', 'text', 'Transactions', 'Transakcje'),
  ],
  chart: { by: 'terminal', value: 'amount' },
  figures,
}

type End = {
  readonly id: number
  readonly since: string | null
  readonly day: string
  readonly store: string
  readonly terminal: string
  readonly currency: number
  readonly agreed: boolean
  /** Number and amount of each of `TOTAL_NAMES`: ours, and the till's. */
  readonly ours: readonly number[]
  readonly claimed: readonly (number | null)[]
}

function toEnd(row: readonly unknown[]): End {
  const [id, since, day, store, terminal, currency, agreed] = row as [
    number, string | null, string, string, string, number, number,
  ] // prettier-ignore
  return {
    id,
    since,
    day,
    store,
    terminal,
    currency,
    agreed: agreed === 1,
    ours: row.slice(7, 15).map(Number),
    claimed: row.slice(15, 23) as (number | null)[],
  }
}

/** Ends of day that are looked into; a chain with more differences than that has another problem. */
const MOST_LOOKED_INTO = 200

async function figures({ snapshot: { connection }, scope }: Question): Promise<Figures> {
  const [rows = []] = await connection.send(selectDayEnds(scope))
  const ends = rows.map(toEnd)
  const found = new Map<number, string>()
  const differ = ends.filter(({ agreed }) => !agreed)
  for (const end of differ.slice(0, MOST_LOOKED_INTO)) {
    const [moves = [], lines = []] = await connection.send(`${selectTillMoves(end)};${selectTillLines(end)}`)
    const of: TillMove[] = moves.map(toTillMove)
    const amounts = differencesOf(end).filter((amount) => amount !== 0)
    found.set(end.id, differing(of, lines.map(toTillLine), amounts))
  }
  const more = differ.length - MOST_LOOKED_INTO
  return {
    rows: ends.flatMap((end) => rowsOf(end, found.get(end.id) ?? '')),
    notes:
      more <= 0
        ? []
        : [
            {
              en: `Of ${more} further ends of day that differ no transactions are named: choose a shorter period.`,
              pl: `Dla dalszych ${more} niezgodnych zamknięć nie podano transakcji: wybierz krótszy okres.`,
            },
          ],
  }
}

const differencesOf = ({ ours, claimed }: End): number[] =>
  TOTAL_NAMES.map((_, i) => {
    const theirs = claimed[2 * i + 1]
    return theirs === null || theirs === undefined ? 0 : theirs - (ours[2 * i + 1] ?? 0)
  })

/** A row for each total that is not nothing on both sides; one of nothing for a day without any. */
function rowsOf({ day, store, terminal, currency, agreed, ours, claimed }: End, transactions: string): ReportRow[] {
  const rows = TOTAL_NAMES.flatMap((total, i): ReportRow[] => {
    const [count = 0, amount = 0] = ours.slice(2 * i, 2 * i + 2)
    const [claimedCount = null, claimedAmount = null] = claimed.slice(2 * i, 2 * i + 2)
    const isNothing = count === 0 && (claimedCount ?? 0) === 0
    if (isNothing && !(i === 0 && [...ours, ...claimed].every((each) => (each ?? 0) === 0))) return []
    const difference = claimedAmount === null ? null : claimedAmount - amount
    return [
      {
        day,
        store,
        terminal,
        total,
        currency: letters(currency),
        count,
        amount,
        claimedCount,
        claimedAmount,
        difference,
        agreed: agreed ? 'yes' : 'no',
        transactions: '',
      },
    ]
  })
  return rows.map((row, i) => (i === 0 ? { ...row, transactions } : row))
}

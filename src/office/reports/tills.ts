import { differing } from '../../core/reports/till-differences.ts'
import { TOTAL_NAMES } from '../../core/totals.ts'
import { selectDayEnds, selectDifferingEnds } from '../../db/sql/report-queries.ts'
import { selectTillMoves, selectTillLines, toTillLine, toTillMove } from '../../db/sql/till-moves.ts'
import { byDay, column, type Definition, inTurns, letters, type Question } from './definition.ts'
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
  kinds: { by: 'total', order: TOTAL_NAMES },
  chart: { by: 'terminal', value: 'amount' },
  figures,
}

type End = {
  readonly id: number
  readonly day: string
  readonly store: string
  readonly terminal: string
  readonly agreed: boolean
  /** Number and amount of each of `TOTAL_NAMES`: ours, and the till's. */
  readonly ours: readonly number[]
  readonly claimed: readonly (number | null)[]
}

const NOT_CLAIMED: readonly null[] = TOTAL_NAMES.flatMap(() => [null, null])

/** What the till told, where it told the same as ours or nothing. */
function toEnd(row: readonly unknown[]): End {
  const [id, day, store, terminal, agreed, hasClaimed] = row as [number, string, string, string, number, number]
  const ours = row.slice(6, 14).map(Number)
  return { id, day, store, terminal, agreed: agreed === 1, ours, claimed: hasClaimed === 1 ? ours : NOT_CLAIMED }
}

/** Ends of day that are looked into; a chain with more differences than that has another problem. */
const MOST_LOOKED_INTO = 200

async function figures({ office, snapshot: { connection }, scope }: Question): Promise<Figures> {
  const [rows = [], differ = []] = await connection.send(`${selectDayEnds(scope)};${selectDifferingEnds(scope)}`)
  const told = new Map(differ.map((row) => [Number(row[0]), row]))
  const ends: End[] = []
  await inTurns(rows, LOT, (row) => {
    const end = toEnd(row)
    const claim = told.get(end.id)
    ends.push(claim === undefined ? end : { ...end, claimed: claim.slice(2, 10) as (number | null)[] })
  })
  const byId = new Map(ends.filter(({ id }) => told.has(id)).map((end) => [end.id, end]))
  const found = new Map<number, string>()
  for (const [id, since] of differ.slice(0, MOST_LOOKED_INTO) as [number, string | null][]) {
    const end = byId.get(id)
    if (end === undefined) continue
    const of = { ...end, since }
    const [moves = [], lines = []] = await connection.send(`${selectTillMoves(of)};${selectTillLines(of)}`)
    const amounts = differencesOf(end).filter((amount) => amount !== 0)
    found.set(id, differing(moves.map(toTillMove), lines.map(toTillLine), amounts))
  }
  const { stores } = office.registry()
  const currencyOf = new Map([...stores.values()].map(({ code, currency }) => [code, letters(currency)]))
  const more = differ.length - MOST_LOOKED_INTO
  const sorted: ReportRow[] = []
  await inTurns(byDay(ends), LOT_DAYS, ([, of]) => {
    for (const end of of.sort(inOrder)) {
      sorted.push(...rowsOf(end, currencyOf.get(end.store) ?? '', found.get(end.id) ?? ''))
    }
  })
  return {
    rows: sorted,
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

/** Some milliseconds' work, of rows and of the days of a large chain. */
const [LOT, LOT_DAYS] = [5_000, 5]

const inOrder = (a: End, b: End): number => (a.terminal === b.terminal ? a.id - b.id : a.terminal < b.terminal ? -1 : 1)

const differencesOf = ({ ours, claimed }: End): number[] =>
  TOTAL_NAMES.map((_, i) => {
    const theirs = claimed[2 * i + 1]
    return theirs === null || theirs === undefined ? 0 : theirs - (ours[2 * i + 1] ?? 0)
  })

/** A row for each total that is not nothing on both sides; one of nothing for a day without any. */
function rowsOf(
  { day, store, terminal, agreed, ours, claimed }: End,
  currency: string,
  transactions: string,
): ReportRow[] {
  const isEmpty = [...ours, ...claimed].every((each) => (each ?? 0) === 0)
  const rows = TOTAL_NAMES.flatMap((total, i): ReportRow[] => {
    const [count = 0, amount = 0] = ours.slice(2 * i, 2 * i + 2)
    const [claimedCount = null, claimedAmount = null] = claimed.slice(2 * i, 2 * i + 2)
    const isNothing = count === 0 && (claimedCount ?? 0) === 0
    if (isNothing && !(i === 0 && isEmpty)) return []
    const difference = claimedAmount === null ? null : claimedAmount - amount
    return [
      {
        day,
        store,
        terminal,
        total,
        currency,
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
  return transactions === '' ? rows : rows.map((row, i) => (i === 0 ? { ...row, transactions } : row))
}

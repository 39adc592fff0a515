import { differing } from '../../core/reports/till-differences.ts'
import { TOTAL_NAMES } from '../../core/totals.ts'
import { type Scope, selectDayEnds, selectDaysOfEnds, selectDifferingEnds } from '../../db/sql/report-queries.ts'
import type { Row } from '../../db/sql/row.ts'
import { selectTillMoves, selectTillLines, toTillLine, toTillMove } from '../../db/sql/till-moves.ts'
import { column, type Definition, inTurns, letters, type Question } from './definition.ts'
import type { Figures, ReportRow } from './report.ts'
import { monthEnd } from './spans.ts'

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
  kinds: { by: 'total', order: [...TOTAL_NAMES, 'net'] },
  chart: { by: 'terminal', value: 'amount' },
  figures,
}

/** The parts of an end of day. */
type End = {
  readonly id: number
  readonly day: string
  readonly store: string
  readonly terminal: string
  readonly agreed: boolean
  /** Number and amount of each of `TOTAL_NAMES`: ours, and the till's. */
  readonly ours: readonly number[]
  readonly claimed: readonly (number | null)[]
  /** What the till told as the net of them all; null: nothing, or the same as ours. */
  readonly claimedNet: number | null
}

const NOT_CLAIMED: readonly null[] = TOTAL_NAMES.flatMap(() => [null, null])

/** How many ends of day with a difference are examined. With more differences something else is wrong. */
const MOST_LOOKED_INTO = 200

async function figures({ office, snapshot: { connection }, scope }: Question): Promise<Figures> {
  const [differ = [], [bounds = []] = []] = await connection.send(`${selectDifferingEnds(scope)};${selectDaysOfEnds}`)
  const told = new Map(differ.map((row) => [Number(row[0]), row.slice(2, 10) as (number | null)[]]))
  const nets = new Map(differ.map((row) => [Number(row[0]), row[18] as number | null]))
  const { stores } = office.registry()
  const currencyOf = new Map([...stores.values()].map(({ code, currency }) => [code, letters(currency)]))
  const found = await transactionsOf(connection, differ.slice(0, MOST_LOOKED_INTO).map(toDiffering))
  const rows: ReportRow[] = []
  const known = sameText()
  // A month at a time, because the rows of three years would need as much memory as the report itself.
  for (const period of monthsOf(withDays(scope, bounds))) {
    const [read = []] = await connection.send(selectDayEnds({ ...scope, ...period }))
    await inTurns(read, LOT, (row) => {
      const [id, day, store, terminal, agreed, hasClaimed] = row as [number, string, string, string, number, number]
      const ours = row.slice(6, 14) as number[]
      // The till's totals if they are the same as ours or missing.
      const claimed = told.get(id) ?? (hasClaimed === 1 ? ours : NOT_CLAIMED)
      const end = {
        id,
        day: known(day),
        store: known(store),
        terminal: known(terminal),
        agreed: agreed === 1,
        ours,
        claimed,
        claimedNet: nets.get(id) ?? null,
      }
      addRows(rows, end, currencyOf.get(store) ?? '', found.get(id) ?? '')
    })
  }
  const more = differ.length - MOST_LOOKED_INTO
  return {
    rows,
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

/** One string for equal texts of many rows, which saves memory. */
function sameText(): (text: string) => string {
  const texts = new Map<string, string>()
  return (text) => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
}

type Period = Pick<Scope, 'from' | 'to'>

/** The part of a period in which there are ends of day at all: none of a thousand years' months is asked for. */
function withDays({ from, to }: Period, [first, last]: Row): Period {
  if (typeof first !== 'string' || typeof last !== 'string') return { from: null, to: null }
  return { from: from === null || from < first ? first : from, to: to === null || to > last ? last : to }
}

/** The months of a period. */
function monthsOf({ from, to }: Period): Period[] {
  if (from === null || to === null) return []
  const months: Period[] = []
  for (let day = from; day <= to; day = dayAfter(monthEnd(day))) {
    months.push({ from: day, to: monthEnd(day) < to ? monthEnd(day) : to })
  }
  return months
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

/** Lot size that takes some milliseconds. */
const LOT = 5_000

type Differing = Pick<End, 'id' | 'ours' | 'claimed'>

const toDiffering = (row: Row): Differing => ({
  id: Number(row[0]),
  ours: row.slice(10, 18) as number[],
  claimed: row.slice(2, 10) as (number | null)[],
})

/** Which transactions each difference may come from. */
async function transactionsOf(
  connection: Question['snapshot']['connection'],
  ends: readonly Differing[],
): Promise<ReadonlyMap<number, string>> {
  if (ends.length === 0) return new Map()
  const ids = ends.map(({ id }) => id)
  const [moves = [], lines = []] = await connection.send(`${selectTillMoves(ids)};${selectTillLines(ids)}`)
  const [movesOf, linesOf] = [byEnd(moves), byEnd(lines)]
  return new Map(
    ends.map((end) => {
      const amounts = differencesOf(end).filter((amount) => amount !== 0)
      const [ours, theirs] = [movesOf.get(end.id) ?? [], linesOf.get(end.id) ?? []]
      return [end.id, differing(ours.map(toTillMove), theirs.map(toTillLine), amounts)]
    }),
  )
}

function byEnd(rows: readonly Row[]): ReadonlyMap<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const known = groups.get(Number(row[0]))
    if (known === undefined) groups.set(Number(row[0]), [row])
    else known.push(row)
  }
  return groups
}

const differencesOf = ({ ours, claimed }: Differing): number[] =>
  TOTAL_NAMES.map((_, i) => {
    const theirs = claimed[2 * i + 1]
    return theirs === null || theirs === undefined ? 0 : theirs - (ours[2 * i + 1] ?? 0)
  })

const isNothing = (figure: number | null): boolean => figure === null || figure === 0

/** A row for each total that is not zero on both sides; one row of zeros for an end of day without any. */
function addRows(rows: ReportRow[], end: End, currency: string, transactions: string): void {
  const { day, store, terminal, agreed, ours, claimed, claimedNet } = end
  const before = rows.length
  let isFirst = true
  for (let i = 0; i < TOTAL_NAMES.length; i++) {
    const [count = 0, amount = 0] = [ours[2 * i], ours[2 * i + 1]]
    const [claimedCount = null, claimedAmount = null] = [claimed[2 * i], claimed[2 * i + 1]]
    if (
      count === 0 &&
      isNothing(claimedCount) &&
      isNothing(claimedAmount) &&
      !(i === 0 && ours.every(isNothing) && claimed.every(isNothing))
    ) {
      continue
    }
    rows.push({
      day,
      store,
      terminal,
      total: TOTAL_NAMES[i] ?? '',
      currency,
      count,
      amount,
      claimedCount,
      claimedAmount,
      difference: claimedAmount === null ? null : claimedAmount - amount,
      agreed: agreed ? 'yes' : 'no',
      transactions: isFirst ? transactions : '',
    })
    isFirst = false
  }
  const net = netOf(ours)
  const isSame = rows
    .slice(before)
    .every(({ difference, count, claimedCount }) => difference === 0 && count === claimedCount)
  if (claimedNet === null || claimedNet === net || !isSame) return
  // Its amounts are not added to those of the others: they are in them already.
  const none = { count: null, amount: null, claimedCount: null, claimedAmount: null }
  rows.push({
    day,
    store,
    terminal,
    total: 'net',
    currency,
    ...none,
    difference: claimedNet - net,
    agreed: 'no',
    transactions: '',
  })
}

/** Of number and amount of each of `TOTAL_NAMES`: what was put on cards less what was taken off, without what was undone. */
function netOf(totals: readonly number[]): number {
  const [credits = 0, reversedCredits = 0, debits = 0, reversedDebits = 0] = TOTAL_NAMES.map(
    (_, i) => totals[2 * i + 1],
  )
  return credits - debits - (reversedCredits - reversedDebits)
}

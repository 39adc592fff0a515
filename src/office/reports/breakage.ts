import { STORE_OPERATIONS } from '../../core/operations.ts'
import { type Fact, gainOf } from '../../core/reports/fact.ts'
import { type Sales, salesOf } from '../../db/reports/card-sales.ts'
import { readFacts } from '../../db/reports/sums.ts'
import { selectCohorts, selectOfEarlierSales, type Scope } from '../../db/sql/report-queries.ts'
import {
  column,
  type Definition,
  grouped,
  isIn,
  isWithin,
  issueCode,
  issueCurrency,
  type Question,
  sortedBy,
} from './definition.ts'
import { inputsOf } from './inputs.ts'
import type { Figures } from './report.ts'
import type { Snapshot } from './snapshot.ts'

export const BREAKAGE: Definition = {
  title: { en: 'Breakage', pl: 'Niewykorzystane środki' },
  about: {
    en: 'By month of sale: what was loaded, used after so many months, expired, released by extensions, and what remains; the factor is what part of it is expected never to be used (IFRS 15 B46).',
    pl: 'Według miesiąca sprzedaży: ile załadowano, ile wykorzystano po tylu miesiącach, ile wygasło, ile przywrócono przedłużeniem i ile zostało; współczynnik mówi, jaka część nie zostanie wykorzystana (MSSF 15 B46).',
  },
  definition: 1,
  ownStores: false,
  time: 'day',
  columns: [
    column('issue', 'text', 'Issue', 'Emisja'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('cohort', 'text', 'Month of sale', 'Miesiąc sprzedaży'),
    column('loaded', 'money', 'Loaded', 'Załadowane'),
    column('used', 'money', 'Used', 'Wykorzystane'),
    column('usedBy1', 'money', 'within a month', 'w ciągu miesiąca'),
    column('usedBy3', 'money', 'within 3 months', 'w ciągu 3 miesięcy'),
    column('usedBy6', 'money', 'within 6 months', 'w ciągu 6 miesięcy'),
    column('usedBy12', 'money', 'within 12 months', 'w ciągu 12 miesięcy'),
    column('expired', 'money', 'Expired', 'Wygasłe'),
    column('released', 'money', 'Released', 'Przywrócone'),
    column('remaining', 'money', 'Remaining', 'Pozostało'),
    column('factor', 'ratio', 'Factor', 'Współczynnik'),
  ],
  chart: { by: 'cohort', value: 'remaining' },
  figures,
}

/** The operations by which a holder uses money: payment, cash-out, refund. */
const USED: ReadonlySet<string> = new Set(
  [...STORE_OPERATIONS].flatMap(([name, { account }]) => (account === 'payable' ? [name] : [])),
)
const CURVE = [1, 3, 6, 12] as const

type Cell = {
  readonly issueId: number
  readonly cohort: string
  readonly months: number
  readonly operation: string
  readonly amount: number
}

const LOT = 2_000

/** A card whose sale was undone belongs to the month of its next sale only from then on. */
async function ofEarlierSales(connection: Snapshot['connection'], scope: Scope): Promise<Cell[]> {
  const [rows = []] = await connection.send(selectOfEarlierSales(scope))
  const ids = rows.map(([id]) => Number(id))
  const cells: Cell[] = []
  for (let i = 0; i < ids.length; i += LOT) {
    const { facts, sales } = await readFacts(connection, { ids: ids.slice(i, i + LOT) })
    cells.push(...cellsOf(facts, sales, scope))
  }
  return cells
}

/** The role of each of these transfers in the cohort of the sale that was valid then. */
const cellsOf = (facts: readonly Fact[], sales: Sales, scope: Scope): Cell[] =>
  facts.flatMap((fact): Cell[] => {
    const { card, day, operation } = fact
    const sale = sales.ofFact(fact)
    if (card === null || sale === null || operation === 'duplicate' || !isWithin(scope, day)) return []
    if (!isIn(scope.stores, sale.soldIn) || !isIn(scope.issues, card.issueId)) return []
    const [cohort, months] = [sale.soldOn.slice(0, 7), monthsBetween(sale.soldOn, day)]
    return [{ issueId: card.issueId, cohort, months, operation, amount: gainOf(fact) }]
  })

/** Whole months, as TIMESTAMPDIFF counts them. */
function monthsBetween(from: string, to: string): number {
  const [fromYear = 0, fromMonth = 0, fromDay = 0] = from.split('-').map(Number)
  const [toYear = 0, toMonth = 0, toDay = 0] = to.split('-').map(Number)
  return (toYear - fromYear) * 12 + (toMonth - fromMonth) - (toDay < fromDay ? 1 : 0)
}

async function figures({ office, snapshot, filter, scope }: Question): Promise<Figures> {
  const until = { ...scope, from: null, to: filter.asOf }
  const [rows = []] = await snapshot.connection.send(selectCohorts(until))
  const inputs = await inputsOf(snapshot.connection)
  const standing = rows.map((row): Cell => {
    const [issueId, cohort, months, operation, amount] = row as [number, string, number, string, number]
    return { issueId, cohort, months, operation, amount }
  })
  const { connection, unfolded } = snapshot
  const fresh = cellsOf(unfolded.facts, await salesOf(connection, unfolded.facts), until)
  const cells = [...standing, ...(await ofEarlierSales(connection, until)), ...fresh]
  const sums = grouped(
    cells,
    ({ issueId, cohort }) => `${issueId} ${cohort}`,
    ({ issueId, cohort }) => ({
      issue: issueCode(office, issueId),
      currency: issueCurrency(office, issueId),
      cohort,
      loaded: 0,
      used: 0,
      usedBy1: 0,
      usedBy3: 0,
      usedBy6: 0,
      usedBy12: 0,
      expired: 0,
      released: 0,
      remaining: 0,
      factor: inputs.get(`breakage.${issueCode(office, issueId)}`)?.value ?? null,
    }),
    (sum, { operation, months, amount }) => {
      const rest = { ...sum, remaining: sum.remaining + amount }
      if (operation === 'expiry') return { ...rest, expired: rest.expired - amount }
      if (operation === 'extension') return { ...rest, released: rest.released + amount }
      if (!USED.has(operation)) return { ...rest, loaded: rest.loaded + amount }
      const curve = Object.fromEntries(
        CURVE.map((by) => [`usedBy${by}`, rest[`usedBy${by}`] - (months < by ? amount : 0)]),
      ) as Record<`usedBy${(typeof CURVE)[number]}`, number>
      return { ...rest, ...curve, used: rest.used - amount }
    },
  )
  const given = [...inputs].filter(([name]) => name.startsWith('breakage.'))
  return {
    rows: sortedBy(sums, 'issue', 'cohort'),
    notes: given.map(([name, { value, who, at }]) => ({
      en: `Factor of ${name.slice(9)}: ${value}, set by ${who} on ${at.slice(0, 10)}.`,
      pl: `Współczynnik ${name.slice(9)}: ${value}, ustawił(a) ${who} dnia ${at.slice(0, 10)}.`,
    })),
  }
}

import { STORE_OPERATIONS } from '../../core/operations.ts'
import { type CohortSum, selectKeptCohorts, toCohortSum } from '../../db/sql/report-spans.ts'
import type { Scope } from '../../db/sql/report-queries.ts'
import type { CohortFact } from '../../db/reports/cohorts.ts'
import {
  column,
  type Definition,
  grouped,
  isIn,
  issueCode,
  issueCurrency,
  isWithin,
  type Question,
  sortedBy,
} from './definition.ts'
import { inputsOf } from './inputs.ts'
import type { Figures } from './report.ts'
import type { Snapshot } from './snapshot.ts'
import { cohortsOfDay, coverOf } from './spans.ts'

export const BREAKAGE: Definition = {
  title: { en: 'Breakage', pl: 'Niewykorzystane środki' },
  about: {
    en: 'By month of sale: what was loaded, used after so many months, expired, released by extensions, and what remains; the factor is what part of it is expected never to be used (IFRS 15 B46).',
    pl: 'Według miesiąca sprzedaży: ile załadowano, ile wykorzystano po tylu miesiącach, ile wygasło, ile przywrócono przedłużeniem i ile zostało; współczynnik mówi, jaka część nie zostanie wykorzystana (MSSF 15 B46).',
  },
  definition: 1,
  ownStores: false,
  time: 'day',
  filters: ['stores', 'issues'],
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

/** What cards gained and lost in a scope, by the month of their sale: from kept figures, and from transactions for other days. */
async function cohortsIn(snapshot: Snapshot, scope: Scope): Promise<CohortSum[]> {
  const { connection, unfolded } = snapshot
  const cover = await coverOf(snapshot, scope)
  const [kept = []] = await connection.send(selectKeptCohorts(cover, scope))
  const more: CohortFact[] = unfolded.cohorts.filter(({ day }) => isWithin(scope, day))
  const isUnfolded = new Set(unfolded.facts.map(({ id }) => id))
  for (const day of cover.open) more.push(...(await cohortsOfDay(connection, day, isUnfolded)))
  return [
    ...kept.map(toCohortSum),
    ...more.filter(({ issueId, soldIn }) => isIn(scope.issues, issueId) && isIn(scope.stores, soldIn)),
  ]
}

async function figures({ office, snapshot, filter, scope }: Question): Promise<Figures> {
  const until = { ...scope, from: null, to: filter.asOf }
  const cells = await cohortsIn(snapshot, until)
  const inputs = await inputsOf(snapshot.connection)
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
  const given = [...inputs].filter(([name]) => name.startsWith('breakage.') && isIn(filter.issues, name.slice(9)))
  return {
    rows: sortedBy(sums, 'issue', 'cohort'),
    notes: given.map(([name, { value, who, at }]) => ({
      en: `Factor of ${name.slice(9)}: ${value}, set by ${who} on ${at.slice(0, 10)}.`,
      pl: `Współczynnik ${name.slice(9)}: ${value}, ustawił(a) ${who} dnia ${at.slice(0, 10)}.`,
    })),
  }
}

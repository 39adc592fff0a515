import { selectGiven, selectReceived, type Scope } from '../../db/sql/report-queries.ts'
import { column, type Definition, grouped, isIn, isWithin, letters, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'
import { dayBefore } from './roll-forward.ts'
import type { Snapshot } from './snapshot.ts'

export const COUNTERPARTIES: Definition = {
  title: { en: 'Counterparties', pl: 'Kontrahenci' },
  about: {
    en: 'What each counterparty owed at the beginning, what it was given in packs and batches, what came back, what it paid, and what it owes at the end.',
    pl: 'Ile każdy kontrahent był winien na początku, co dostał w paczkach i partiach, co wróciło, ile zapłacił i ile jest winien na koniec.',
  },
  definition: 1,
  ownStores: false,
  time: 'period',
  filters: ['counterparties'],
  columns: [
    column('counterparty', 'text', 'Counterparty', 'Kontrahent'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('opening', 'money', 'Opening', 'Otwarcie'),
    column('packSales', 'money', 'Pack sales', 'Sprzedaż paczek'),
    column('welfare', 'money', 'Welfare', 'Świadczenia'),
    column('recalled', 'money', 'Recalled', 'Odebrane'),
    column('payments', 'money', 'Payments', 'Wpłaty'),
    column('balance', 'money', 'Balance', 'Saldo'),
  ],
  chart: { by: 'counterparty', value: 'balance' },
  figures,
}

type Steps = {
  readonly packSales: number
  readonly welfare: number
  readonly recalled: number
  readonly payments: number
}
export type DebtSteps = Steps & { readonly counterparty: string; readonly currency: number }

const NONE: Steps = { packSales: 0, welfare: 0, recalled: 0, payments: 0 }
/** The sign of each row for a counterparty's debt. */
const STEP = {
  pack_sale: { step: 'packSales', sign: 1 },
  ecard_sale: { step: 'packSales', sign: 1 },
  welfare_load: { step: 'welfare', sign: 1 },
  welfare_recall: { step: 'recalled', sign: -1 },
} as const satisfies Record<string, { step: keyof Steps; sign: 1 | -1 }>

/** The loads and payments of counterparties in a scope. */
export async function owedIn({ connection, unfolded }: Snapshot, scope: Scope): Promise<DebtSteps[]> {
  const [given = [], received = []] = await connection.send(`${selectGiven(scope)};${selectReceived(scope)}`)
  const more = unfolded.sums.activity.filter(
    ({ day, store, operation }) => operation in STEP && isWithin(scope, day) && isIn(scope.stores, store),
  )
  const steps: DebtSteps[] = [
    ...given.map((row) => stepOf(String(row[0]), Number(row[1]), String(row[2]), Number(row[3]))),
    ...more.map(({ store, currency, operation, amount, undoneAmount }) =>
      stepOf(store, currency, operation, amount - undoneAmount),
    ),
    ...received.map((row) => ({
      ...NONE,
      counterparty: String(row[0]),
      currency: Number(row[1]),
      payments: -Number(row[2]),
    })),
  ]
  return grouped(
    steps,
    ({ counterparty, currency }) => `${counterparty} ${currency}`,
    (one): DebtSteps => ({ ...one, ...NONE }),
    (sum, one): DebtSteps => ({
      ...sum,
      packSales: sum.packSales + one.packSales,
      welfare: sum.welfare + one.welfare,
      recalled: sum.recalled + one.recalled,
      payments: sum.payments + one.payments,
    }),
  )
}

function stepOf(counterparty: string, currency: number, operation: string, amount: number): DebtSteps {
  const { step, sign } = STEP[operation as keyof typeof STEP]
  return { ...NONE, counterparty, currency, [step]: sign * amount }
}

export const balanceOf = ({ packSales, welfare, recalled, payments }: Steps): number =>
  packSales + welfare + recalled + payments

async function figures({ snapshot, scope }: Question): Promise<Figures> {
  const before = scope.from === null ? [] : await owedIn(snapshot, { ...scope, from: null, to: dayBefore(scope.from) })
  const during = await owedIn(snapshot, scope)
  const keys = new Map(
    [...before, ...during].map(({ counterparty, currency }) => [
      `${counterparty} ${currency}`,
      { counterparty, currency },
    ]),
  )
  const at = (all: readonly DebtSteps[], key: string): Steps =>
    all.find(({ counterparty, currency }) => `${counterparty} ${currency}` === key) ?? NONE
  const rows = [...keys].map(([key, { counterparty, currency }]) => {
    const opening = balanceOf(at(before, key))
    const { packSales, welfare, recalled, payments } = at(during, key)
    const balance = opening + balanceOf({ packSales, welfare, recalled, payments })
    return { counterparty, currency: letters(currency), opening, packSales, welfare, recalled, payments, balance }
  })
  return { rows: sortedBy(rows, 'counterparty', 'currency') }
}

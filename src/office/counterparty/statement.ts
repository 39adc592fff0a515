import { selectGivenByDay } from '../../db/sql/report-queries.ts'
import { selectPaymentsOf, toPayment } from '../../db/sql/payments.ts'
import { selectCounterparties, toCounterparty } from '../../db/sql/counterparties.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import type { Office } from '../office.ts'
import { periodObjection } from '../period.ts'
import { refused, type Refused, type Words } from '../refusal.ts'
import { balanceOf, owedIn } from '../reports/counterparties.ts'
import { column, isWithin, issueCode, letters } from '../reports/definition.ts'
import type { Column, Report, ReportRow } from '../reports/report.ts'
import { dayBefore } from '../reports/roll-forward.ts'
import { inSnapshot, type Snapshot } from '../reports/snapshot.ts'
import { mayDo } from '../rights.ts'

const COLUMNS: readonly Column[] = [
  column('day', 'day', 'Day', 'Dzień'),
  column('what', 'text', 'What', 'Operacja'),
  column('reference', 'text', 'Reference', 'Referencja'),
  column('cards', 'count', 'Cards', 'Karty'),
  column('currency', 'text', 'Currency', 'Waluta'),
  column('charged', 'money', 'Charged', 'Obciążenie'),
  column('paid', 'money', 'Paid', 'Wpłata'),
  column('balance', 'money', 'Balance', 'Saldo'),
]

/** The effect of each kind of row on the debt. */
const WHAT = {
  pack_sale: { sign: 1, words: { en: 'Pack sale', pl: 'Sprzedaż paczki' } },
  ecard_sale: { sign: 1, words: { en: 'E-card', pl: 'E-karta' } },
  welfare_load: { sign: 1, words: { en: 'Welfare', pl: 'Świadczenia' } },
  welfare_recall: { sign: -1, words: { en: 'Recalled', pl: 'Odebrane' } },
} as const satisfies Record<string, { sign: 1 | -1; words: Words }>
const PAYMENT: Words = { en: 'Payment', pl: 'Wpłata' }
const CORRECTION: Words = { en: 'Correction of a payment', pl: 'Korekta wpłaty' }
const OPENING: Words = { en: 'Opening balance', pl: 'Saldo początkowe' }

type Line = {
  readonly day: string
  readonly what: Words
  readonly reference: string
  readonly cards: number | null
  readonly currency: number
  readonly charged: number
  readonly paid: number
}

export type StatementInput = { readonly counterparty: string; readonly from: string | null; readonly to: string | null }
export type Language = keyof Words

/** A counterparty's loads and payments in a period, day by day, with the debt after each. */
export async function statementOf(
  office: Office,
  actor: Actor,
  { counterparty: code, from: asked, to: last }: StatementInput,
  language: Language,
): Promise<Report | Refused> {
  const no = mayDo(actor, 'counterparties.find')
  if (no !== null) return no
  const to = last ?? dateIn(office.timeZone, office.clock())
  const from = asked ?? `${to.slice(0, 7)}-01`
  const objection = periodObjection(from, to)
  if (objection !== null) return objection
  return inSnapshot(office, async (snapshot) => {
    const [names = []] = await snapshot.connection.send(selectCounterparties)
    const known = names.map(toCounterparty).find((one) => one.code === code)
    if (known === undefined) return refused('no_such_counterparty', { code })
    const scope = { stores: [code], issues: null }
    const before = await owedIn(snapshot, { ...scope, from: null, to: dayBefore(from) })
    const lines = await linesOf(office, snapshot, { code, from, to })
    const currencies = [...new Set([...before, ...lines].map(({ currency }) => currency))].sort((a, b) => a - b)
    const rows: ReportRow[] = []
    const totals: ReportRow[] = []
    for (const currency of currencies) {
      const opening = before.find((one) => one.currency === currency)
      let balance = opening === undefined ? 0 : balanceOf(opening)
      const letter = letters(currency)
      rows.push({ day: from, what: OPENING[language], reference: '', cards: null, currency: letter, charged: null, paid: null, balance }) // prettier-ignore
      const own = lines.filter((line) => line.currency === currency)
      for (const { day, what, reference, cards, charged, paid } of own) {
        balance += charged - paid
        rows.push({ day, what: what[language], reference, cards, currency: letter, charged, paid, balance })
      }
      const sum = (of: (line: Line) => number): number => own.reduce((all, line) => all + of(line), 0)
      totals.push({ currency: letter, cards: sum(({ cards }) => cards ?? 0), charged: sum((l) => l.charged), paid: sum((l) => l.paid), balance }) // prettier-ignore
    }
    return {
      report: `statement-${code}`,
      title: { en: `Statement of ${known.name} (${code})`, pl: `Wyciąg: ${known.name} (${code})` },
      definition: 1,
      exactAsOf: snapshot.exactAsOf,
      filter: { from, to, asOf: null, stores: [code], issues: null },
      columns: COLUMNS,
      rows,
      totals,
      notes: [],
    }
  })
}

async function linesOf(
  office: Office,
  { connection, unfolded }: Snapshot,
  { code, from, to }: { readonly code: string; readonly from: string; readonly to: string },
): Promise<Line[]> {
  const scope = { from, to, stores: [code], issues: null }
  const [given = [], received = []] = await connection.send(
    `${selectGivenByDay(scope)};${selectPaymentsOf(code, from, to)}`,
  )
  const kept = given.map((row) => {
    const [day, issueId, operation, currency, cards, amount] = row as [string, number, string, number, number, number]
    return { day, issueId, operation, currency, cards, amount }
  })
  const more = unfolded.sums.activity
    .filter(({ day, store, operation }) => operation in WHAT && isWithin(scope, day) && store === code)
    .map(({ day, issueId, operation, currency, count, undoneCount, amount, undoneAmount }) => {
      return { day, issueId, operation, currency, cards: count - undoneCount, amount: amount - undoneAmount }
    })
  const sums = new Map<string, (typeof kept)[number]>()
  for (const one of [...kept, ...more]) {
    const key = [one.day, one.issueId, one.operation, one.currency].join(' ')
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? one : { ...sum, cards: sum.cards + one.cards, amount: sum.amount + one.amount })
  }
  const charged = [...sums.values()].map(({ day, issueId, operation, currency, cards, amount }): Line => {
    const { sign, words } = WHAT[operation as keyof typeof WHAT]
    return { day, what: words, reference: issueCode(office, issueId), cards, currency, charged: sign * amount, paid: 0 }
  })
  const paid = received.map(toPayment).map(({ paidOn, reference, currency, amount, corrects }): Line => {
    const what = corrects === null ? PAYMENT : CORRECTION
    return { day: paidOn, what, reference, cards: null, currency, charged: 0, paid: amount }
  })
  return [...charged, ...paid].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

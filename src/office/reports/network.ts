import { currencyLettered } from '../../core/currency.ts'
import { selectPaid } from '../../db/sql/report-queries.ts'
import { column, type Definition, grouped, isIn, isWithin, letters, type Question, sortedBy } from './definition.ts'
import { inputsOf } from './inputs.ts'
import type { Figures } from './report.ts'

export const NETWORK: Definition = {
  title: { en: 'Limited network', pl: 'Ograniczona sieć' },
  about: {
    en: 'Payments of the last twelve months against the threshold of a limited network in euros, at exchange rates that are entered by hand.',
    pl: 'Płatności z ostatnich dwunastu miesięcy wobec progu ograniczonej sieci w euro, według podanych kursów.',
  },
  definition: 2,
  changed: {
    en: 'Definition 2, November 2026: what is compared is the sum of all currencies with a rate, no longer each currency alone.',
    pl: 'Definicja 2, listopad 2026: porównuje się sumę wszystkich walut z kursem, a nie każdą walutę osobno.',
  },
  ownStores: false,
  time: 'day',
  filters: ['stores', 'issues'],
  columns: [
    column('currency', 'text', 'Currency', 'Waluta'),
    column('from', 'day', 'From', 'Od'),
    column('to', 'day', 'To', 'Do'),
    column('payments', 'count', 'Payments', 'Płatności'),
    column('amount', 'money', 'Amount', 'Kwota'),
    column('rate', 'ratio', 'Euros for one', 'Euro za jednostkę'),
    column('euros', 'ratio', 'In whole euros', 'W pełnych euro'),
    column('together', 'ratio', 'All currencies, in whole euros', 'Wszystkie waluty, w pełnych euro'),
    column('threshold', 'ratio', 'Threshold, EUR', 'Próg, EUR'),
    column('comparison', 'text', 'Comparison', 'Porównanie'),
  ],
  chart: null,
  figures,
}

const THRESHOLD = '1000000'

async function figures({ snapshot, scope, filter }: Question): Promise<Figures> {
  const to = filter.asOf ?? snapshot.exactAsOf.at.slice(0, 10)
  const from = yearBefore(to)
  const year = { ...scope, from, to }
  const [paid = []] = await snapshot.connection.send(selectPaid(year))
  const inputs = await inputsOf(snapshot.connection)
  const threshold = inputs.get('network.threshold')?.value ?? THRESHOLD
  const kept = paid.map((row) => ({ currency: Number(row[1]), payments: Number(row[2]), amount: Number(row[3]) }))
  const more = snapshot.unfolded.sums.activity
    .filter((sum) => sum.operation === 'payment' && sum.issueId !== 0 && isWithin(year, sum.day) && isIn(scope.stores, sum.store) && isIn(scope.issues, sum.issueId))
    .map(({ currency, count, undoneCount, amount, undoneAmount }) => ({
      currency,
      payments: count - undoneCount,
      amount: amount - undoneAmount,
    })) // prettier-ignore
  const sums: Paid[] = grouped(
    [...kept, ...more],
    ({ currency }) => String(currency),
    ({ currency }) => ({ currency, payments: 0, amount: 0 }),
    (sum, one) => ({ ...sum, payments: sum.payments + one.payments, amount: sum.amount + one.amount }),
  )
  const rates = new Map([...inputs].flatMap(([name, { value }]) => (name.startsWith('rate.') ? [[name.slice(5), value]] : []))) // prettier-ignore
  const rows = compared(sums, rates, BigInt(threshold))
  const without = rows.filter(({ rate }) => rate === null).map(({ code }) => code)
  return {
    rows: sortedBy(
      rows.map(({ code, payments, amount, rate, euros, together, comparison }) => ({
        currency: code,
        from,
        to,
        payments,
        amount,
        rate,
        euros,
        together,
        threshold: Number(threshold),
        comparison,
      })),
      'currency',
    ),
    notes: without.map((currency) => ({
      en: `There is no rate of ${currency}: it is not compared, nor part of the sum of all currencies.`,
      pl: `Nie ma kursu ${currency}: bez porównania i bez udziału w sumie wszystkich walut.`,
    })),
  }
}

type Paid = { readonly currency: number; readonly payments: number; readonly amount: number }

/** One threshold for the sum of all currencies. `rates`: euros for one unit, by the letters of the currency. */
export function compared(paid: readonly Paid[], rates: ReadonlyMap<string, string>, threshold: bigint) {
  const rated = paid.map((sum) => {
    const code = letters(sum.currency)
    const rate = code === 'EUR' ? '1' : (rates.get(code) ?? null)
    return { ...sum, code, rate, parts: rate === null ? null : eurosOf(sum.amount, code, rate) }
  })
  const all = rated.reduce((sum, { parts }) => sum + (parts ?? 0n), 0n)
  const comparison = wholeEuros(all) > threshold ? 'above' : 'below'
  return rated.map(({ parts, ...sum }) =>
    parts === null
      ? { ...sum, euros: null, together: null, comparison: 'no rate' }
      : { ...sum, euros: Number(wholeEuros(parts)), together: Number(wholeEuros(all)), comparison },
  )
}

/** The smallest part of a euro in calculations: a rate has up to nine decimals, a currency up to four. */
const PARTS = 10n ** 13n

/** In these parts of a euro, as integers, so that only the result is rounded. */
function eurosOf(amount: number, currency: string, euros: string): bigint {
  const [whole = '0', decimals = ''] = euros.split('.')
  const rate = BigInt(whole + decimals.padEnd(9, '0'))
  return BigInt(amount) * rate * 10n ** BigInt(4 - (currencyLettered(currency)?.exponent ?? 2))
}

/** Rounded up. */
const wholeEuros = (parts: bigint): bigint => (parts + PARTS - 1n) / PARTS

/** The first of the twelve months that end with a day: the day after the same one a year before (of 29 February: of the 28th). */
export function yearBefore(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year - 1, month, 0)).getUTCDate()
  return new Date(Date.UTC(year - 1, month - 1, Math.min(date, last) + 1)).toISOString().slice(0, 10)
}

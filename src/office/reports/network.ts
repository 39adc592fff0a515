import { currencyLettered } from '../../core/currency.ts'
import { selectPaid } from '../../db/sql/report-queries.ts'
import { column, type Definition, grouped, isIn, isWithin, letters, type Question, sortedBy } from './definition.ts'
import { type Input, inputsOf } from './inputs.ts'
import type { Figures } from './report.ts'

export const NETWORK: Definition = {
  title: { en: 'Limited network', pl: 'Ograniczona sieć' },
  about: {
    en: 'Payments of the last twelve months against the threshold of a limited network in euros, at exchange rates that are entered by hand.',
    pl: 'Płatności z ostatnich dwunastu miesięcy wobec progu ograniczonej sieci w euro, według podanych kursów.',
  },
  definition: 1,
  ownStores: false,
  time: 'day',
  filters: ['stores', 'issues'],
  columns: [
    column('currency', 'text', 'Currency', 'Waluta'),
    column('from', 'day', 'From', 'Od'),
    column('to', 'day', 'To', 'Do'),
    column('payments', 'count', 'Payments', 'Płatności'),
    column('amount', 'money', 'Amount', 'Kwota'),
    column('rate', 'text', 'Euros for one', 'Euro za jednostkę'),
    column('euros', 'ratio', 'In whole euros', 'W pełnych euro'),
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
  const [rows = []] = await snapshot.connection.send(selectPaid(year))
  const inputs = await inputsOf(snapshot.connection)
  const threshold = inputs.get('network.threshold')?.value ?? THRESHOLD
  const kept = rows.map((row) => ({ currency: Number(row[1]), payments: Number(row[2]), amount: Number(row[3]) }))
  const more = snapshot.unfolded.sums.activity
    .filter((sum) => sum.operation === 'payment' && sum.issueId !== 0 && isWithin(year, sum.day) && isIn(scope.stores, sum.store) && isIn(scope.issues, sum.issueId))
    .map(({ currency, count, undoneCount, amount, undoneAmount }) => ({
      currency,
      payments: count - undoneCount,
      amount: amount - undoneAmount,
    })) // prettier-ignore
  const sums = grouped(
    [...kept, ...more],
    ({ currency }) => String(currency),
    ({ currency }) => ({ currency, payments: 0, amount: 0 }),
    (sum, one) => ({ ...sum, payments: sum.payments + one.payments, amount: sum.amount + one.amount }),
  )
  const compared = sums.map(({ currency, payments, amount }) => {
    const code = letters(currency)
    const rate = code === 'EUR' ? { value: '1' } : inputs.get(`rate.${code}`)
    const euros = rate === undefined ? null : eurosOf(amount, code, rate)
    return {
      currency: code,
      from,
      to,
      payments,
      amount,
      rate: rate?.value ?? '',
      euros,
      threshold: Number(threshold),
      comparison: euros === null ? 'no rate' : euros > BigInt(threshold) ? 'above' : 'below',
    }
  })
  const without = compared.filter(({ euros }) => euros === null).map(({ currency }) => currency)
  return {
    rows: sortedBy(
      compared.map((row) => ({ ...row, euros: row.euros === null ? null : Number(row.euros) })),
      'currency',
    ),
    notes: without.map((currency) => ({
      en: `There is no rate of ${currency}: it is not compared.`,
      pl: `Nie ma kursu ${currency}: bez porównania.`,
    })),
  }
}

/** Whole euros, rounded up: by integers, since a rate has up to nine decimals. */
function eurosOf(amount: number, currency: string, { value }: Pick<Input, 'value'>): bigint {
  const [whole = '0', decimals = ''] = value.split('.')
  const rate = BigInt(whole + decimals.padEnd(9, '0'))
  const unit = 10n ** BigInt(currencyLettered(currency)?.exponent ?? 2)
  return (BigInt(amount) * rate + unit * 10n ** 9n - 1n) / (unit * 10n ** 9n)
}

function yearBefore(day: string): string {
  const start = new Date(`${day}T00:00:00Z`)
  start.setUTCFullYear(start.getUTCFullYear() - 1)
  start.setUTCDate(start.getUTCDate() + 1)
  return start.toISOString().slice(0, 10)
}

import type { Argv, CommandModule } from 'yargs'
import { currencyLettered, currencyOf } from '../core/currency.ts'
import { showCounterparty } from '../office/counterparties.ts'
import { decideCreditLimit, proposeCreditLimit } from '../office/counterparty/credit-limits.ts'
import {
  correctPayment,
  decidePayments,
  enterPayment,
  type Entered,
  importPayments,
  listPayments,
} from '../office/counterparty/payments.ts'
import { statementOf } from '../office/counterparty/statement.ts'
import { isDay } from '../office/day-words.ts'
import { isRefused } from '../office/refusal.ts'
import { CSV_PRESETS, type CsvPreset } from '../office/reports/csv.ts'
import { fileOf, FORMATS, type Format } from '../office/reports/files.ts'
import { amountText, moneyText, readAmount } from './amount-text.ts'
import { type Json, printList, withJson, withMost } from './listing.ts'
import { writeNewFile } from './new-file.ts'
import { uploadOf } from './upload.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { madeBy, READER, withOffice } from './with-office.ts'

type Code = { code: string }
const withCode = <T>(yargs: Argv<T>): Argv<T & Code> =>
  yargs.positional('code', { type: 'string', demandOption: true, describe: 'code of the counterparty' }) as Argv<
    T & Code
  >

type OfCurrency = { currency: string }
const withCurrency = <T>(yargs: Argv<T>): Argv<T & OfCurrency> =>
  yargs.option('currency', { type: 'string', default: 'PLN', describe: 'three letters' }).check(({ currency }) => {
    if (currencyLettered(String(currency)) === null) throw new UsageError(`--currency: there is no ${String(currency)}`)
    return true
  }) as Argv<T & OfCurrency>
const numberOf = (letters: string): number => currencyLettered(letters)?.number ?? 0

function tellEntered({ proposal, entries }: Entered): void {
  for (const { counterparty, amount, currency, paidOn, reference } of entries) {
    console.log(`${paidOn} ${counterparty} ${moneyText(amount, currency)} ${reference}`)
  }
  console.log(`next, by another person: akart counterparty approve ${proposal}`)
}

const payCommand: CommandModule<
  object,
  Home & Who & Code & OfCurrency & { amount: string; on: string; reference: string; note: string }
> = {
  command: 'pay <code>',
  describe: 'Enter a received payment; another person approves it',
  builder: (yargs) =>
    withCurrency(withCode(withWho(withHome(yargs))))
      .option('amount', { type: 'string', demandOption: true, describe: 'for example 1500.00; negative: paid back' })
      .option('on', { type: 'string', demandOption: true, describe: 'day of the payment, YYYY-MM-DD' })
      .option('reference', { type: 'string', demandOption: true, describe: 'reference of the bank; it must be unique' })
      .option('note', { type: 'string', default: '', describe: 'reason, for the record' }),
  async handler({ home, who, code, currency: letters, amount: written, on, reference, note }) {
    const currency = numberOf(letters)
    const amount = readAmount(written, '--amount', currency)
    const input = { counterparty: code, currency, amount, paidOn: on, reference, note }
    tellEntered(await withOffice(home, who, (office, actor) => enterPayment(office, actor, input)))
  },
}

const importCommand: CommandModule<object, Home & Who & { file: string }> = {
  command: 'import <file>',
  describe: "Enter all payments of a bank's CSV file, or none; another person approves them",
  builder: (yargs) =>
    withWho(withHome(yargs)).positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'with columns reference, counterparty, amount, date; currency, note',
    }),
  async handler({ home, who, file }) {
    const upload = await uploadOf(file)
    tellEntered(await withOffice(home, who, (office, actor) => importPayments(office, actor, upload)))
  },
}

const correctCommand: CommandModule<object, Home & Who & { payment: number; note: string }> = {
  command: 'correct <payment>',
  describe: 'Correct a wrongly entered payment with a second, opposite row',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('payment', { type: 'number', demandOption: true, describe: 'number' })
      .option('note', { type: 'string', demandOption: true, describe: 'reason, for the record' }),
  async handler({ home, who, payment, note }) {
    tellEntered(await withOffice(home, who, (office, actor) => correctPayment(office, actor, { payment, note })))
  },
}

type Decide = Home & Who & { id: number; reason: string }

/** Payments or a credit limit: whichever has the number. */
const decideCommand = (approve: boolean): CommandModule<object, Decide> => ({
  command: `${approve ? 'approve' : 'refuse'} <id>`,
  describe: approve
    ? 'Approve payments or a credit limit that another person proposed'
    : "Refuse a proposal, or withdraw one's own",
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true, describe: 'id that was printed when they were entered' })
      .option('reason', { type: 'string', default: '', describe: 'reason, for the record' }),
  async handler({ home, who, id, reason }) {
    const message = await withOffice(home, who, async (office, actor) => {
      const payments = await decidePayments(office, actor, { id, approve, reason })
      if (!isRefused(payments)) return approve ? `payments: ${payments.length}` : 'payments: refused'
      if (payments.refused !== 'no_such_approval') return payments
      const limit = await decideCreditLimit(office, actor, { id, approve, reason })
      if (isRefused(limit)) return limit
      const { counterparty, currency, before, after } = limit
      return `credit limit of ${counterparty}: ${limitText(approve ? after : before, currency)}`
    })
    console.log(message)
  },
})

const limitText = (amount: number | null, currency: number): string =>
  amount === null ? 'none' : moneyText(amount, currency)

const paymentsCommand: CommandModule<object, Home & Json & { code: string | undefined; most: number }> = {
  command: 'payments [code]',
  describe: 'List approved and waiting payments, newest first',
  builder: (yargs) =>
    withMost(withJson(withHome(yargs))).positional('code', { type: 'string', describe: 'only of this counterparty' }),
  async handler({ home, json, code = null, most }) {
    const { payments, waiting } = await withOffice(home, READER, (office, actor) =>
      listPayments(office, actor, { counterparty: code, most }),
    )
    const rows = [
      ...waiting.map(({ proposal, by, ...entry }) => ({ ...entry, id: proposal, state: 'waits', by })),
      ...payments.map(({ enteredBy: by, ...payment }) => ({ ...payment, state: 'stands', by })),
    ]
    printList(rows, json, {
      columns: [
        ['PAYMENT', ({ id }) => String(id), 'right'],
        ['STATE', ({ state }) => state],
        ['DAY', ({ paidOn }) => paidOn],
        ['COUNTERPARTY', ({ counterparty }) => counterparty],
        ['AMOUNT', ({ amount, currency }) => moneyText(amount, currency), 'right'],
        ['REFERENCE', ({ reference }) => reference],
        ['BY', ({ by }) => by],
        ['NOTE', ({ note }) => note],
      ],
      none: 'no payments',
    })
  },
}

const showCommand: CommandModule<object, Home & Json & Code> = {
  command: 'show <code>',
  describe: 'Show what a counterparty owes, what is approved but not booked yet, and its credit limits',
  builder: (yargs) => withCode(withJson(withHome(yargs))),
  async handler({ home, json, code }) {
    const page = await withOffice(home, READER, (office, actor) => showCounterparty(office, actor, code))
    if (json) return console.log(JSON.stringify(page))
    console.log(`${code}: ${page.counterparty.state}, ${page.counterparty.name}`)
    printList(page.credits, false, {
      columns: [
        ['CURRENCY', ({ currency }) => currencyOf(currency).letters],
        ['OWED', ({ owed, currency }) => amountText(owed, currency), 'right'],
        ['APPROVED', ({ committed, currency }) => amountText(committed, currency), 'right'],
        ['CREDIT LIMIT', ({ limit, currency }) => amountText(limit, currency), 'right'],
      ],
      none: 'it owes nothing and has no credit limit',
    })
  },
}

const creditLimitCommand: CommandModule<object, Home & Who & Code & OfCurrency & { amount: string; reason: string }> = {
  command: 'credit-limit <code> <amount>',
  describe: 'Propose another credit limit; another person approves it',
  builder: (yargs) =>
    withCurrency(withCode(withWho(withHome(yargs))))
      .positional('amount', { type: 'string', demandOption: true, describe: 'for example 50000.00, or none' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))),
  async handler({ home, who, code, currency: letters, amount: written, reason }) {
    const currency = numberOf(letters)
    const amount = written === 'none' ? null : readAmount(written, '<amount>', currency)
    const input = { counterparty: code, currency, amount, reason }
    const id = await withOffice(home, who, (office, actor) => proposeCreditLimit(office, actor, input))
    console.log(`credit limit of ${code}: ${limitText(amount, currency)} is proposed`)
    console.log(`next, by another person: akart counterparty approve ${id}`)
  },
}

type Statement = Home &
  Code & {
    from: string | undefined
    to: string | undefined
    format: Format | undefined
    preset: CsvPreset
    output: string | undefined
  }

const statementCommand: CommandModule<object, Statement> = {
  command: 'statement <code>',
  describe: 'Show the statement of a period: deliveries, payments and the balance after each',
  builder: (yargs) =>
    withCode(withHome(yargs))
      .option('from', { type: 'string', describe: 'first day, YYYY-MM-DD; default: the first of the month' })
      .option('to', { type: 'string', describe: 'last day; default: today' })
      .option('format', { choices: FORMATS, describe: 'format of the file; default: text on the screen' })
      .option('preset', {
        choices: CSV_PRESETS,
        default: 'en' as const,
        describe: 'format of numbers and encoding of CSV',
      })
      .option('output', { type: 'string', describe: 'new file to write' }) as Argv<Statement>,
  async handler({ home, code, from = null, to = null, format, preset, output }) {
    for (const day of [from, to]) {
      if (day !== null && !isDay(day)) throw new UsageError(`${day} is not a day: YYYY-MM-DD`)
    }
    const file = await withOffice(home, READER, async (office, actor) => {
      const statement = await statementOf(office, actor, { counterparty: code, from, to }, 'en')
      return isRefused(statement)
        ? statement
        : fileOf(statement, { format: format ?? 'text', preset, language: 'en', by: madeBy(actor) })
    })
    if (output === undefined) process.stdout.write(file.content)
    else {
      await writeNewFile(output, file.content)
      console.log(`${output}: ${file.content.length} bytes`)
    }
  },
}

export const counterpartyMoneyCommands = [
  showCommand,
  payCommand,
  importCommand,
  correctCommand,
  decideCommand(true),
  decideCommand(false),
  paymentsCommand,
  creditLimitCommand,
  statementCommand,
]

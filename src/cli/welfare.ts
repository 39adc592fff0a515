import type { Argv, CommandModule } from 'yargs'
import { currencyLettered } from '../core/currency.ts'
import { LEGAL_NOTE, listEmployers, makeEmployer, YEARLY_LIMIT } from '../office/welfare/employers.ts'
import { moneyText, amountText, readAmount } from './amount-text.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { batchCommands } from './welfare-batch.ts'
import { employeeCommands } from './welfare-employee.ts'
import { recallCommands } from './welfare-recall.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart welfare`: money of employers on the cards of their employees. */
export const welfareCommand: CommandModule = {
  command: 'welfare',
  describe: 'Employee welfare: employers, employees, batches from a list, recalls',
  builder: (yargs) => {
    for (const command of [
      employerCommand,
      employersCommand,
      ...employeeCommands,
      ...batchCommands,
      ...recallCommands,
    ]) {
      yargs.command(command as CommandModule)
    }
    return yargs.demandCommand(1, 'a command is missing, for example: akart welfare check ACME list.csv')
  },
  handler: () => {},
}

type Employer = Home & Who & {
  code: string
  limit: string | undefined
  note: string
  currency: string
  'paid-first': boolean
  language: 'en' | 'pl'
  email: string | undefined
} // prettier-ignore

const employerCommand: CommandModule<object, Employer> = {
  command: 'employer <code>',
  describe: 'Make a counterparty an employer, or change its settings',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('code', { type: 'string', demandOption: true, describe: 'code of an open counterparty' })
      .option('limit', { type: 'string', describe: 'limit for an employee, a fund and a year; default: 1000.00' })
      .option('note', { type: 'string', default: LEGAL_NOTE, describe: 'reason for the limit' })
      .option('currency', { type: 'string', default: 'PLN', describe: 'ISO 4217 letters' })
      .option('paid-first', { type: 'boolean', default: false, describe: 'book a batch only after it is paid' })
      .option('language', {
        choices: ['en', 'pl'] as const,
        default: 'pl' as const,
        describe: 'language of files and mails',
      })
      .option('email', { type: 'string', describe: 'address for results' })
      .check(({ note }) => {
        if (note.length > 300) throw new UsageError('--note takes 300 characters')
        return true
      }) as Argv<Employer>,
  async handler({ home, who, code, limit, note, currency: letters, 'paid-first': paidFirst, language, email = null }) {
    const currency = currencyLettered(letters)
    if (currency === null) throw new UsageError('--currency takes the letters of a currency, such as PLN')
    const yearlyLimit = limit === undefined ? YEARLY_LIMIT : readAmount(limit, '--limit', currency.number)
    const input = { code, currency: currency.number, yearlyLimit, legalNote: note, paidFirst, language, email }
    const { waits, ...made } = await withOffice(home, who, (office, actor) => makeEmployer(office, actor, input))
    console.log(`employer ${code}: ${amountText(made.yearlyLimit, currency.number)} ${letters} a year from each fund`)
    if (waits !== null) console.log(`approval employer-${waits} waits for a second person`)
  },
}

const employersCommand: CommandModule<object, Home & Json> = {
  command: 'employers',
  describe: 'List employers, by code',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listEmployers), json, {
      columns: [
        ['EMPLOYER', ({ code }) => code],
        ['YEARLY LIMIT', ({ yearlyLimit, currency }) => moneyText(yearlyLimit, currency), 'right'],
        ['NAME', ({ name }) => name],
      ],
      none: 'no employers',
    })
  },
}

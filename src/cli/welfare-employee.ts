import type { Argv, CommandModule } from 'yargs'
import { addEmployee, type Employee, employeeLeaves, linkCard, listEmployees } from '../office/welfare/employees.ts'
import { importEmployees } from '../office/welfare/import-employees.ts'
import { hasControls } from '../text/controls.ts'
import { type Reading, readingOf, uploadOf, withReading } from './upload.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type OfEmployer = { employer: string }
type OfEmployee = OfEmployer & { number: string }

const withEmployer = <T>(yargs: Argv<T>): Argv<T & OfEmployer> =>
  yargs.positional('employer', { type: 'string', demandOption: true, describe: 'code' }) as Argv<T & OfEmployer>

const withEmployee = <T>(yargs: Argv<T>): Argv<T & OfEmployee> =>
  withEmployer(yargs)
    .positional('number', { type: 'string', demandOption: true, describe: "the employer's number of the person" })
    .check(({ number }) => {
      const text = String(number)
      if (text.trim() === '' || text.length > 40 || hasControls(text))
        throw new UsageError('a number has 1 to 40 characters')
      return true
    }) as Argv<T & OfEmployee>

const line = ({ number, name, state, card }: Employee): string =>
  `${number.padEnd(12)}  ${state.padEnd(6)}  ${(card ?? '–').padEnd(16)}  ${name}`

type Add = Home & Who & OfEmployee & { name: string; email: string | undefined; card: string | undefined }

const addCommand: CommandModule<object, Add> = {
  command: 'employee-add <employer> <number>',
  describe: 'Add an employee, with or without a card',
  builder: (yargs) =>
    withEmployee(withWho(withHome(yargs)))
      .option('name', { type: 'string', demandOption: true, describe: 'name of the employee' })
      .option('email', { type: 'string', describe: 'email address of the employee' })
      .option('card', { type: 'string', describe: 'card number or ISSUE:SERIAL' })
      .check(({ name }) => {
        if (name.trim() === '' || name.length > 100 || hasControls(name))
          throw new UsageError('--name takes 1 to 100 characters')
        return true
      }) as Argv<Add>,
  async handler({ home, who, employer, number, name, email = null, card = null }) {
    const input = { employer, number: String(number), name, email, card }
    console.log(line(await withOffice(home, who, (office, actor) => addEmployee(office, actor, input))))
  },
}

type Import = Home & Who & OfEmployer & Reading & { file: string }

const importCommand: CommandModule<object, Import> = {
  command: 'employee-import <employer> <file>',
  describe: 'Add the employees of a list and link their cards, all or none: employee, name, card, email',
  builder: (yargs) =>
    withReading(withEmployer(withWho(withHome(yargs)))).positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'CSV or XLSX',
    }) as Argv<Import>,
  async handler({ home, who, employer, file: path, ...reading }) {
    const file = await uploadOf(path)
    const input = { employer, file, ...readingOf(reading) }
    const { added, linked, unchanged } = await withOffice(home, who, (office, actor) =>
      importEmployees(office, actor, input),
    )
    console.log(`${added} added, ${linked} cards linked, ${unchanged} as before`)
  },
}

const PAGE = 1_000

const listCommand: CommandModule<object, Home & Json & OfEmployer> = {
  command: 'employees <employer>',
  describe: 'List employees with their cards, by number',
  builder: (yargs) => withEmployer(withJson(withHome(yargs))),
  async handler({ home, employer, json }) {
    const all: Employee[] = []
    for (let after = ''; ;) {
      const found = await withOffice(home, READER, (office, actor) =>
        listEmployees(office, actor, { employer, after, most: PAGE }),
      )
      all.push(...found)
      if (found.length < PAGE) break
      after = found.at(-1)?.number ?? ''
    }
    printList(all, json, {
      columns: [
        ['NUMBER', ({ number }) => number],
        ['STATE', ({ state }) => state],
        ['CARD', ({ card }) => card ?? '–'],
        ['NAME', ({ name }) => name],
      ],
      none: 'no employees',
    })
  },
}

type LinkArgs = Home & Who & OfEmployee & { card: string | undefined; none: boolean }

const linkCommand: CommandModule<object, LinkArgs> = {
  command: 'employee-link <employer> <number>',
  describe: 'Link a card to an employee, or another one',
  builder: (yargs) =>
    withEmployee(withWho(withHome(yargs)))
      .option('card', { type: 'string', describe: 'card number or ISSUE:SERIAL' })
      .option('none', { type: 'boolean', default: false, describe: 'unlink the card' })
      .check(({ card, none }) => {
        if ((card === undefined) !== none) throw new UsageError('give --card, or --none')
        return true
      }) as Argv<LinkArgs>,
  async handler({ home, who, employer, number, card = null }) {
    const input = { employer, number: String(number), card }
    console.log(line(await withOffice(home, who, (office, actor) => linkCard(office, actor, input))))
  },
}

const leaveCommand: CommandModule<object, Home & Who & OfEmployee> = {
  command: 'employee-leave <employer> <number>',
  describe: 'Mark an employee as left: nothing more is loaded',
  builder: (yargs) => withEmployee(withWho(withHome(yargs))),
  async handler({ home, who, employer, number }) {
    const input = { employer, number: String(number) }
    console.log(line(await withOffice(home, who, (office, actor) => employeeLeaves(office, actor, input))))
  },
}

/** The commands for the employees of an employer. */
export const employeeCommands = [addCommand, importCommand, listCommand, linkCommand, leaveCommand]

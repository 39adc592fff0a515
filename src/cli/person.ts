import type { CommandModule } from 'yargs'
import { decideErasure, type PersonRef, proposeErasure } from '../office/erasure.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

/** `akart person`: data of people. */
export const personCommand: CommandModule = {
  command: 'person',
  describe: 'Data of people: erase, by two persons',
  builder: (yargs) =>
    yargs
      .command([eraseCommand, decideCommand('approve'), decideCommand('refuse')] as CommandModule[])
      .demandCommand(1, 'a command is missing: erase, approve or refuse'),
  handler: () => {},
}

type Erase = Home &
  Who & { employee: string | undefined; user: string | undefined; address: string | undefined; reason: string }

const eraseCommand: CommandModule<object, Erase> = {
  command: 'erase',
  describe: 'Ask that names and addresses of a person are replaced for good; another person approves',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .option('employee', { type: 'string', describe: 'EMPLOYER:NUMBER of an employee who has left' })
      .option('user', { type: 'string', describe: 'login of a user who is disabled' })
      .option('address', { type: 'string', describe: 'mail address that e-cards were sent to' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check((given) => {
        refOf(given)
        return mustBeReason(given.reason)
      }),
  async handler({ home, who, reason, ...given }) {
    const id = await withOffice(home, who, (office, actor) =>
      proposeErasure(office, actor, { ...refOf(given), reason }),
    )
    console.log(`erasure ${id}: waits for another person: akart person approve ${id}, or Approvals in AkartMenu`)
  },
}

function refOf({ employee, user, address }: Pick<Erase, 'employee' | 'user' | 'address'>): PersonRef {
  const named = [employee, user, address].filter((one) => one !== undefined)
  if (named.length !== 1) throw new UsageError('give one of --employee, --user and --address')
  if (user !== undefined) return { person: 'user', login: user }
  if (address !== undefined) return { person: 'address', address }
  const [, employer = '', number = ''] = /^([^:]+):(.+)$/u.exec(employee ?? '') ?? []
  if (number === '') throw new UsageError('--employee takes EMPLOYER:NUMBER')
  return { person: 'employee', employer, number }
}

const decideCommand = (
  word: 'approve' | 'refuse',
): CommandModule<object, Home & Who & { id: number; reason: string }> => ({
  command: `${word} <id>`,
  describe: word === 'approve' ? 'Erase, as another person asked for' : 'Refuse an erasure',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true, describe: 'number of the erasure' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ id, reason }) => {
        if (!Number.isSafeInteger(id) || id < 1) throw new UsageError('the number of an erasure is a whole number')
        return mustBeReason(reason)
      }),
  async handler({ home, who, id, reason }) {
    const approve = word === 'approve'
    await withOffice(home, who, (office, actor) => decideErasure(office, actor, { id, approve, reason }))
    console.log(`erasure ${id}: ${approve ? 'done' : 'refused'}`)
  },
})

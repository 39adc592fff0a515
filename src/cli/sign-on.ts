import type { CommandModule } from 'yargs'
import { demandSignOn } from '../office/certificates.ts'
import { waitsForSecond } from './waiting.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Arguments = Home & Who & { terminal: string; required: boolean; free: boolean }

/** `akart sign-on`: whether a terminal has to send 0800 001 before it is served. */
export const signOnCommand: CommandModule<object, Arguments> = {
  command: 'sign-on <terminal>',
  describe: 'Require a sign-on of a terminal (--required), or stop requiring it (--free)',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('terminal', { type: 'string', demandOption: true, describe: 'DE41' })
      .option('required', { type: 'boolean', default: false, describe: 'serve the terminal only after its sign-on' })
      .option('free', { type: 'boolean', default: false, describe: 'serve the terminal without a sign-on' })
      .check(({ required, free }) => {
        if (required === free) throw new UsageError('give either --required or --free')
        return true
      }),
  async handler({ home, who, terminal, required }) {
    const { waits } = await withOffice(home, who, (office, actor) =>
      demandSignOn(office, actor, { terminal, required }),
    )
    const done = `${terminal}: sign-on ${required ? 'required' : 'not required'}`
    console.log(waits === null ? done : waitsForSecond(`terminal-${waits}`))
  },
}

import type { CommandModule } from 'yargs'
import { resetDemo } from '../app/reset-demo.ts'
import { type Home, withHome } from './who.ts'

/** `akart demo`: the cards to try things with. */
export const demoCommand: CommandModule = {
  command: 'demo',
  describe: 'Demo cards: reset',
  builder: (yargs) =>
    yargs
      .command(resetCommand as CommandModule)
      .demandCommand(1, 'a command is missing, for example: akart demo reset'),
  handler: () => {},
}

const resetCommand: CommandModule<object, Home> = {
  command: 'reset',
  describe: 'Write HOME/demo/cards.csv with unused cards only; makes further cards if too few are left',
  builder: withHome,
  async handler({ home }) {
    const { file, unused, added } = await resetDemo(home)
    console.log(`${file}: ${unused} unused cards${added === 0 ? '' : `, ${added} of them new`}`)
  },
}

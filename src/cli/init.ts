import type { CommandModule } from 'yargs'
import { makeSecrets } from '../app/init.ts'

export const initCommand: CommandModule<object, { home: string }> = {
  command: 'init',
  describe: 'Make the secrets of a production installation. Without them an empty database becomes a demo',
  builder: (yargs) =>
    yargs.option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' }),
  async handler({ home }) {
    const { file, checkValue, wereThere } = await makeSecrets(home)
    const what = wereThere ? 'is there already and was not changed: card key' : 'card key'
    console.log(`${file}: ${what} with check value ${checkValue}. Keep a copy in a safe place.`)
  },
}

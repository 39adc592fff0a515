import type { CommandModule } from 'yargs'
import type { Imported } from '../app/shop-file.ts'
import type { Importing } from '../app/stores.ts'
import { setUpError } from '../config/set-up-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'

type Import = Home & Who & { file: string; 'dry-run': boolean }

/** Faults that are told one by one; whoever has more has the wrong file. */
const SHOWN = 100

/** `import FILE`: stores or terminals from a CSV file, all or nothing. */
export const importCommand = (
  kind: 'store' | 'terminal',
  columns: string,
  work: (home: string, file: string, how: Importing) => Promise<Imported>,
): CommandModule<object, Import> => ({
  command: 'import <file>',
  describe: `add ${kind}s from a CSV file, all or none: ${columns}`,
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('file', { type: 'string', demandOption: true, describe: 'CSV, the first line with the columns' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'say what is wrong, and save nothing' }),
  async handler({ home, who, file, 'dry-run': dryRun }) {
    const { faults, count } = await work(home, file, { who, dryRun })
    if (faults.length > 0) {
      const lines = faults.slice(0, SHOWN).map(({ line, text }) => `${file}:${line}: ${text}`)
      const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : []
      throw setUpError([...lines, ...more, 'nothing was saved'].join('\n'))
    }
    console.log(`${count} ${kind}${count === 1 ? '' : 's'} ${dryRun ? 'could be added; nothing was saved' : 'added'}`)
  },
})

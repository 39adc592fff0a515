import type { CommandModule } from 'yargs'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import type { Refused } from '../office/refusal.ts'
import type { Import as Input, Imported } from '../office/registry-import.ts'
import { textFileOf } from './text-file.ts'
import { CommandError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Import = Home & Who & { file: string; 'dry-run': boolean }

/** The number of faults that are listed; a file with more faults is probably the wrong file. */
const SHOWN = 100

/** `import FILE`: stores or terminals from a CSV file, all or nothing. */
export const importCommand = (
  kind: 'store' | 'terminal',
  columns: string,
  work: (office: Office, actor: Actor, input: Input) => Promise<Imported | Refused>,
): CommandModule<object, Import> => ({
  command: 'import <file>',
  describe: `Add ${kind}s from a CSV file, all or none: ${columns}`,
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'CSV file; the first line names the columns',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'report errors and save nothing' }),
  async handler({ home, who, file: path, 'dry-run': dryRun }) {
    const file = await textFileOf(path)
    const { faults, count } = await withOffice(home, who, (office, actor) => work(office, actor, { file, dryRun }))
    if (faults.length > 0) {
      const lines = faults.slice(0, SHOWN).map(({ line, text }) => `${path}:${line}: ${text}`)
      const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : []
      throw new CommandError([...lines, ...more, 'nothing was saved'].join('\n'))
    }
    console.log(`${count} ${kind}${count === 1 ? '' : 's'} ${dryRun ? 'could be added; nothing was saved' : 'added'}`)
  },
})

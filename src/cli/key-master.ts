import type { Argv, CommandModule } from 'yargs'
import { masterFileOf } from '../app/home-key-files.ts'
import { addMaster, listMasters, removeMasters, rotateMaster } from '../office/master-keys.ts'
import { type Json, printList, withJson } from './listing.ts'
import { oldLogsLines } from './old-logs.ts'
import { progressOf } from './progress.ts'
import { READER, withOffice } from './with-office.ts'
import { UsageError } from './usage-error.ts'

type Arguments = Json & { action: 'list' | 'add' | 'rotate' | 'remove'; home: string; who: string }

/** The handler of each action. They print key check values, never a key. */
const ACTIONS: Readonly<Record<Arguments['action'], (about: Arguments) => Promise<void>>> = {
  async list({ home, json }) {
    printList(await withOffice(home, READER, listMasters), json, {
      columns: [
        ['MASTER', ({ id }) => id],
        ['KEYS', ({ keys }) => String(keys), 'right'],
        ['FROM', ({ from }) => from],
      ],
      none: 'no master keys',
    })
  },
  async add({ home, who }) {
    const file = masterFileOf(home)
    const added = await withOffice(home, who, (office, actor) => addMaster(office, actor, { file }))
    console.log(`master key ${added} is in ${home}/terminal-masters.json and wraps nothing yet.`)
    console.log('Copy the file to every machine that runs akart on this database, then: akart keys master rotate')
  },
  async rotate({ home, who }) {
    let say: ReturnType<typeof progressOf> | null = null
    const progress = (done: number, of: number, master: string): void => {
      say ??= progressOf(`keys wrapped by ${master}`)
      say(done, of)
    }
    const { master, keys, oldLogs } = await withOffice(home, who, (office, actor) =>
      rotateMaster(office, actor, { file: masterFileOf(home), progress }),
    )
    console.log(keys === 0 ? `all keys are wrapped by ${master}` : `done: ${keys} keys by ${master}`)
    for (const line of oldLogsLines(oldLogs)) console.log(line)
  },
  async remove({ home, who }) {
    const file = masterFileOf(home)
    const removed = await withOffice(home, who, (office, actor) => removeMasters(office, actor, { file }))
    console.log(removed.length === 0 ? 'every master key in the file is in use' : `removed: ${removed.join(', ')}`)
  },
}

export const keyMasterCommand: CommandModule<object, Arguments> = {
  command: 'master <action>',
  describe:
    'Master keys that wrap the keys of terminals: list, add, rotate (re-wrap all under the newest), remove (unused ones)',
  builder: (yargs: Argv) =>
    withJson(yargs)
      .positional('action', { choices: Object.keys(ACTIONS) as Arguments['action'][], demandOption: true })
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' })
      .option('who', {
        type: 'string',
        default: process.env['USER'] ?? 'operator',
        describe: 'who does it, for the record',
      })
      .check(({ who }) => {
        if (/^[\x21-\x7e]{1,40}$/.test(who)) return true
        throw new UsageError('--who takes a name of 1 to 40 ASCII characters')
      }),
  handler: (about) => ACTIONS[about.action](about),
}

import type { CommandModule } from 'yargs'
import { cardKeyFileOf } from '../app/home-key-files.ts'
import {
  addCardKey,
  listCardKeys,
  removeCardKeys,
  rotateCardKey,
  listUnusedCardKeys,
} from '../office/card-key-rotation.ts'
import { agreed, withYes, type Yes } from './agreement.ts'
import { type Json, printList, withJson } from './listing.ts'
import { oldLogsLines } from './old-logs.ts'
import { progressOf } from './progress.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

const list: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List the keys that encrypt card numbers, with the number of cards under each',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const keys = await withOffice(home, READER, listCardKeys)
    printList(
      keys.toSorted((a, b) => b.id - a.id),
      json,
      {
        columns: [
          ['KEY', ({ id }) => String(id), 'right'],
          ['CHECK', ({ checkValue }) => checkValue],
          ['STATE', ({ state }) => state],
          ['CARDS', ({ cards }) => String(cards), 'right'],
        ],
        none: 'no keys',
      },
    )
  },
}

const add: CommandModule<object, Home & Who> = {
  command: 'add',
  describe: 'Make a new key without using it yet, so that it can be copied to other machines first',
  builder: (yargs) => withWho(withHome(yargs)),
  async handler({ home, who }) {
    const file = cardKeyFileOf(home)
    const { id, checkValue } = await withOffice(home, who, (office, actor) => addCardKey(office, actor, { file }))
    console.log(`key ${id} with check value ${checkValue} is in ${home}/secrets.json and not used yet.`)
    console.log('Copy the file to every machine that runs akart on this database, then: akart card-key rotate')
  },
}

const rotate: CommandModule<object, Home & Who> = {
  command: 'rotate',
  describe: 'Re-encrypt all card numbers under a new key while traffic runs; continues after an interruption',
  builder: (yargs) => withWho(withHome(yargs)),
  async handler({ home, who }) {
    const file = cardKeyFileOf(home)
    let say: ReturnType<typeof progressOf> | null = null
    const progress = (moved: number, of: number, from: number, to: number): void => {
      say ??= progressOf(`numbers moved from key ${from} to key ${to}`)
      say(moved, of)
    }
    const { left, oldLogs } = await withOffice(home, who, (office, actor) =>
      rotateCardKey(office, actor, { file, progress }),
    )
    console.log('the table of cards was rewritten: its file no longer contains numbers encrypted under the old key.')
    for (const line of oldLogsLines(oldLogs)) console.log(line)
    console.log(`no card number is kept under key ${left} any more. Backups from before still need it;`)
    console.log(`when there are none: akart card-key remove --home ${home}`)
  },
}

const remove: CommandModule<object, Home & Who & Yes> = {
  command: 'remove',
  describe: 'Remove keys that encrypt no card number any more from the secrets, for good',
  builder: (yargs) => withYes(withWho(withHome(yargs))),
  async handler({ home, who, yes }) {
    const file = cardKeyFileOf(home)
    const unused = await withOffice(home, who, (office, actor) => listUnusedCardKeys(office, actor, { file }))
    if (unused.length === 0) return console.log('every key in the secrets is in use')
    const keys = `key ${unused.join(', key ')}`
    await agreed(
      `Remove ${keys} from ${home}/secrets.json for good? A backup from before cannot be read without it.`,
      yes,
    )
    await withOffice(home, who, (office, actor) => removeCardKeys(office, actor, { file, keys: unused }))
    console.log(`removed: ${keys}`)
  },
}

export const cardKeyCommand: CommandModule = {
  command: 'card-key',
  describe: 'Keys that encrypt card numbers (PAN keys): list, add, rotate, remove',
  builder: (yargs) =>
    yargs
      .command(list)
      .command(add)
      .command(rotate)
      .command(remove)
      .demandCommand(1, 'a command is missing: list, add, rotate or remove'),
  handler: () => {},
}

import type { CommandModule } from 'yargs'
import { cardKeyFileOf } from '../app/home-key-files.ts'
import { addCardKey, listCardKeys, removeCardKeys, rotateCardKey } from '../office/card-key-rotation.ts'
import { logsBehindLines } from './logs-behind.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

const list: CommandModule<object, Home> = {
  command: 'list',
  describe: 'The keys that card numbers are kept under, and how many under each',
  builder: withHome,
  async handler({ home }) {
    for (const { id, checkValue, state, cards } of await withOffice(home, READER, listCardKeys)) {
      console.log(`${String(id).padStart(3)}  ${checkValue}  ${state.padEnd(8)}  ${cards} cards`)
    }
  },
}

const add: CommandModule<object, Home & Who> = {
  command: 'add',
  describe: 'Make a new key without using it, to be copied to other machines first',
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
  describe: 'Move all card numbers to a new key, beside running traffic; goes on where it was interrupted',
  builder: (yargs) => withWho(withHome(yargs)),
  async handler({ home, who }) {
    const file = cardKeyFileOf(home)
    const { left, behind } = await withOffice(home, who, (office, actor) =>
      rotateCardKey(office, actor, { file, progress }),
    )
    console.log('the table of cards is written anew: its file has no old seal any more.')
    for (const line of logsBehindLines(behind)) console.log(line)
    console.log(`no card number is kept under key ${left} any more. Backups from before still need it;`)
    console.log(`when there are none: akart card-key remove --home ${home}`)
  },
}

/** A line for every hundredth of the way, and one at the end. */
function progress(moved: number, of: number, from: number, to: number): void {
  const step = Math.max(100, Math.ceil(of / 100))
  if (Math.floor(moved / step) === Math.floor((moved - 100) / step) && moved < of) return
  console.log(`${moved} of ${of} numbers moved from key ${from} to key ${to}`)
}

const remove: CommandModule<object, Home & Who> = {
  command: 'remove',
  describe: 'Take the keys that no card number is kept under out of the secrets, for good',
  builder: (yargs) => withWho(withHome(yargs)),
  async handler({ home, who }) {
    const file = cardKeyFileOf(home)
    const left = await withOffice(home, who, (office, actor) => removeCardKeys(office, actor, { file }))
    console.log(left.length === 0 ? 'every key in the secrets is in use' : `removed: key ${left.join(', key ')}`)
  },
}

export const cardKeyCommand: CommandModule = {
  command: 'card-key <command>',
  describe: 'Keys that card numbers are kept under: list, add, rotate, remove',
  builder: (yargs) =>
    yargs.command(list).command(add).command(rotate).command(remove).demandCommand(1, 'Say what to do: rotate'),
  handler: () => {},
}

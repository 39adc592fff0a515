import type { Argv, CommandModule } from 'yargs'
import { receivePack } from '../office/pack-receiving.ts'
import { textFilesOf } from './text-file.ts'
import { CommandError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Receive = Home &
  Who & {
    id: number
    card: string[]
    file: string[]
    'missing-lost': boolean
    reason: string | undefined
    skip: boolean
  }

const list = { type: 'string', array: true, default: [] as string[] } as const
/** The option of steps that may skip earlier ones. */
export const SKIP = {
  skip: { type: 'boolean', default: false, describe: 'skip the steps before it' },
} as const

/** How many serials of a kind are named. */
const NAMED = 20

export const receiveCommand: CommandModule<object, Receive> = {
  command: 'receive <id>',
  describe: 'Receive a pack: compare the scanned cards with those packed',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true })
      .option('card', { ...list, describe: 'a card number or barcode' })
      .option('file', { ...list, describe: 'CSV with a column number, barcode or serial; or a plain list' })
      .option('missing-lost', { type: 'boolean', default: false, describe: 'block missing cards as lost' })
      .option('reason', { type: 'string', describe: 'reason for missing cards, for the record' })
      .options(SKIP)
      .check(({ reason }) => reason === undefined || mustBeReason(String(reason))) as Argv<Receive>,
  async handler({ home, who, id, card, file, reason = null, skip, 'missing-lost': missingLost }) {
    const scanned = { cards: card, files: await textFilesOf(file) }
    const { received, differences, lost } = await withOffice(home, who, (office, actor) =>
      receivePack(office, actor, { pack: id, scanned, missingAreLost: missingLost, reason, skip }),
    )
    name('missing', differences.missing)
    name('not of this pack', differences.surplus)
    if (received) return console.log(`pack ${id}: received${lost > 0 ? `, ${lost} cards blocked as lost` : ''}`)
    const allow = differences.surplus.length > 0 ? '' : ', or say --missing-lost'
    throw new CommandError(`pack ${id} was not received: put right what is named above${allow}`)
  },
}

function name(what: string, serials: readonly number[]): void {
  if (serials.length === 0) return
  const first = serials.slice(0, NAMED).join(', ')
  console.log(`${what}: ${serials.length} cards, serial ${first}${serials.length > NAMED ? ' and so on' : ''}`)
}

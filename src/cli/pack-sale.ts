import type { Argv, CommandModule } from 'yargs'
import { completePackSale } from '../office/pack-loads.ts'
import { approvePackSale, askPackSale } from '../office/pack-sale.ts'
import { findPack } from '../office/packs.ts'
import { isRefused } from '../office/refusal.ts'
import { moneyText, readAmount } from './amount-text.ts'
import { progressOf } from './progress.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Sell = Home & Who & { id: number; amount: string | undefined; reason: string | undefined }

export const sellCommand: CommandModule<object, Sell> = {
  command: 'sell <id>',
  describe: 'Propose the sale of a pack to its counterparty with each card loaded; a second person approves',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true })
      .option('amount', { type: 'string', describe: 'load of each card, for example 50.00; default: the nominal' })
      .option('reason', { type: 'string', describe: 'order or contract, for the record' })
      .check(({ reason }) => reason === undefined || mustBeReason(String(reason))) as Argv<Sell>,
  async handler({ home, id, who, amount, reason = null }) {
    const { each, currency } = await withOffice(home, who, async (office, actor) => {
      const found = await findPack(office, actor, { pack: id })
      if (isRefused(found)) return found
      const { currency } = found.pack
      const asked = amount === undefined ? null : readAmount(amount, '--amount', currency)
      const each = await askPackSale(office, actor, { pack: id, amount: asked, reason })
      return isRefused(each) ? each : { each, currency }
    })
    console.log(
      `pack ${id}: sale asked for, ${moneyText(each, currency)} each. Next, by another person: akart pack approve ${id}`,
    )
  },
}

type Approve = Home & Who & { id: number; reason: string | undefined }

export const approveCommand: CommandModule<object, Approve> = {
  command: 'approve <id>',
  describe: 'Approve a pack sale that another person proposed and book its loads; continues after an interruption',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true })
      .option('reason', { type: 'string', describe: 'reason, for the record' })
      .check(({ reason }) => reason === undefined || mustBeReason(String(reason))) as Argv<Approve>,
  async handler({ home, id, who, reason = null }) {
    const progress = progressOf('cards loaded')
    const pack = await withOffice(home, who, async (office, actor) => {
      const approved = await approvePackSale(office, actor, { pack: id, reason })
      return isRefused(approved) ? approved : completePackSale(office, id, progress)
    })
    console.log(`pack ${id}: ${pack.state}, ${pack.cards} cards with ${moneyText(pack.saleAmount, pack.currency)} each`)
  },
}

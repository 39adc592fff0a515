import type { Argv, CommandModule } from 'yargs'
import { showCard } from '../office/cards.ts'
import { isRefused } from '../office/refusal.ts'
import { adjustCard, decideAdjustment, listAdjustments } from '../office/adjustments.ts'
import { moneyText, readAmount } from './amount-text.ts'
import { type Json, printList, utc, withJson, withMost } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type Adjust = Home & Who & { card: string; amount: string; reason: string }

export const adjustCommand: CommandModule<object, Adjust> = {
  command: 'adjust <card>',
  describe: 'Propose a correction of the balance; another person approves it',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('card', { type: 'string', demandOption: true, describe: 'card number, barcode or ISSUE:SERIAL' })
      .option('amount', {
        type: 'string',
        demandOption: true,
        describe: '5.00 adds to the balance, -5.00 takes from it',
      })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason, amount }) => {
        if (Number(amount) === 0) throw new UsageError('--amount 0 corrects nothing')
        return mustBeReason(String(reason))
      }) as Argv<Adjust>,
  async handler({ home, card, amount, who, reason }) {
    const id = await withOffice(home, who, async (office, actor) => {
      const found = await showCard(office, actor, { card, latest: 1 })
      if (isRefused(found)) return found
      const minor = readAmount(amount, '--amount', found.card.currency)
      return adjustCard(office, actor, { card, reason, amount: minor })
    })
    console.log(`adjustment ${id} proposed. Next, by another person: akart card approve ${id}`)
  },
}

export const adjustmentsCommand: CommandModule<object, Home & Json & { most: number }> = {
  command: 'adjustments',
  describe: 'List corrections that are not decided yet, newest first',
  builder: (yargs) => withMost(withJson(withHome(yargs))),
  async handler({ home, most, json }) {
    printList(await withOffice(home, READER, (office, actor) => listAdjustments(office, actor, { most })), json, {
      columns: [
        ['ID', ({ id }) => String(id), 'right'],
        ['ASKED (UTC)', ({ askedAt }) => utc(askedAt)],
        ['CARD', ({ card }) => card.shown],
        ['AMOUNT', ({ amount, currency }) => moneyText(amount, currency), 'right'],
        ['BY', ({ askedBy }) => askedBy],
        ['REASON', ({ reason }) => reason],
      ],
      none: 'no corrections wait',
    })
  },
}

export const decideCommand = (decision: 'approve' | 'refuse'): CommandModule<object, Home & Who & { id: number }> => ({
  command: `${decision} <id>`,
  describe:
    decision === 'approve' ? 'Approve and book a correction that another person proposed' : 'Refuse a correction',
  builder: (yargs) => withWho(withHome(yargs)).positional('id', { type: 'number', demandOption: true }),
  async handler({ home, id, who }) {
    const approve = decision === 'approve'
    const { amount, card, currency } = await withOffice(home, who, (office, actor) =>
      decideAdjustment(office, actor, { id, approve }),
    )
    const what = decision === 'approve' ? `booked, ${moneyText(amount, currency)} on card ${card.shown}` : 'refused'
    console.log(`adjustment ${id}: ${what}`)
  },
})

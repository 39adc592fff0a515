import type { Argv } from 'yargs'
import { SetUpError } from '../set-up-error.ts'
import { type CardOptions, chooseCard } from '../setup/card.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { lineSetup } from '../setup/line-setup.ts'
import { withCard, withLine, withTerminals } from '../setup/options.ts'
import { runTill } from '../till/till.ts'
import type { Display, Keyboard } from '../till/screen.ts'

export type TerminalOptions = LineOptions & CardOptions & { card?: string | undefined }

export const terminalOptions = <T>(args: Argv<T>) => withCard(withTerminals(withLine(args)))

/** `akart-sim terminal`: a till on the whole screen. */
export async function terminalCommand(options: TerminalOptions, keyboard: Keyboard, display: Display): Promise<number> {
  const { demo, terminal, peer, currency } = lineSetup(options)
  const first = terminal ?? demo.terminals[0]
  if (first === undefined) throw new SetUpError('there is no terminal: --terminal and --store, or terminals.csv')
  const card = options.card === undefined ? null : chooseCard(options.card, options, demo.cards)
  const cards = card === null || demo.cards.includes(card) ? demo.cards : [card, ...demo.cards]
  await runTill({ demo: { ...demo, cards }, terminal: first, card, peer, currency }, keyboard, display)
  return 0
}

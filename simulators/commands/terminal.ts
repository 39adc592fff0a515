import type { Argv } from 'yargs'
import { readDemo } from '../demo/home.ts'
import { parseAddress } from '../terminal/address.ts'
import { runTill } from '../till/till.ts'
import type { Display, Keyboard } from '../till/screen.ts'
import { chooseTerminal } from './choose.ts'

export type TerminalOptions = {
  target: string
  home: string
  cards: string | undefined
  terminals: string | undefined
  terminal: string
}

export const terminalOptions = <T>(args: Argv<T>) =>
  args
    .option('target', { type: 'string', default: '127.0.0.1:8583', describe: 'HOST:PORT of the switch' })
    .option('home', { type: 'string', default: '.akart', describe: 'where `akart up` keeps its data' })
    .option('cards', { type: 'string', describe: 'FILE instead of HOME/demo/cards.csv' })
    .option('terminals', { type: 'string', describe: 'FILE instead of HOME/demo/terminals.csv' })
    .option('terminal', { type: 'string', default: 'DEMO0001', describe: 'which demo terminal to begin with' })

/** `akart-sim terminal`: a till on the whole screen. */
export async function terminalCommand(options: TerminalOptions, keyboard: Keyboard, display: Display): Promise<number> {
  const demo = readDemo(options)
  const terminal = chooseTerminal(options.terminal, demo.terminals)
  await runTill({ demo, terminal, target: parseAddress(options.target) }, keyboard, display)
  return 0
}

import type { Argv } from 'yargs'
import type { KeyTask } from '../office/terminal-key-changes.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'

/** One key of one terminal. */
export type Which = Home & Who & { terminal: string; purpose: KeyTask['purpose'] }

export const withKey = (yargs: Argv): Argv<Which> =>
  withWho(withHome(yargs))
    .positional('terminal', { type: 'string', demandOption: true, describe: 'terminal code, DE41' })
    .positional('purpose', { choices: ['kbpk', 'mac', 'bdk'] as const, demandOption: true })

export const ALGORITHM = {
  choices: ['tdes', 'aes'] as const,
  describe: "cipher; that of the terminal's MAC unless given. For mac: tdes is retail, aes is aes-cmac",
} as const

/** The option `--yes` and the question that it answers. */

import { createInterface } from 'node:readline/promises'
import type { Argv } from 'yargs'
import { CommandError, UsageError } from './usage-error.ts'

export type Yes = { yes: boolean }

export const withYes = <T>(yargs: Argv<T>): Argv<T & Yes> =>
  yargs.option('yes', { type: 'boolean', default: false, describe: 'do not ask for confirmation' }) as Argv<T & Yes>

/**
 * Asks for confirmation of something that cannot be undone. @throws UsageError where standard input is no terminal,
 * CommandError if the answer is no
 */
export async function agreed(question: string, yes: boolean): Promise<void> {
  if (yes) return
  if (!process.stdin.isTTY) throw new UsageError(`${question} Say --yes: there is no terminal to ask at`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = (await lines.question(`${question} [y/N] `)).trim().toLowerCase()
    if (answer !== 'y' && answer !== 'yes') throw new CommandError('nothing was done')
  } finally {
    lines.close()
  }
}

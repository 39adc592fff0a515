/** Options that most commands share: `--home`, `--who`, `--reason`. */

import type { Argv } from 'yargs'
import { hasControls } from '../text/controls.ts'
import { UsageError } from './usage-error.ts'

export type Home = { home: string }
export type Who = { who: string }

export const withHome = <T>(yargs: Argv<T>): Argv<T & Home> =>
  yargs.option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' })

/** The person who is recorded as the author of a change. */
export const withWho = <T>(yargs: Argv<T>): Argv<T & Who> =>
  yargs
    .option('who', {
      type: 'string',
      default: process.env['USER'] ?? 'operator',
      describe: 'who does it, for the record',
    })
    .check(({ who }) => {
      if (!/^[\x21-\x7e]{1,40}$/u.test(String(who))) {
        throw new UsageError('--who takes a name of 1 to 40 ASCII characters')
      }
      return true
    }) as Argv<T & Who>

/** @throws UsageError */
export function mustBeReason(reason: string): true {
  if (reason.trim() === '' || reason.length > 200 || hasControls(reason)) {
    throw new UsageError('--reason takes 1 to 200 characters, no control characters')
  }
  return true
}

/** The code of an issue. */
export type OfIssue = { issue: string }

export const withIssue = <T>(yargs: Argv<T>): Argv<T & OfIssue> =>
  yargs.positional('issue', { type: 'string', demandOption: true, describe: 'code of the issue' }) as Argv<T & OfIssue>

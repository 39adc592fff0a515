import type { Argv } from 'yargs'
import { readIssueFile } from '../app/issue-file.ts'
import { inHomeOffice } from '../app/home-office.ts'
import type { Actor } from '../office/actor.ts'
import { type Said, settingOptions } from '../office/issues.ts'
import type { Office } from '../office/office.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { UsageError } from './usage-error.ts'
import { commandActor } from '../office/command-persons.ts'
import { done, operatingSystemUser } from './with-office.ts'

/** Every setting as an option, all of them text: what they must be is said in one place, for files too. */
export function withSettings<T>(yargs: Argv<T>, which: 'all' | 'limits'): Argv<T> {
  let more = yargs
  for (const { option, expected, limit } of settingOptions) {
    if (which === 'all' || limit) {
      more = more.option(option, { type: 'string', describe: expected, requiresArg: true }) as Argv<T>
    }
  }
  return more
}

/** What was said on the command line: by its setting, which also is how yargs calls it. */
export const saidInOptions = (options: Readonly<Record<string, unknown>>): Said =>
  new Map(
    settingOptions.flatMap(({ name }) => {
      const value = options[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    }),
  )

/**
 * Hands what file and options say (options win) to `work`; what is wrong with it is told at its place.
 *
 * @throws UsageError with a line for each fault: `xmas.yaml:4: saleStep must be …`, `--sale-step must be …`
 */
export async function withSaid<T>(
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
  { home, who }: { readonly home: string; readonly who: string },
  work: (office: Office, actor: Actor, said: Said) => Promise<T>,
): Promise<Exclude<T, Refused>> {
  const written = file === undefined ? null : await readIssueFile(file)
  const typed = saidInOptions(options)
  const placeOf = (setting: string): string => {
    const option = settingOptions.find(({ name }) => name === setting)?.option
    return option !== undefined && (typed.has(setting) || written === null)
      ? `--${option}`
      : `${written?.placeOf(setting) ?? ''}: ${setting}`
  }
  const said = new Map([...(written?.said ?? []), ...typed])
  const result = await inHomeOffice(home, async (office) =>
    work(office, await commandActor(office, who, operatingSystemUser()), said),
  )
  if (isRefused(result) && result.refused === 'wrong_settings') {
    throw new UsageError((result.faults ?? []).map(({ at, text }) => `${placeOf(at)} ${text}`).join('\n'))
  }
  return done(result)
}

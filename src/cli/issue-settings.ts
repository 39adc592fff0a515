import type { Argv } from 'yargs'
import { readIssueFile } from '../app/issue-file.ts'
import { inHomeOffice } from '../app/home-office.ts'
import type { Actor } from '../office/actor.ts'
import { type GivenTexts, settingOptions } from '../office/issues.ts'
import type { Office } from '../office/office.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { UsageError } from './usage-error.ts'
import { commandActor } from '../office/command-persons.ts'
import { done, operatingSystemUser } from './with-office.ts'

/** Every setting as a text option. The validation is the same as for files. */
export function withSettings<T>(yargs: Argv<T>, which: 'all' | 'limits'): Argv<T> {
  let more = yargs
  for (const { option, expected, limit } of settingOptions) {
    if (which === 'all' || limit) {
      more = more.option(option, { type: 'string', describe: expected, requiresArg: true }) as Argv<T>
    }
  }
  return more
}

/** The settings given as options, by setting name, which is also yargs' name of the option. */
export const settingsInOptions = (options: Readonly<Record<string, unknown>>): GivenTexts =>
  new Map(
    settingOptions.flatMap(({ name }) => {
      const value = options[name]
      return typeof value === 'string' ? [[name, value] as const] : []
    }),
  )

/**
 * Passes the settings of file and options to `work`; options win. Faults are reported with their place.
 *
 * @throws UsageError with a line for each fault: `xmas.yaml:4: saleStep must be …`, `--sale-step must be …`
 */
export async function withGivenSettings<T>(
  file: string | undefined,
  options: Readonly<Record<string, unknown>>,
  { home, who }: { readonly home: string; readonly who: string },
  work: (office: Office, actor: Actor, given: GivenTexts) => Promise<T>,
): Promise<Exclude<T, Refused>> {
  const written = file === undefined ? null : await readIssueFile(file)
  const typed = settingsInOptions(options)
  const placeOf = (setting: string): string => {
    const option = settingOptions.find(({ name }) => name === setting)?.option
    return option !== undefined && (typed.has(setting) || written === null)
      ? `--${option}`
      : `${written?.placeOf(setting) ?? ''}: ${setting}`
  }
  const given = new Map([...(written?.given ?? []), ...typed])
  const result = await inHomeOffice(home, async (office) =>
    work(office, await commandActor(office, who, operatingSystemUser()), given),
  )
  if (isRefused(result) && result.refused === 'wrong_settings') {
    throw new UsageError((result.faults ?? []).map(({ at, text }) => `${placeOf(at)} ${text}`).join('\n'))
  }
  return done(result)
}

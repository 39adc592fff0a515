import type { Argv } from 'yargs'
import { readIssueFile } from '../app/issue-file.ts'
import { type Said, settingOptions, WrongSettings } from '../app/issues.ts'
import { UsageError } from './usage-error.ts'

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
  work: (said: Said) => Promise<T>,
): Promise<T> {
  const written = file === undefined ? null : await readIssueFile(file)
  const typed = saidInOptions(options)
  const placeOf = (setting: string): string => {
    const option = settingOptions.find(({ name }) => name === setting)?.option
    return option !== undefined && (typed.has(setting) || written === null)
      ? `--${option}`
      : `${written?.placeOf(setting) ?? ''}: ${setting}`
  }
  try {
    return await work(new Map([...(written?.said ?? []), ...typed]))
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error
    throw new UsageError(error.faults.map(({ setting, text }) => `${placeOf(setting)} ${text}`).join('\n'))
  }
}

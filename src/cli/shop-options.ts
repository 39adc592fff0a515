import type { Argv } from 'yargs'
import { CHANGEABLE, NEW, type Read, type ShopFault, type ShopSaid, type ShopSetting } from '../office/shop-settings.ts'
import { UsageError } from './usage-error.ts'

type Kind = keyof typeof NEW
type Options = Readonly<Record<string, unknown>>

/** An option that is said without a value means yes. */
const BARE = 'unauthenticated'
const SERVED_WITHOUT = 'yes or no: it is served without MAC key and certificate, whoever says its code; no unless said'
const orYes = (said: unknown): unknown => (said === '' ? 'yes' : said)

const TABLES = { new: NEW, change: CHANGEABLE } as const

/** Every setting as an option but the code, which is the word behind the command: all of them text, read in one place. */
export function withShop<T>(yargs: Argv<T>, what: keyof typeof TABLES, kind: Kind): Argv<T> {
  let more = yargs
  for (const [name, { expected, otherwise }] of Object.entries(TABLES[what][kind])) {
    if (name === kind) continue
    if (name === BARE) {
      more = more.option(name, { type: 'string', coerce: orYes, describe: SERVED_WITHOUT }) as Argv<T>
      continue
    }
    const unless = what === 'new' && otherwise !== undefined ? `; ${String(otherwise.value)} unless said` : ''
    more = more.option(name, { type: 'string', requiresArg: true, describe: `${expected}${unless}` }) as Argv<T>
  }
  return more
}

/**
 * What was said on the command line, as `read` understands it.
 *
 * @throws UsageError with a line for each fault
 */
export function saidOf<Value>(kind: Kind, options: Options, read: (said: ShopSaid) => Read<Value>): Value {
  const names = new Set([...Object.keys(NEW[kind]), ...Object.keys(CHANGEABLE[kind])])
  const said = new Map<string, string>()
  for (const name of names) {
    const value = options[name]
    if (typeof value === 'string') said.set(name, value)
    else if (value !== undefined) throw new UsageError(`${placeOf(kind, name)} is said twice`)
  }
  const result = read(said)
  if ('value' in result) return result.value
  throw new UsageError(
    result.faults.map(({ setting, text }: ShopFault) => `${placeOf(kind, setting)} ${text}`).join('\n'),
  )
}

/** A code that somebody asks for. @throws UsageError where there can be none such, and the database would not take it */
export function codeOf(kind: Kind, text: string): string {
  const table: Readonly<Record<Kind, ShopSetting<string>>> = { store: NEW.store.store, terminal: NEW.terminal.terminal }
  const { read, expected } = table[kind]
  const result = read(text)
  if ('value' in result) return result.value
  throw new UsageError(`the code of a ${kind} must be ${expected}; ${result.fault}`)
}

const placeOf = (kind: Kind, setting: string): string => (setting === kind ? `the code of a ${kind}` : `--${setting}`)

/** @throws UsageError where a change says nothing */
export function mustSaySomething(kind: Kind, options: Options): true {
  const names = Object.keys(CHANGEABLE[kind])
  if (names.some((name) => options[name] !== undefined)) return true
  const [last = '', ...others] = names.map((name) => `--${name}`).toReversed()
  throw new UsageError(`say ${others.toReversed().join(', ')} or ${last}`)
}

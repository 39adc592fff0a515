import type { Argv } from 'yargs'
import {
  CHANGEABLE,
  NEW,
  type Read,
  type RegistryFault,
  type RawValues,
  type RegistrySetting,
} from '../office/registry-settings.ts'
import { UsageError } from './usage-error.ts'

type Kind = keyof typeof NEW
type Options = Readonly<Record<string, unknown>>

/** An option that means yes when it is given without a value. */
const BARE = 'unauthenticated'
const SERVED_WITHOUT = 'yes or no: everybody who sends its code is served, without MAC key and certificate; default: no'
const orYes = (given: unknown): unknown => (given === '' ? 'yes' : given)

const TABLES = { new: NEW, change: CHANGEABLE } as const

/** Every setting as an option but the code, which is the word behind the command: all of them text, read in one place. */
export function withRegistrySettings<T>(yargs: Argv<T>, what: keyof typeof TABLES, kind: Kind): Argv<T> {
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
 * Reads the settings given on the command line with `read`.
 *
 * @throws UsageError with a line for each fault
 */
export function givenOf<Value>(kind: Kind, options: Options, read: (given: RawValues) => Read<Value>): Value {
  const names = new Set([...Object.keys(NEW[kind]), ...Object.keys(CHANGEABLE[kind])])
  const given = new Map<string, string>()
  for (const name of names) {
    const value = options[name]
    if (typeof value === 'string') given.set(name, value)
    else if (value !== undefined) throw new UsageError(`${placeOf(kind, name)} is given twice`)
  }
  const result = read(given)
  if ('value' in result) return result.value
  throw new UsageError(
    result.faults.map(({ setting, text }: RegistryFault) => `${placeOf(kind, setting)} ${text}`).join('\n'),
  )
}

/** Validates a code on the command line. @throws UsageError for a code that the database could not hold */
export function codeOf(kind: Kind, text: string): string {
  const table: Readonly<Record<Kind, RegistrySetting<string>>> = {
    store: NEW.store.store,
    terminal: NEW.terminal.terminal,
  }
  const { read, expected } = table[kind]
  const result = read(text)
  if ('value' in result) return result.value
  throw new UsageError(`the code of a ${kind} must be ${expected}; ${result.fault}`)
}

const placeOf = (kind: Kind, setting: string): string => (setting === kind ? `the code of a ${kind}` : `--${setting}`)

/** @throws UsageError if a change names no setting */
export function mustSaySomething(kind: Kind, options: Options): true {
  const names = Object.keys(CHANGEABLE[kind])
  if (names.some((name) => options[name] !== undefined)) return true
  const [last = '', ...others] = names.map((name) => `--${name}`).toReversed()
  throw new UsageError(`give ${others.toReversed().join(', ')} or ${last}`)
}

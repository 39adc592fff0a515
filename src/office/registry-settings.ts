import { ISSUE_SETTINGS, type Setting } from '../cards/issue-settings.ts'
import { CHARACTER_SETS, CONFIRMATIONS, LANGUAGES, STORE_STATES, TERMINAL_STATES } from '../core/registry.ts'
import type { NewStore, StoreChange } from '../db/sql/stores.ts'
import type { NewTerminal, TerminalChange } from '../db/sql/terminals.ts'
import { isTimeZone } from '../config/time-zone.ts'
import { hasControls } from '../text/controls.ts'

/** One setting of a store or a terminal as people write it, in a file or as an option: always text. */
export type RegistrySetting<Value> = {
  /** Completes "… must be". */
  readonly expected: string
  /** The same in Polish: completes „oczekiwano: …”. */
  readonly expectedPl: string
  /** `fault`: a more exact description of the fault; completes "… must be …; ". */
  readonly read: (text: string) => { readonly value: Value } | { readonly fault: string }
  /** The default; undefined: mandatory. */
  readonly otherwise: { readonly value: Value } | undefined
}

/** As an issue's. */
const asInIssues = <Value>({ expected, expectedPl, read, otherwise }: Setting<Value>): RegistrySetting<Value> => ({
  expected,
  expectedPl,
  read: (text) => read(text) ?? { fault: `it is ${text}` },
  otherwise,
})

/** No control characters: it is shown on terminals, and in lists of a line each. */
const name: RegistrySetting<string> = {
  expected: 'a name of up to 100 characters',
  expectedPl: 'nazwa do 100 znaków',
  read: (text) =>
    /^(?=.*\S).{1,100}$/su.test(text) && !hasControls(text)
      ? { value: text }
      : { fault: `it is ${JSON.stringify(text)}` },
  otherwise: undefined,
}

const oneOf = <const Word extends string>(
  words: readonly Word[],
  otherwise?: NoInfer<Word>,
): RegistrySetting<Word> => ({
  expected: `one of ${words.join(', ')}`,
  expectedPl: `jedno z: ${words.join(', ')}`,
  read: (text) => {
    const value = words.find((word) => word === text)
    return value === undefined ? { fault: `it is ${text}` } : { value }
  },
  otherwise: otherwise === undefined ? undefined : { value: otherwise },
})

/**
 * A code as in the data element, without its padding blanks: shorter ones are allowed. No blank inside, which would be
 * ambiguous; no comma, which separates codes in the settings of issues.
 *
 * @param reserved the code under which Akart books its own requests
 */
const code = (element: string, most: number, reserved: string): RegistrySetting<string> => ({
  expected: `1 to ${most} ASCII characters as in ${element}, without blanks and commas`,
  expectedPl: `od 1 do ${most} znaków ASCII jak w ${element}, bez spacji, przecinków i polskich liter`,
  read: (text) => {
    const length = Array.from(text).length
    const strange = Array.from(text).find((character) => !/^[\x21-\x2b\x2d-\x7e]$/u.test(character))
    if (length === 0) return { fault: 'it is empty' }
    if (strange !== undefined) return { fault: `it is ${JSON.stringify(text)}, with ${JSON.stringify(strange)} in it` }
    if (length > most) return { fault: `it is ${text}, which has ${length}` }
    return text === reserved ? { fault: `${text} is what Akart calls itself` } : { value: text }
  },
  otherwise: undefined,
})

/** The length of the column. */
const ZONE_LENGTH = 40

const timeZone: RegistrySetting<string> = {
  expected: 'the name of a time zone, such as Europe/Warsaw',
  expectedPl: 'nazwa strefy czasowej, np. Europe/Warsaw',
  read: (text) => (isTimeZone(text) && text.length <= ZONE_LENGTH ? { value: text } : { fault: `it is ${text}` }),
  otherwise: { value: 'Europe/Warsaw' },
}

const storeCode = code('DE42', 15, 'AKART')

/** An option without a value means yes. */
const yesOrNo: RegistrySetting<boolean> = {
  expected: 'yes or no',
  expectedPl: 'yes lub no',
  read: (text) => (text === 'yes' || text === 'no' ? { value: text === 'yes' } : { fault: `it is ${text}` }),
  otherwise: { value: false },
}

const storeLooks = {
  name,
  currency: asInIssues(ISSUE_SETTINGS.currency),
  'time-zone': timeZone,
  language: oneOf(LANGUAGES, 'pl'),
} as const

const terminalLooks = {
  confirmation: oneOf(CONFIRMATIONS, 'explicit'),
  'character-set': oneOf(CHARACTER_SETS, 'ascii'),
  language: oneOf([...LANGUAGES, 'store'], 'store'),
  unauthenticated: yesOrNo,
} as const

/** The settings of a new one, by their names as columns of a file and as options. */
export const NEW = {
  store: { store: storeCode, ...storeLooks },
  // The timer's reversals count in the totals of the terminals that they are about.
  terminal: { terminal: code('DE41', 8, 'TIMER'), store: storeCode, ...terminalLooks },
} as const satisfies Record<string, Settings>

/** The settings that can be changed. */
export const CHANGEABLE = {
  store: { ...storeLooks, state: oneOf(STORE_STATES) },
  terminal: { ...terminalLooks, state: oneOf(TERMINAL_STATES) },
} as const satisfies Record<string, Settings>

type Settings = Readonly<Record<string, RegistrySetting<unknown>>>
type ValueOf<One> = One extends RegistrySetting<infer Value> ? Value : never
type Given<Table extends Settings> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> }

/** Name → text, from a file or from options. */
export type RawValues = ReadonlyMap<string, string>

/** A fault of one setting; `text` completes a sentence that begins with the setting's name, `pl` stands after a colon. */
export type RegistryFault = { readonly setting: string; readonly text: string; readonly pl: string }

export type Read<Value> = { readonly value: Value } | { readonly faults: readonly RegistryFault[] }

/**
 * All faults are reported. Missing or empty settings get the value of `otherwise`; in a change missing ones are kept.
 */
function readSettings<Table extends Settings>(table: Table, given: RawValues): Read<Given<Table>>
function readSettings<Table extends Settings>(table: Table, given: RawValues, change: true): Read<Partial<Given<Table>>>
function readSettings(table: Settings, given: RawValues, change = false): Read<Readonly<Record<string, unknown>>> {
  const faults: RegistryFault[] = []
  const value: Record<string, unknown> = {}
  for (const [setting, { read, expected, expectedPl, otherwise }] of Object.entries(table)) {
    const text = given.get(setting)
    if (change && text === undefined) continue
    if ((text ?? '') === '' && otherwise !== undefined && !change) value[setting] = otherwise.value
    else if (text === undefined) {
      faults.push({
        setting,
        text: `is missing; it must be ${expected}`,
        pl: `brak wartości; oczekiwano: ${expectedPl}`,
      })
    } else {
      const one = read(text)
      if ('value' in one) value[setting] = one.value
      else {
        const pl = `oczekiwano: ${expectedPl}; podano: ${text === '' ? '–' : text}`
        faults.push({ setting, text: `must be ${expected}; ${one.fault}`, pl })
      }
    }
  }
  return faults.length > 0 ? { faults } : { value }
}

const mapped = <From, To>(read: Read<From>, to: (value: From) => To): Read<To> =>
  'faults' in read ? read : { value: to(read.value) }

export const readNewStore = (given: RawValues): Read<NewStore> =>
  mapped(readSettings(NEW.store, given), ({ store, 'time-zone': timeZone, ...rest }) => ({
    ...rest,
    code: store,
    timeZone,
  }))

export const readNewTerminal = (given: RawValues): Read<NewTerminal> =>
  mapped(readSettings(NEW.terminal, given), ({ terminal, 'character-set': characterSet, ...rest }) => ({
    ...rest,
    code: terminal,
    characterSet,
  }))

export const readStoreChange = (given: RawValues): Read<StoreChange> =>
  mapped(readSettings(CHANGEABLE.store, given, true), ({ 'time-zone': timeZone, ...rest }) => ({
    ...rest,
    ...(timeZone === undefined ? {} : { timeZone }),
  }))

export const readTerminalChange = (given: RawValues): Read<TerminalChange> =>
  mapped(readSettings(CHANGEABLE.terminal, given, true), ({ 'character-set': characterSet, ...rest }) => ({
    ...rest,
    ...(characterSet === undefined ? {} : { characterSet }),
  }))

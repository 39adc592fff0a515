import {
  CHARACTER_SETS,
  CONFIRMATIONS,
  type Confirmation,
  type Language,
  LANGUAGES,
  TERMINAL_STATES,
  type TerminalState,
  type TextForm,
} from '../../core/registry.ts'
import { boolean, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A terminal as its operator sees it. */
export type TerminalRecord = {
  readonly code: string
  readonly store: string
  readonly state: TerminalState
  readonly confirmation: Confirmation
  readonly mac: string
  readonly macRequired: boolean
  readonly signOn: boolean
  readonly textForm: TextForm
  /** Whether the terminal uses the store's language. */
  readonly storeLanguage: boolean
  /** Served without authentication. */
  readonly unauthenticated: boolean
  /** To a client certificate, itself or by its store. */
  readonly bound: boolean
  /** A price checker: a browser with a cookie of its own, on no line. */
  readonly kiosk: boolean
}

/** Itself or by its store. */
export const isBound = `(EXISTS (SELECT 1 FROM terminal_certificates c WHERE c.terminal_code = t.code)
   OR EXISTS (SELECT 1 FROM store_certificates c WHERE c.store_code = t.store_code))`

const selectTerminals = `SELECT t.code, t.store_code, t.state, t.confirmation, t.mac, t.mac_required, t.sign_on,
   t.character_set, COALESCE(t.language, s.language), t.language IS NULL, t.unauthenticated, ${isBound}, t.channel = 'kiosk'
   FROM terminals t JOIN stores s ON s.code = t.store_code`

/** All of a store; null: of every store. */
export const selectTerminalsOf = (store: string | null): string =>
  `${selectTerminals}${store === null ? '' : ` WHERE t.store_code = ${text(store)}`} ORDER BY t.store_code, t.code`

export const selectTerminal = (code: string): string => `${selectTerminals} WHERE t.code = ${text(code)}`

/** The existing terminals of this list, with their stores. */
export const selectTerminalsNamed = (codes: readonly string[]): string =>
  `SELECT code, store_code FROM terminals WHERE code IN (${codes.map(text).join(',')})`

export function toTerminalRecord(row: Row): TerminalRecord {
  const [
    code, store, state, confirmation, mac, macRequired, signOn, characterSet, language, storeLanguage, unauthenticated, bound,
    kiosk,
  ] = row as [
    string, string, string, string, string, number, number, string, string, number, number, number, number,
  ] // prettier-ignore
  return {
    code,
    store,
    state: oneOf(TERMINAL_STATES, state),
    confirmation: oneOf(CONFIRMATIONS, confirmation),
    mac,
    macRequired: macRequired === 1,
    signOn: signOn === 1,
    textForm: { characterSet: oneOf(CHARACTER_SETS, characterSet), language: oneOf(LANGUAGES, language) },
    storeLanguage: storeLanguage === 1,
    unauthenticated: unauthenticated === 1,
    bound: bound === 1,
    kiosk: kiosk === 1,
  }
}

/** `store`: that of its store, whichever that is. */
export type TerminalLanguage = Language | 'store'

/** A terminal as it is added: active, without keys. */
export type NewTerminal = {
  readonly code: string
  readonly store: string
  readonly confirmation: Confirmation
  readonly characterSet: TextForm['characterSet']
  readonly language: TerminalLanguage
  readonly unauthenticated: boolean
  /** A price checker: on no line. */
  readonly kiosk?: boolean
}

export const insertTerminals = (terminals: readonly NewTerminal[]): string =>
  `INSERT INTO terminals (code, store_code, confirmation, mac, state, character_set, language, unauthenticated, channel) VALUES ${terminals
    .map(({ code, store, confirmation, characterSet, language, unauthenticated, kiosk = false }) =>
      [
        `(${text(code)}`,
        text(store),
        text(confirmation),
        "'none'",
        "'active'",
        text(characterSet),
        textOrNull(languageColumn(language)),
        boolean(unauthenticated),
        kiosk ? "'kiosk')" : "'terminal')",
      ].join(','),
    )
    .join(',')}`

/** Absent members are not changed. */
export type TerminalChange = Partial<Omit<NewTerminal, 'code' | 'store' | 'kiosk'>> & { readonly state?: TerminalState }

const COLUMNS = {
  state: 'state',
  confirmation: 'confirmation',
  characterSet: 'character_set',
  language: 'language',
  unauthenticated: 'unauthenticated',
} as const satisfies Record<keyof TerminalChange, string>

const NAMES = Object.keys(COLUMNS) as readonly (keyof TerminalChange)[]

export function updateTerminal(code: string, change: TerminalChange): string {
  const assignments = NAMES.flatMap((name) => {
    const value = change[name]
    if (value === undefined) return []
    const written = typeof value === 'boolean' ? boolean(value) : textOrNull(languageColumn(value))
    return [`${COLUMNS[name]} = ${written}`]
  })
  return `UPDATE terminals SET ${assignments.join(', ')} WHERE code = ${text(code)}`
}

/** `store` is no word of another column. */
const languageColumn = (value: string): string | null => (value === 'store' ? null : value)

/** How many of a terminal's transactions are approved and not confirmed yet, or with another host still. */
export const countOpenOf = (terminal: string): string =>
  `SELECT (SELECT COUNT(*) FROM transactions FORCE INDEX (transactions_unconfirmed)
     WHERE confirm_by IS NOT NULL AND terminal_code = ${text(terminal)})
   + (SELECT COUNT(*) FROM routed r JOIN transactions t ON t.id = r.id
     WHERE r.answer_by IS NOT NULL AND t.terminal_code = ${text(terminal)})`

/** The same for all terminals of a store. */
export const countOpenIn = (store: string): string =>
  `SELECT (SELECT COUNT(*) FROM transactions FORCE INDEX (transactions_unconfirmed)
     WHERE confirm_by IS NOT NULL AND store_code = ${text(store)})
   + (SELECT COUNT(*) FROM routed r JOIN transactions t ON t.id = r.id
     WHERE r.answer_by IS NOT NULL AND t.store_code = ${text(store)})`

import { CHARACTER_SETS, LANGUAGES, type TextForm } from '../../core/registry.ts'
import { text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A terminal as its operator sees it. */
export type TerminalRecord = {
  readonly code: string
  readonly store: string
  readonly state: string
  readonly confirmation: string
  readonly mac: string
  readonly macRequired: boolean
  readonly signOn: boolean
  readonly textForm: TextForm
  /** Whether the language is the store's. */
  readonly storeLanguage: boolean
}

const selectTerminals = `SELECT t.code, t.store_code, t.state, t.confirmation, t.mac, t.mac_required, t.sign_on,
   t.character_set, COALESCE(t.language, s.language), t.language IS NULL
   FROM terminals t JOIN stores s ON s.code = t.store_code`

/** All of a store; null: of every store. */
export const selectTerminalsOf = (store: string | null): string =>
  `${selectTerminals}${store === null ? '' : ` WHERE t.store_code = ${text(store)}`} ORDER BY t.store_code, t.code`

export const selectTerminal = (code: string): string => `${selectTerminals} WHERE t.code = ${text(code)}`

export function toTerminalRecord(row: Row): TerminalRecord {
  const [code, store, state, confirmation, mac, macRequired, signOn, characterSet, language, storeLanguage] = row as [
    string, string, string, string, string, number, number, string, string, number,
  ] // prettier-ignore
  return {
    code,
    store,
    state,
    confirmation,
    mac,
    macRequired: macRequired === 1,
    signOn: signOn === 1,
    textForm: { characterSet: oneOf(CHARACTER_SETS, characterSet), language: oneOf(LANGUAGES, language) },
    storeLanguage: storeLanguage === 1,
  }
}

/** What is not given stays. */
export type TextChange = {
  readonly characterSet?: TextForm['characterSet'] | undefined
  /** `store`: that of its store, whichever that is. */
  readonly language?: TextForm['language'] | 'store' | undefined
}

export function setTexts(code: string, { characterSet, language }: TextChange): string {
  const assignments = [
    ...(characterSet === undefined ? [] : [`character_set = ${text(characterSet)}`]),
    ...(language === undefined ? [] : [`language = ${textOrNull(language === 'store' ? null : language)}`]),
  ]
  return `UPDATE terminals SET ${assignments.join(', ')} WHERE code = ${text(code)}`
}

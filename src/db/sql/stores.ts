import type { ContraAccount, AccountId } from '../../core/money.ts'
import { LANGUAGES, STORE_STATES, type Language, type StoreState } from '../../core/registry.ts'
import { integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A store as it is added: open. */
export type NewStore = {
  readonly code: string
  readonly name: string
  /** ISO 4217 number. */
  readonly currency: number
  /** IANA name. */
  readonly timeZone: string
  readonly language: Language
}

/** A store as its operator sees it. */
export type StoreRecord = NewStore & {
  readonly state: StoreState
  /** How many it has, inactive ones too. */
  readonly terminals: number
}

const selectRecords = `SELECT s.code, s.name, s.currency, s.time_zone, s.language, s.state,
   (SELECT COUNT(*) FROM terminals t WHERE t.store_code = s.code) FROM stores s`

export const selectStores = `${selectRecords} ORDER BY s.code`

export const selectStore = (code: string): string => `${selectRecords} WHERE s.code = ${text(code)}`

/** Held to the end of the database transaction. */
export const lockStore = (code: string): string => `SELECT code FROM stores WHERE code = ${text(code)} FOR UPDATE`

/** The existing stores of this list, locked until the end of the transaction. */
export const holdStores = (codes: readonly string[]): string =>
  `SELECT code FROM stores WHERE code IN (${codes.map(text).join(',')}) ORDER BY code LOCK IN SHARE MODE`

/** The existing stores of this list. */
export const selectStoresNamed = (codes: readonly string[]): string =>
  `SELECT code FROM stores WHERE code IN (${codes.map(text).join(',')})`

export function toStoreRecord(row: Row): StoreRecord {
  const [code, name, currency, timeZone, language, state, terminals] = row as [
    string, string, number, string, string, string, number,
  ] // prettier-ignore
  return {
    code,
    name,
    currency,
    timeZone,
    language: oneOf(LANGUAGES, language),
    state: oneOf(STORE_STATES, state),
    terminals,
  }
}

export const insertStores = (stores: readonly NewStore[]): string =>
  `INSERT INTO stores (code, name, currency, time_zone, language, state) VALUES ${stores
    .map(({ code, name, currency, timeZone, language }) =>
      [`(${text(code)}`, text(name), integer(currency), text(timeZone), text(language), "'open')"].join(','),
    )
    .join(',')}`

export type NewAccount = {
  readonly id: AccountId
  readonly kind: ContraAccount
  readonly owner: string
  readonly currency: number
}

/** Existing ones are kept. */
export const insertAccounts = (accounts: readonly NewAccount[]): string =>
  `INSERT INTO accounts (id, kind, owner, currency) VALUES ${accounts
    .map(({ id, kind, owner, currency }) => `(${integer(id)},${text(kind)},${text(owner)},${integer(currency)})`)
    .join(',')} ON DUPLICATE KEY UPDATE kind = VALUES(kind)`

/** Absent members are not changed. */
export type StoreChange = Partial<Omit<NewStore, 'code'>> & { readonly state?: StoreState }

const COLUMNS = {
  name: 'name',
  currency: 'currency',
  timeZone: 'time_zone',
  language: 'language',
  state: 'state',
} as const satisfies Record<keyof StoreChange, string>

const NAMES = Object.keys(COLUMNS) as readonly (keyof StoreChange)[]

export function updateStore(code: string, change: StoreChange): string {
  const assignments = NAMES.flatMap((name) => {
    const value = change[name]
    if (value === undefined) return []
    return [`${COLUMNS[name]} = ${typeof value === 'number' ? integer(value) : text(value)}`]
  })
  return `UPDATE stores SET ${assignments.join(', ')} WHERE code = ${text(code)}`
}

/** The accounts of a store in its old currency become those in the new one. Only where nothing is booked on them. */
export const moveAccounts = (owner: string, kinds: readonly ContraAccount[], currency: number): string =>
  `UPDATE accounts SET currency = ${integer(currency)} WHERE owner = ${text(owner)}
   AND kind IN (${kinds.map(text).join(',')})`

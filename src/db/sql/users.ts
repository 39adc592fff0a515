import { binary, fromInstant, instant, instantOrNull, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const USER_STATES = ['invited', 'active', 'disabled'] as const
export type UserState = (typeof USER_STATES)[number]

export type UserRow = {
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly state: UserState
  readonly roles: readonly string[]
  readonly stores: readonly string[]
  readonly password: string | null
  /** Sealed; null: not enrolled. */
  readonly totp: Buffer | null
  readonly totpStep: number
  readonly language: 'en' | 'pl' | null
  readonly theme: 'auto' | 'light' | 'dark'
  readonly lastSignIn: number | null
}

const COLUMNS = 'login, name, email, state, roles, stores, password, totp, totp_step, language, theme, last_sign_in'

const listOf = (stored: string): string[] => (stored === '' ? [] : stored.split(','))

export function toUser(row: Row): UserRow {
  const [login, name, email, state, roles, stores, password, totp, totpStep, language, theme, lastSignIn] = row as [
    string, string, string | null, string, string, string, string | null, Buffer | null, number, string | null, string,
    string | null,
  ] // prettier-ignore
  return {
    login,
    name,
    email,
    state: oneOf(USER_STATES, state),
    roles: listOf(roles),
    stores: listOf(stores),
    password,
    totp,
    totpStep,
    language: language === null ? null : oneOf(['en', 'pl'] as const, language),
    theme: oneOf(['auto', 'light', 'dark'] as const, theme),
    lastSignIn: lastSignIn === null ? null : fromInstant(lastSignIn),
  }
}

export const selectUsers = `SELECT ${COLUMNS} FROM users ORDER BY login`
export const selectUser = (login: string): string => `SELECT ${COLUMNS} FROM users WHERE login = ${text(login)}`
/** Held to the end of the database transaction. */
export const lockUser = (login: string): string => `${selectUser(login)} FOR UPDATE`
/** Locks all users in order, for decisions that depend on the number of administrators. */
export const lockUsers = `${selectUsers} FOR UPDATE`
/** Whether any person with one of these roles, now or formerly, has ever signed in. No row: none has. */
export function selectSignedInAs(roles: readonly string[]): string {
  const among = (column: string): string =>
    roles.map((role) => `FIND_IN_SET(${text(role)}, ${column})`).join(' OR ') || 'FALSE'
  return `SELECT 1 FROM users u WHERE u.last_sign_in IS NOT NULL AND (${among('u.roles')} OR EXISTS
   (SELECT 1 FROM user_history h WHERE h.login = u.login AND (${among('h.roles')}))) LIMIT 1`
}
export const countUsers = 'SELECT COUNT(*) FROM users'

/** The mail addresses of everybody with a role. */
export const selectAddressesOf = (role: string): string =>
  `SELECT email FROM users WHERE state = 'active' AND email IS NOT NULL AND FIND_IN_SET(${text(role)}, roles) ORDER BY login`

export type NewUser = Pick<UserRow, 'login' | 'name' | 'email' | 'state' | 'roles' | 'stores'>

export const insertUser = (user: NewUser, at: number): string =>
  `INSERT INTO users (login, name, email, state, roles, stores, created_at) VALUES (${text(user.login)},${text(user.name)},
   ${textOrNull(user.email)},${text(user.state)},${text(user.roles.join())},${text(user.stores.join())},${instant(at)})`

export type UserChange = Partial<
  Pick<
    UserRow,
    'name' | 'state' | 'roles' | 'stores' | 'password' | 'totp' | 'totpStep' | 'language' | 'theme' | 'lastSignIn'
  >
>

export function updateUser(login: string, change: UserChange): string {
  const { name, state, roles, stores, password, totp, totpStep, language, theme, lastSignIn } = change
  const set = [
    name === undefined ? null : `name = ${text(name)}`,
    state === undefined ? null : `state = ${text(state)}`,
    roles === undefined ? null : `roles = ${text(roles.join())}`,
    stores === undefined ? null : `stores = ${text(stores.join())}`,
    password === undefined ? null : `password = ${textOrNull(password)}`,
    totp === undefined ? null : `totp = ${totp === null ? 'NULL' : binary(totp.toString('hex'))}`,
    totpStep === undefined ? null : `totp_step = ${integer(totpStep)}`,
    language === undefined ? null : `language = ${textOrNull(language)}`,
    theme === undefined ? null : `theme = ${text(theme)}`,
    lastSignIn === undefined ? null : `last_sign_in = ${instantOrNull(lastSignIn)}`,
  ].filter((one) => one !== null)
  return `UPDATE users SET ${set.join(', ')} WHERE login = ${text(login)}`
}

export type HistoryRow = Pick<UserRow, 'login' | 'state' | 'roles' | 'stores'> & {
  readonly since: number
  readonly who: string
}

export const insertHistory = (id: number, row: HistoryRow): string =>
  `INSERT INTO user_history (id, login, since, state, roles, stores, who) VALUES (${integer(id)},${text(row.login)},
   ${instant(row.since)},${text(row.state)},${text(row.roles.join())},${text(row.stores.join())},${text(row.who)})`

/** The roles of all persons at an instant. */
export const selectHistoryAt = (at: number): string =>
  `SELECT h.login, h.state, h.roles, h.stores FROM user_history h WHERE h.id = (SELECT MAX(i.id) FROM user_history i
   WHERE i.login = h.login AND i.since <= ${instant(at)}) ORDER BY h.login`

export function toStanding(row: Row): Pick<UserRow, 'login' | 'state' | 'roles' | 'stores'> {
  const [login, state, roles, stores] = row as [string, string, string, string]
  return { login, state: oneOf(USER_STATES, state), roles: listOf(roles), stores: listOf(stores) }
}

export type RoleRow = { readonly code: string; readonly name: string; readonly rights: readonly string[] }
export const selectRoles = 'SELECT code, name, rights FROM roles ORDER BY code'
export function toRole(row: Row): RoleRow {
  const [code, name, rights] = row as [string, string, string]
  return { code, name, rights: listOf(rights) }
}

/** SHA-256, 64 hex digits each. */
export const insertRecoveryCodes = (login: string, digests: readonly string[]): string =>
  `DELETE FROM recovery_codes WHERE login = ${text(login)};
   INSERT INTO recovery_codes (login, digest) VALUES ${digests.map((digest) => `(${text(login)},${binary(digest)})`).join(',')}`
export const deleteRecoveryCodes = (login: string): string => `DELETE FROM recovery_codes WHERE login = ${text(login)}`
export const lockRecoveryCode = (login: string, digest: string): string =>
  `SELECT used_at FROM recovery_codes WHERE login = ${text(login)} AND digest = ${binary(digest)} FOR UPDATE`
export const useRecoveryCode = (login: string, digest: string, at: number): string =>
  `UPDATE recovery_codes SET used_at = ${instant(at)} WHERE login = ${text(login)} AND digest = ${binary(digest)}`
export const countRecoveryCodes = (login: string): string =>
  `SELECT COUNT(*) FROM recovery_codes WHERE login = ${text(login)} AND used_at IS NULL`

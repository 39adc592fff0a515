import { boolean, fromInstant, instant, instantOrNull, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A stored key; it opens with the master key of check value `master`. */
export type WrappedKey = {
  readonly terminal: string
  readonly purpose: 'kbpk' | 'mac' | 'session' | 'bdk'
  readonly algorithm: 'tdes' | 'aes'
  readonly checkValue: string
  readonly master: string
  readonly wrapped: Buffer
}

export type StoredKey = WrappedKey & {
  /** The change that brought it: a higher id is a newer key. */
  readonly id: number
  /** ms; of MAC keys only: the first message under it, and from when on it is refused. */
  readonly usedAt: number | null
  readonly endsAt: number | null
}

export type KeyAction =
  | 'created'
  | 'imported'
  | 'replaced'
  | 'removed'
  | 'exchanged'
  | 'used'
  | 'policy'
  | 'rewrapped'
  | 'asked'
  | 'component'
  | 'abandoned'

/** A change of a key and its author; see the table. */
export type KeyChange = {
  readonly who: string
  readonly action: KeyAction
  readonly terminal: string | null
  readonly purpose: WrappedKey['purpose'] | null
  readonly checkValue: string | null
  /** 80 ASCII characters at most. */
  readonly note: string
}

const COLUMNS = 'id, terminal_code, purpose, algorithm, check_value, master, wrapped, used_at, ends_at'

export const selectAllKeys = `SELECT ${COLUMNS} FROM terminal_keys ORDER BY id DESC`

/** The newest first. */
export const selectKeysOf = (terminals: readonly string[]): string =>
  `SELECT ${COLUMNS} FROM terminal_keys WHERE terminal_code IN (${terminals.map(text).join(',')}) ORDER BY id DESC`

export function toStoredKey(row: Row): StoredKey {
  const [id, terminal, purpose, algorithm, checkValue, master, wrapped, usedAt, endsAt] = row as [
    number, string, string, string, string, string, Buffer, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    terminal,
    purpose: oneOf(['kbpk', 'mac', 'session', 'bdk'] as const, purpose),
    algorithm: oneOf(['tdes', 'aes'] as const, algorithm),
    checkValue,
    master,
    wrapped,
    usedAt: usedAt === null ? null : fromInstant(usedAt),
    endsAt: endsAt === null ? null : fromInstant(endsAt),
  }
}

/** Takes the next change id and holds its row until the end of the transaction, so that ids are in the order of commits. */
export const takeChangeId = [
  "UPDATE id_blocks SET next_id = LAST_INSERT_ID(next_id) + 1 WHERE name = 'key_change'",
  'SELECT LAST_INSERT_ID()',
].join(';')

export const selectNewestChange = 'SELECT COALESCE(MAX(id), 0) FROM key_changes'

/** Terminals whose keys changed since (NULL: the master keys), with the newest change of each. */
export const selectChangesSince = (id: number): string =>
  `SELECT MAX(id), terminal_code FROM key_changes WHERE id > ${integer(id)} GROUP BY terminal_code`

export const insertChange = (id: number, at: number, change: KeyChange): string =>
  `INSERT INTO key_changes (id, changed_at, who, action, terminal_code, purpose, check_value, note) VALUES (${[
    integer(id),
    instant(at),
    text(change.who),
    text(change.action),
    textOrNull(change.terminal),
    textOrNull(change.purpose),
    textOrNull(change.checkValue),
    text(change.note),
  ].join(',')})`

export const insertKey = (id: number, key: WrappedKey): string =>
  `INSERT INTO terminal_keys (id, terminal_code, purpose, algorithm, check_value, master, wrapped) VALUES (${[
    integer(id),
    text(key.terminal),
    text(key.purpose),
    text(key.algorithm),
    text(key.checkValue),
    text(key.master),
    `x'${key.wrapped.toString('hex')}'`,
  ].join(',')})`

export const deleteKeys = (ids: readonly number[]): string =>
  `DELETE FROM terminal_keys WHERE id IN (${ids.map(integer).join(',')})`

/** The first message came under this key; where one did already, nothing changes. */
export const setUsed = (id: number, at: number): string =>
  `UPDATE terminal_keys SET used_at = ${instant(at)} WHERE id = ${integer(id)} AND used_at IS NULL`

/** Older MAC keys of the terminal end then, those that end sooner do so. */
export const endOlder = (terminal: string, id: number, at: number): string =>
  `UPDATE terminal_keys SET ends_at = ${instantOrNull(at)} WHERE terminal_code = ${text(terminal)}
     AND purpose IN ('mac', 'session') AND id < ${integer(id)} AND (ends_at IS NULL OR ends_at > ${instant(at)})`

export const selectMasters = 'SELECT master, COUNT(*) FROM terminal_keys GROUP BY master ORDER BY master'

/** How a terminal's messages are authenticated. */
export type TerminalMac = { readonly mac: 'none' | 'retail' | 'aes-cmac'; readonly isRequired: boolean }

export const selectTerminalMac = (terminal: string): string =>
  `SELECT mac, mac_required FROM terminals WHERE code = ${text(terminal)} FOR UPDATE`

export function toTerminalMac(row: Row): TerminalMac {
  const [mac, required] = row as [string, number]
  return { mac: oneOf(['none', 'retail', 'aes-cmac'] as const, mac), isRequired: required === 1 }
}

/** Also raises the registry's version. */
export const setTerminalMac = (terminal: string, { mac, isRequired }: TerminalMac): string[] => [
  `UPDATE terminals SET mac = ${text(mac)}, mac_required = ${boolean(isRequired)} WHERE code = ${text(terminal)}`,
  'UPDATE registry_version SET version = version + 1 WHERE id = 1',
]

/** Puts the same key under another master key. */
export const setWrapped = (id: number, { master, wrapped }: Pick<WrappedKey, 'master' | 'wrapped'>): string =>
  `UPDATE terminal_keys SET master = ${text(master)}, wrapped = x'${wrapped.toString('hex')}' WHERE id = ${integer(id)}`

/** Some keys that are not under this master key. */
export const selectNotUnder = (master: string, most: number): string =>
  `SELECT ${COLUMNS} FROM terminal_keys WHERE master <> ${text(master)} ORDER BY id LIMIT ${integer(most)} FOR UPDATE`

/** The newest changes, the newest first; of one terminal or of all. */
export const selectChanges = (terminal: string | null, most: number): string =>
  `SELECT id, changed_at, who, action, terminal_code, purpose, check_value, note FROM key_changes
   ${terminal === null ? '' : `WHERE terminal_code = ${text(terminal)}`} ORDER BY id DESC LIMIT ${integer(most)}`

export type KeyChangeRow = KeyChange & { readonly at: string }

export function toKeyChange(row: Row): KeyChangeRow {
  const [, at, who, action, terminal, purpose, checkValue, note] = row as [
    number, string, string, KeyChange['action'], string | null, KeyChange['purpose'], string | null, string,
  ] // prettier-ignore
  return { at, who, action, terminal, purpose, checkValue, note }
}

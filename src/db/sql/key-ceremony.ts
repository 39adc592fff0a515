import { boolean, fromInstant, instant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** Acts that weaken a terminal's security; they need two people. */
export type WeakeningAct = 'remove kbpk' | 'remove mac' | 'remove bdk' | 'optional'

/** The first person who asked, and when (ms). */
export type KeyRequest = { readonly who: string; readonly askedAt: number }

export const selectRequest = (terminal: string, act: WeakeningAct): string =>
  `SELECT who, asked_at FROM key_requests WHERE terminal_code = ${text(terminal)} AND act = ${text(act)}`

export function toRequest(row: Row): KeyRequest {
  const [who, askedAt] = row as [string, string]
  return { who, askedAt: fromInstant(askedAt) }
}

/** Replaces an expired request. */
export const putRequest = (terminal: string, act: WeakeningAct, who: string, at: number): string =>
  `REPLACE INTO key_requests (terminal_code, act, who, asked_at) VALUES (${text(terminal)},${text(act)},${text(who)},${instant(at)})`

export const deleteRequest = (terminal: string, act: WeakeningAct): string =>
  `DELETE FROM key_requests WHERE terminal_code = ${text(terminal)} AND act = ${text(act)}`

export type KeyImport = {
  readonly algorithm: 'tdes' | 'aes'
  readonly components: number
  readonly checkValue: string
  readonly replaces: boolean
  /** ms. */
  readonly begunAt: number
}

type ImportPlace = { readonly terminal: string; readonly purpose: 'kbpk' | 'mac' | 'bdk' }

const where = ({ terminal, purpose }: ImportPlace): string =>
  `terminal_code = ${text(terminal)} AND purpose = ${text(purpose)}`

export const selectImport = (place: ImportPlace): string =>
  `SELECT algorithm, components, check_value, replaces, begun_at FROM key_imports WHERE ${where(place)}`

export function toImport(row: Row): KeyImport {
  const [algorithm, components, checkValue, replaces, begunAt] = row as [string, number, string, number, string]
  const cipher = oneOf(['tdes', 'aes'] as const, algorithm)
  return { algorithm: cipher, components, checkValue, replaces: replaces === 1, begunAt: fromInstant(begunAt) }
}

export const insertImport = ({ terminal, purpose }: ImportPlace, i: KeyImport): string =>
  `INSERT INTO key_imports (terminal_code, purpose, algorithm, components, check_value, replaces, begun_at) VALUES (
   ${text(terminal)},${text(purpose)},${text(i.algorithm)},${integer(i.components)},${text(i.checkValue)},
   ${boolean(i.replaces)},${instant(i.begunAt)})`

/** With its components. */
export const deleteImport = (place: ImportPlace): string => `DELETE FROM key_imports WHERE ${where(place)}`

/** Key imports begun before then, with their components. */
export const deleteImportsBefore = (at: number): string => `DELETE FROM key_imports WHERE begun_at < ${instant(at)}`

export type StoredComponent = {
  readonly who: string
  readonly checkValue: string
  readonly master: string
  readonly wrapped: Buffer
}

export const selectComponents = (place: ImportPlace): string =>
  `SELECT who, check_value, master, wrapped FROM key_import_components WHERE ${where(place)} ORDER BY position`

export function toComponent(row: Row): StoredComponent {
  const [who, checkValue, master, wrapped] = row as [string, string, string, Buffer]
  return { who, checkValue, master, wrapped }
}

export const insertComponent = ({ terminal, purpose }: ImportPlace, position: number, c: StoredComponent): string =>
  `INSERT INTO key_import_components (terminal_code, purpose, position, who, check_value, master, wrapped) VALUES (
   ${text(terminal)},${text(purpose)},${integer(position)},${text(c.who)},${text(c.checkValue)},${text(c.master)},
   x'${c.wrapped.toString('hex')}')`

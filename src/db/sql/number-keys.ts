import { binary, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

const STATES = ['incoming', 'current', 'leaving'] as const

/**
 * A key that seals card numbers: `incoming` is distributed to all processes before its first use, `current` seals new
 * numbers, and numbers are moved away from `leaving`.
 */
export type NumberKeyRow = {
  readonly id: number
  readonly checkValue: string
  readonly state: (typeof STATES)[number]
}

export const selectNumberKeys = 'SELECT id, check_value, state FROM number_keys ORDER BY id'

export function toNumberKey(row: Row): NumberKeyRow {
  const [id, checkValue, state] = row as [number, string, string]
  return { id, checkValue, state: oneOf(STATES, state) }
}

export const insertNumberKey = ({ id, checkValue, state }: NumberKeyRow): string =>
  `INSERT INTO number_keys (id, check_value, state, made_at)
   VALUES (${integer(id)},${text(checkValue)},${text(state)},UTC_TIMESTAMP(3))`

/** From now on new numbers are stored under the incoming key. */
export const turnNumberKeys = `UPDATE number_keys SET state = IF(state = 'incoming', 'current', 'leaving')`

/** Error 1451 while a number is kept under it. */
export const deleteNumberKey = (id: number): string => `DELETE FROM number_keys WHERE id = ${integer(id)}`

export const countUnder = (key: number): string => `SELECT COUNT(*) FROM cards WHERE number_key = ${integer(key)}`

export const selectSealed = (key: number, most: number): string =>
  `SELECT id, number_sealed FROM cards WHERE number_key = ${integer(key)} ORDER BY id LIMIT ${integer(most)}`

export type SealedNumber = { readonly id: number; readonly sealed: Buffer }

export const toSealedNumber = (row: Row): SealedNumber => {
  const [id, sealed] = row as [number, Buffer]
  return { id, sealed }
}

export type MovedNumber = { readonly id: number; readonly hash: Buffer; readonly sealed: Buffer }

/** If another process was faster, nothing changes. Rows are locked in the order of their ids, as everywhere. */
export function moveNumbers(from: number, numbers: readonly MovedNumber[]): string {
  const ids = numbers.map(({ id }) => integer(id)).join(',')
  const pick = (value: (number: MovedNumber) => Buffer): string =>
    `ELT(FIELD(id,${ids}),${numbers.map((number) => binary(value(number).toString('hex'))).join(',')})`
  return `UPDATE cards FORCE INDEX (PRIMARY) SET number_hash = ${pick(({ hash }) => hash)}, number_sealed = ${pick(({ sealed }) => sealed)}
    WHERE id IN (${ids}) AND number_key = ${integer(from)} ORDER BY id`
}

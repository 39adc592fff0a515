import { FIRST_PLACE, type NumberSpace } from '../../cards/number-space.ts'
import { integer, text } from './literal.ts'

/** Creates the number space if it is missing. */
export const openSpace = ({ length, prefix }: NumberSpace): string =>
  `INSERT INTO number_spaces (number_length, prefix, next_body) VALUES (${integer(length)},${text(prefix)},${integer(FIRST_PLACE)})
   ON DUPLICATE KEY UPDATE next_body = next_body`

/** The next place that was never given out, held until the end of the database transaction. */
export const lockSpace = ({ length, prefix }: NumberSpace): string =>
  `SELECT next_body FROM number_spaces WHERE number_length = ${integer(length)} AND prefix = ${text(prefix)} FOR UPDATE`

export const takePlaces = ({ length, prefix }: NumberSpace, count: number): string =>
  `UPDATE number_spaces SET next_body = next_body + ${integer(count)}
   WHERE number_length = ${integer(length)} AND prefix = ${text(prefix)}`

/** Other prefixes of EAN-13 of which one is the beginning of the other. */
export const selectOverlappingEans = (prefix: string): string =>
  `SELECT prefix FROM number_spaces WHERE number_length = 13 AND prefix <> ${text(prefix)}
   AND (prefix LIKE ${text(`${prefix}%`)} OR ${text(prefix)} LIKE CONCAT(prefix, '%'))`

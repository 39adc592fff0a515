import type { Serials } from '../../cards/serials.ts'
import { binary, integer, text } from './literal.ts'
import type { Row } from './row.ts'
import { SHOWN } from './shown-cards.ts'

const within = (ranges: readonly Serials[]): string =>
  `(${ranges.map(({ first, last }) => `c.serial BETWEEN ${integer(first)} AND ${integer(last)}`).join(' OR ')})`

/** Not sold, not blocked, and in no pack, or in one that came back. */
const FREE = `c.state IN ('inactive', 'sellable') AND c.block IS NULL
  AND (c.pack_id IS NULL OR c.pack_id IN (SELECT id FROM packs WHERE state = 'returned'))`

/** Cards of these serials that cannot go into a pack, and why: state, block, pack. */
export const selectUnfit = (issueId: number, ranges: readonly Serials[], most: number): string =>
  `SELECT c.serial, c.state, c.block, c.pack_id FROM cards c
   WHERE c.issue_id = ${integer(issueId)} AND ${within(ranges)} AND NOT (${FREE}) ORDER BY c.serial LIMIT ${integer(most)}`

export type Unfit = {
  readonly serial: number
  readonly state: string
  readonly block: string | null
  readonly packId: number | null
}

export function toUnfit(row: Row): Unfit {
  const [serial, state, block, packId] = row as [number, string, string | null, number | null]
  return { serial, state, block, packId }
}

export const countUnfit = (issueId: number, ranges: readonly Serials[]): string =>
  `SELECT COUNT(*) FROM cards c WHERE c.issue_id = ${integer(issueId)} AND ${within(ranges)} AND NOT (${FREE})`

/** Puts all suitable cards into a pack; the caller compares the number of changed rows. */
export const putIntoPack = (packId: number, issueId: number, ranges: readonly Serials[]): string =>
  `UPDATE cards c SET c.pack_id = ${integer(packId)}
   WHERE c.issue_id = ${integer(issueId)} AND ${within(ranges)} AND ${FREE}`

/** Hash of a number, an EAN-13 → issue and serial. */
export function selectSerials(hashes: readonly string[]): string {
  const list = hashes.map(binary).join(',')
  return `SELECT number_hash, issue_id, serial, pack_id FROM cards WHERE number_hash IN (${list})
    UNION ALL SELECT barcode_hash, issue_id, serial, pack_id FROM cards WHERE barcode_hash IN (${list})`
}

export type SerialOf = {
  readonly hash: string
  readonly issueId: number
  readonly serial: number
  readonly packId: number | null
}

export function toSerialOf(row: Row): SerialOf {
  const [hash, issueId, serial, packId] = row as [Buffer, number, number, number | null]
  return { hash: hash.toString('hex'), issueId, serial, packId }
}

export const selectSerialsOfPack = (packId: number): string =>
  `SELECT serial FROM cards WHERE pack_id = ${integer(packId)} ORDER BY serial`

/** How many cards of a pack are in which state. */
export const countByState = (packId: number): string =>
  `SELECT state, COUNT(*) FROM cards WHERE pack_id = ${integer(packId)} GROUP BY state ORDER BY state`

/** How many cards of a pack are past their last day. */
export const countPastDay = (packId: number, today: string): string =>
  `SELECT COUNT(*) FROM cards WHERE pack_id = ${integer(packId)} AND valid_until < ${text(today)}`

/** How many cards of a pack have a load that is not applied yet. */
export const countStaged = (packId: number): string =>
  `SELECT COUNT(*) FROM cards WHERE pack_id = ${integer(packId)} AND staged > 0`

/** Cards of a pack that is being sold which have not got their money yet, in id order after `after`. */
export const selectUnloaded = (packId: number, after: number, most: number): string =>
  `SELECT ${SHOWN} FROM cards c
   WHERE pack_id = ${integer(packId)} AND state IN ('inactive', 'sellable') AND id > ${integer(after)}
   ORDER BY id LIMIT ${integer(most)}`

/** First six and last four, in the order of serials. */
export const selectShownOf = (issueId: number, serials: readonly number[]): string =>
  `SELECT c.first_six, c.last_four FROM cards c WHERE c.issue_id = ${integer(issueId)}
   AND c.serial IN (${serials.map(integer).join(',')}) ORDER BY c.serial`
export const toShownSerial = ([firstSix, lastFour]: Row): string => `${String(firstSix)}••••••${String(lastFour)}`

/** The cards of these serials that are still in the pack and not sold. */
export const selectUnsoldOfPack = (
  { id, issueId }: { readonly id: number; readonly issueId: number },
  serials: readonly number[],
): string =>
  `SELECT ${SHOWN} FROM cards c WHERE c.issue_id = ${integer(issueId)} AND c.serial IN (${serials.map(integer).join(',')})
   AND c.pack_id = ${integer(id)} AND c.state IN ('inactive', 'sellable')`

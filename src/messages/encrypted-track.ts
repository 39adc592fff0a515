import { readTlv, type Tlv } from '../iso8583/tlv.ts'
import type { Fields } from '../iso8583/message.ts'
import { type FormatError, formatError } from './format-error.ts'

/** Track 2 as the PIN pad encrypted it, and the serial number of the key. */
export type EncryptedTrack = { readonly ksn: Buffer; readonly cryptogram: Buffer }

/**
 * Tags of the private class (ISO/IEC 8825-1): one constructed tag that contains each of the others once and nothing
 * else.
 */
export const TRACK_TAGS = { track: 'E1', ksn: 'C0', cryptogram: 'C1' } as const

/** Bytes of a key serial number: triple DES, AES. */
const KSN_BYTES: readonly number[] = [10, 12]

const BLOCK_BYTES = 8
const LONGEST_CRYPTOGRAM = 80

/** The elements that can carry the card in the clear. */
const CLEAR = [2, 35, 45] as const

/**
 * The encrypted track in DE 55 of a message that shows no card otherwise; null if there is none. Other tags in DE 55
 * are ignored. Any other structure is a format error that names the tag.
 */
export function readEncryptedTrack(fields: Fields): EncryptedTrack | FormatError | null {
  const data = fields[55]
  if (data === undefined || CLEAR.some((field) => fields[field] !== undefined)) return null
  const read = readTlv(Buffer.from(data, 'hex'))
  if (read.kind === 'fault') return formatError(55, 'tag')
  const tracks = read.elements.filter(({ tag }) => tag === TRACK_TAGS.track)
  const [track] = tracks
  if (track === undefined) return null
  if (tracks.length > 1) return formatError(55, `tag ${TRACK_TAGS.track}`)
  const inside = track.elements ?? []
  const ksn = only(inside, TRACK_TAGS.ksn)
  if (ksn === null || !KSN_BYTES.includes(ksn.length)) return formatError(55, `tag ${TRACK_TAGS.ksn}`)
  const cryptogram = only(inside, TRACK_TAGS.cryptogram)
  const fits = cryptogram !== null && cryptogram.length > 0 && cryptogram.length <= LONGEST_CRYPTOGRAM
  if (!fits || cryptogram.length % BLOCK_BYTES !== 0) return formatError(55, `tag ${TRACK_TAGS.cryptogram}`)
  return inside.length === 2 ? { ksn, cryptogram } : formatError(55, `tag ${TRACK_TAGS.track}`)
}

function only(elements: readonly Tlv[], wanted: string): Buffer | null {
  const [found, second] = elements.filter(({ tag }) => tag === wanted)
  return found === undefined || second !== undefined ? null : found.value
}

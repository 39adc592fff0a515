import type { Key } from '../core/key.ts'
import type { Fields, Message } from '../iso8583/message.ts'
import type { EncryptedTrack } from '../messages/encrypted-track.ts'
import { type FormatError, formatError } from '../messages/format-error.ts'
import type { CardRead, EncryptedRead, OriginalRead, Read } from '../messages/read.ts'

/** Decrypts tracks of PIN pads; implemented by custody with keys and database. */
export type TrackDecryptor = {
  /** Whether this terminal's tracks have to be encrypted. */
  readonly encrypts: (terminal: string) => boolean
  /**
   * Decrypts track 2 from a PIN pad of this terminal. `claim`: the request that its key was used for, null if that does
   * not count. A refusal states the fault, in a few ASCII characters. The track must be used and forgotten.
   */
  readonly open: (terminal: string, track: EncryptedTrack, claim: Key | null) => Promise<OpenedTrack>
}

type OpenedTrack =
  | { readonly kind: 'track'; readonly track: string }
  | { readonly kind: 'refused'; readonly what: string }
  /** The database did not answer. */
  | { readonly kind: 'unknown' }

/** The elements that carry a track in the clear. */
const CLEAR = [35, 45] as const

/** A track that may not come in the clear from this terminal; null where all is well. */
export function clearTrackFault(desk: TrackDecryptor, terminal: string, fields: Fields): FormatError | null {
  const field = CLEAR.find((one) => fields[one] !== undefined)
  return field !== undefined && desk.encrypts(terminal) ? formatError(field, 'in the clear') : null
}

/**
 * The message with its track in DE 35, parsed again; null: the database did not confirm that the PIN pad's key is
 * unused.
 */
export async function openTrack(
  desk: TrackDecryptor,
  terminal: string,
  { fields, ...message }: Message,
  { track, claims, key }: EncryptedRead,
  readAgain: (message: Message) => Read,
): Promise<FormatError | CardRead | OriginalRead | null> {
  const opened = await desk.open(terminal, track, claims ? key : null)
  if (opened.kind === 'unknown') return null
  if (opened.kind === 'refused') return formatError(55, opened.what)
  const read = readAgain({ ...message, fields: { ...fields, 35: opened.track, 55: undefined } })
  if (read.format === 'card' || read.format === 'original') return read
  if (read.format !== 'error') throw new Error('a swipe that is read again is no swipe')
  // A stripe that is none came out of DE 55.
  return read.field === 35 ? formatError(55, read.what) : read
}

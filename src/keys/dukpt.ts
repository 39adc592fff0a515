import { aesInitialKey, aesSessionKey, type AesKeyLength } from './aes-dukpt.ts'
import { BLOCK_BYTES, decryptCbc } from './blocks.ts'
import { type Ksn, type KsnRefusal, readKsn } from './ksn.ts'
import type { SecretKey } from './secret-key.ts'
import { tdesInitialKey, tdesSessionKey } from './tdes-dukpt.ts'

/** The base derivation key of a fleet of devices, and for AES the length of their data keys (X9.24-3 section 6.2.2). */
export type DukptBase =
  | { readonly scheme: 'tdes'; readonly bdk: SecretKey<'tdes'> }
  | { readonly scheme: 'aes'; readonly bdk: SecretKey<'aes'>; readonly dataKey: AesKeyLength }

/**
 * Why an encrypted track was refused. `scheme`: the serial number is of the other scheme · `ksn length`, `ksn counter`:
 * see `KsnRefusal` · `cryptogram`: not whole blocks, or too long for a track · `text`: the decrypted data are not a track,
 * because of a wrong key or a changed cryptogram.
 */
export type TrackRefusal = {
  readonly kind: 'refused'
  readonly reason: 'scheme' | 'ksn length' | 'ksn counter' | 'cryptogram' | 'text'
}

export type DecryptedTrack = { readonly kind: 'track'; readonly ksn: Ksn; readonly track: string } | TrackRefusal

/** Length of the longest track 1, without sentinels and check character (ISO/IEC 7811-2). */
const LONGEST = 76

/** The characters of 7-bit magnetic tracks. Zero bytes, which pad a track, are not among them. */
const TRACK = /^[\x20-\x5f]+$/u

/**
 * Decrypts a track that a PIN pad encrypted under the data-request key of its transaction `ksn` (10 or 12 bytes): CBC
 * with a zero vector, the ASCII text padded with zero bytes to whole blocks (ISO/IEC 9797-1 padding method 1), as in
 * the examples of X9.24-1 annex A.4. DUKPT does not authenticate the sender: the message's MAC does. The result is a
 * track: use and discard it.
 */
export function decryptTrack(base: DukptBase, ksnBytes: Uint8Array, cryptogram: Uint8Array): DecryptedTrack {
  const read = readKsn(ksnBytes)
  if (read.kind === 'refused') return refused(KSN_REASON[read.reason])
  const { ksn } = read
  if (ksn.scheme !== base.scheme) return refused('scheme')
  const block = BLOCK_BYTES[base.scheme]
  const most = Math.ceil(LONGEST / block) * block
  if (cryptogram.length === 0 || cryptogram.length % block !== 0 || cryptogram.length > most) {
    return refused('cryptogram')
  }
  const clear = decryptCbc(dataKey(base, ksn), cryptogram)
  const track = unfilled(clear, block)
  return track === null ? refused('text') : { kind: 'track', ksn, track }
}

const KSN_REASON = { length: 'ksn length', counter: 'ksn counter' } as const satisfies Record<
  KsnRefusal['reason'],
  TrackRefusal['reason']
>

const dataKey = (base: DukptBase, ksn: Ksn): SecretKey =>
  base.scheme === 'tdes'
    ? tdesSessionKey(tdesInitialKey(base.bdk, ksn.initialKeyId), ksn, 'data request')
    : aesSessionKey(aesInitialKey(base.bdk, ksn.initialKeyId), ksn, 'data request', base.dataKey)

/** The text before the padding zeros, which are fewer than a block; null if it is not a track. */
function unfilled(clear: Buffer, block: number): string | null {
  const end = clear.findLastIndex((byte) => byte !== 0) + 1
  const text = clear.toString('latin1', 0, end)
  return clear.length - end < block && text.length <= LONGEST && TRACK.test(text) ? text : null
}

const refused = (reason: TrackRefusal['reason']): TrackRefusal => ({ kind: 'refused', reason })

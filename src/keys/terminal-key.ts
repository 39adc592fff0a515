import type { MacAlgorithm } from '../iso8583/mac.ts'
import type { KeyAlgorithm } from './secret-key.ts'

/**
 * The purposes of a terminal's keys. `kbpk`: protects the key blocks sent to it, and nothing else · `mac`: the MAC key
 * that a person loaded · `session`: a MAC key from a key exchange (DE 70 161) · `bdk`: the base key of its PIN pad's
 * track keys.
 */
export const KEY_PURPOSES = ['kbpk', 'mac', 'session', 'bdk'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** The purposes whose keys a person creates and loads. */
export const LOADED_PURPOSES = ['kbpk', 'mac', 'bdk'] as const
export type LoadedPurpose = (typeof LOADED_PURPOSES)[number]

/** The cipher of the key of each MAC algorithm. */
export const MAC_CIPHER = { retail: 'tdes', 'aes-cmac': 'aes' } as const satisfies Record<MacAlgorithm, KeyAlgorithm>

/**
 * The permitted key lengths in bytes. Retail MAC and triple DES DUKPT use two-key triple DES only; a key block of version B
 * is protected with two or three keys; CMAC uses AES-128 or AES-256 (docs/spec/terminal.md, section 7).
 */
const LENGTHS = {
  kbpk: { tdes: [16, 24], aes: [16, 24, 32] },
  mac: { tdes: [16], aes: [16, 32] },
  bdk: { tdes: [16], aes: [16, 24, 32] },
} as const satisfies Record<LoadedPurpose, Record<KeyAlgorithm, readonly number[]>>

export const keyLengths = (purpose: LoadedPurpose, algorithm: KeyAlgorithm): readonly number[] =>
  LENGTHS[purpose][algorithm]

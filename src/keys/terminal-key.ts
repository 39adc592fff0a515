import type { MacAlgorithm } from '../iso8583/mac.ts'
import type { KeyAlgorithm } from './secret-key.ts'

/**
 * What a terminal has keys for. `kbpk`: protects the key blocks that it is sent, and nothing else · `mac`: the MAC key that
 * a person loaded · `session`: a MAC key that it asked for (DE 70 161) · `bdk`: what its PIN pad's track keys derive from.
 */
export const KEY_PURPOSES = ['kbpk', 'mac', 'session', 'bdk'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** Those that a person creates and loads. */
export const LOADED_PURPOSES = ['kbpk', 'mac', 'bdk'] as const
export type LoadedPurpose = (typeof LOADED_PURPOSES)[number]

/** The cipher of each MAC's key. */
export const MAC_CIPHER = { retail: 'tdes', 'aes-cmac': 'aes' } as const satisfies Record<MacAlgorithm, KeyAlgorithm>

import type { KeyAlgorithm } from './secret-key.ts'

/** Letter of a cipher in a key block's header (X9.143 section 6.3, algorithm). */
export const ALGORITHM_LETTER = { tdes: 'T', aes: 'A' } as const satisfies Record<KeyAlgorithm, string>

/**
 * The permitted use of a key (X9.143 section 6.3, mode of use): `B` encrypt and decrypt · `C` generate and verify · `D`
 * decrypt only · `E` encrypt only · `G` generate only · `N` no restriction beyond the usage · `V` verify only · `X`
 * derive other keys.
 */
export type ModeOfUse = 'B' | 'C' | 'D' | 'E' | 'G' | 'N' | 'V' | 'X'

type Usage = { readonly algorithms: readonly KeyAlgorithm[]; readonly modes: readonly ModeOfUse[] }

const BOTH = ['tdes', 'aes'] as const
const CIPHERING = ['B', 'D', 'E', 'N'] as const
const MACING = ['C', 'G', 'V', 'N'] as const
const DERIVING = ['X', 'N'] as const

/**
 * The key usages that a switch and its terminals exchange, with the ciphers and modes that X9.143 section 6.3 gives them.
 * Other usages (EMV, card verification, asymmetric keys) are not needed here and are refused.
 */
export const KEY_USAGES = {
  /** DUKPT base derivation key. */
  B0: { algorithms: BOTH, modes: DERIVING },
  /** DUKPT initial key, as a terminal gets it. */
  B1: { algorithms: BOTH, modes: DERIVING },
  /** Data encryption. */
  D0: { algorithms: BOTH, modes: CIPHERING },
  /** Key encryption or wrapping. */
  K0: { algorithms: BOTH, modes: CIPHERING },
  /** Key block protection key (KBPK). */
  K1: { algorithms: BOTH, modes: CIPHERING },
  /** ISO/IEC 9797-1 MAC algorithm 1 with triple DES. */
  M1: { algorithms: ['tdes'], modes: MACING },
  /** ISO/IEC 9797-1 MAC algorithm 3: the retail MAC. */
  M3: { algorithms: ['tdes'], modes: MACING },
  /** CMAC, ISO/IEC 9797-1:2011 MAC algorithm 5. */
  M6: { algorithms: BOTH, modes: MACING },
  /** PIN encryption. */
  P0: { algorithms: BOTH, modes: CIPHERING },
} as const satisfies Record<string, Usage>

export type KeyUsage = keyof typeof KEY_USAGES

export const isKeyUsage = (text: string): text is KeyUsage => Object.hasOwn(KEY_USAGES, text)

/** The cipher that a header's letter names; null if it is not supported. */
export function algorithmOf(letter: string): KeyAlgorithm | null {
  if (letter === ALGORITHM_LETTER.tdes) return 'tdes'
  return letter === ALGORITHM_LETTER.aes ? 'aes' : null
}

export const usageTakes = (usage: KeyUsage, algorithm: KeyAlgorithm): boolean =>
  KEY_USAGES[usage].algorithms.some((taken) => taken === algorithm)

/** The mode that a header's letter names; null if the usage does not have this mode. */
export const modeOf = (usage: KeyUsage, letter: string): ModeOfUse | null =>
  KEY_USAGES[usage].modes.find((mode) => mode === letter) ?? null

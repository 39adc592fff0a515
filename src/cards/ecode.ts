import { hkdfSync } from 'node:crypto'
import { hmacHex } from './hmac.ts'
import type { CardKeys } from './keys.ts'

/**
 * The alphabet without characters that look alike under a scratched foil: 0 O, 1 I L, 2 Z, 5 S, 8 B, and U for V. It
 * has 24 characters, so 16 of them carry 73 bits.
 */
export const ECODE_ALPHABET = '34679ACDEFGHJKMNPQRTVWXY'
const LENGTH = 16
const GROUP = 4
/** Random bytes from here up (6 % of them) are discarded, because they would make the first characters likelier than the others. */
const FAIR = 256 - (256 % ECODE_ALPHABET.length)

/** Returns n random bytes; `crypto.randomBytes` outside of tests. */
export type RandomSource = (bytes: number) => Buffer

/** The eCode without separators (spaces, hyphens) and in capitals, so that all spellings of an eCode are equal. */
export const normalEcode = (text: string): string => text.replace(/[\s-]/gu, '').toUpperCase()

/** 16 characters in groups of four, `7KMF-3QXA-…`, each drawn with equal odds. */
export const newEcode = (random: RandomSource): string => {
  let characters = ''
  while (characters.length < LENGTH)
    for (const byte of random(LENGTH))
      if (byte < FAIR && characters.length < LENGTH) characters += ECODE_ALPHABET.charAt(byte % ECODE_ALPHABET.length)
  return Array.from({ length: LENGTH / GROUP }, (_, i) => characters.slice(i * GROUP, (i + 1) * GROUP)).join('-')
}

/**
 * The key from which the eCodes of an issue are derived, made of the master key and the issue's random seed of 32
 * bytes. While the seed exists, the export can derive the same eCodes again; once it is deleted, nobody can.
 */
export const issueEcodeKey = (keys: CardKeys, seed: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', keys.ecode, seed, 'akart/issue ecodes', 32))

/** The eCode of a number. Without the key it cannot be distinguished from a random one. 5 µs. */
export const ecodeFrom = (issueKey: Buffer, number: string): string => {
  let round = 0
  return newEcode(() => Buffer.from(hmacHex(issueKey, `${number}|${round++}`), 'hex'))
}

/** Whether the text has the form of an eCode, in any spelling. It does not tell whether a card has it. */
export const isEcode = (text: string): boolean => {
  // 16 characters with a separator beside each are the longest valid input. DE 62 may carry 999 characters, which are
  // not worth normalising.
  if (text.length > 2 * LENGTH) return false
  const normal = normalEcode(text)
  return normal.length === LENGTH && Array.from(normal).every((character) => ECODE_ALPHABET.includes(character))
}

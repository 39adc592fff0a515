import { encryptCbc, keyCmac } from './blocks.ts'
import type { KeyAlgorithm, SecretKey } from './secret-key.ts'

const ZEROS = { tdes: Buffer.alloc(8), aes: Buffer.alloc(16) } as const satisfies Record<KeyAlgorithm, Buffer>

/** Hex digits of a check value: the number shown, and the fewest that are accepted. */
const DIGITS = {
  tdes: { most: 6, fewest: 6 },
  aes: { most: 10, fewest: 6 },
} as const satisfies Record<KeyAlgorithm, { most: number; fewest: number }>

/**
 * The key check value (KCV), in upper-case hex digits, by which people tell keys apart without seeing them. X9.24-1:2017
 * annex A: triple DES, 6 digits, the first 3 bytes of an encrypted block of zeros; AES, 10 digits, the first 5 bytes of
 * the CMAC of a block of zeros (an encrypted block of zeros would reveal the source of CMAC's subkeys).
 */
export function checkValue(key: SecretKey): string {
  const zeros = ZEROS[key.algorithm]
  const whole = key.algorithm === 'tdes' ? encryptCbc(key, zeros) : keyCmac(key, zeros)
  return whole.toString('hex').slice(0, DIGITS[key.algorithm].most).toUpperCase()
}

/** Whether `given` is the key's check value: 6 hex digits for triple DES, the first 6 to 10 for AES; in upper or lower case. */
export function hasCheckValue(key: SecretKey, given: string): boolean {
  const { fewest, most } = DIGITS[key.algorithm]
  if (given.length < fewest || given.length > most) return false
  return checkValue(key).startsWith(given.toUpperCase())
}

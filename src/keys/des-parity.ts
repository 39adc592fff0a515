/*
 * The last bit of every byte of a DES key makes the number of ones in it odd (FIPS 46-3). The cipher ignores it; key
 * loaders and HSMs do not.
 */

const ones = (byte: number): number => [1, 2, 4, 8, 16, 32, 64, 128].filter((bit) => (byte & bit) !== 0).length

/** Whether every byte has an odd number of one bits. */
export const hasOddParity = (bytes: Uint8Array): boolean => bytes.every((byte) => ones(byte) % 2 === 1)

/** A copy whose bytes have odd parity: the same key to the cipher. */
export const withOddParity = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.map((byte) => (ones(byte) % 2 === 1 ? byte : byte ^ 1)))

/**
 * Whether triple DES with this key of 16 or 24 bytes would be single DES: K1 = K2, or K2 = K3 (NIST SP 800-67 section
 * 3.2), without regard to parity.
 */
export function isSingleDes(bytes: Uint8Array): boolean {
  const key = withOddParity(bytes)
  const [k1, k2, k3] = [key.subarray(0, 8), key.subarray(8, 16), key.subarray(16)]
  return k1.equals(k2) || (k3.length > 0 && k2.equals(k3))
}

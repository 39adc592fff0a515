import { createCipheriv } from 'node:crypto'

/** How a terminal's messages are authenticated (docs/spec/terminal.md, section 7). The key is 16 bytes; AES may have 32. */
export type MacAlgorithm = 'retail' | 'aes-cmac'

/** Bytes of DE 64 and DE 128. */
export const MAC_BYTES = 8

/** The MAC of `data` under `key`: 8 bytes. */
export function mac(algorithm: MacAlgorithm, key: Buffer, data: Buffer): Buffer {
  return algorithm === 'retail' ? retailMac(key, data) : aesCmac(key, data).subarray(0, MAC_BYTES)
}

const DES_BLOCK = 8

/**
 * ISO/IEC 9797-1 MAC algorithm 3 with DES, padding method 1 (zeros to a full block): ANSI X9.19. All blocks but the
 * last are chained under the left half K; the last one is encrypted under K, decrypted under the right half K′ and
 * encrypted under K again, which is triple DES with K, K′, K. Single DES is triple DES with one key three times
 * (OpenSSL 3 has no other).
 */
function retailMac(key: Buffer, data: Buffer): Buffer {
  if (key.length !== 16) throw new Error('a retail MAC key has 16 bytes')
  const left = key.subarray(0, 8)
  const padded = Buffer.alloc(Math.max(1, Math.ceil(data.length / DES_BLOCK)) * DES_BLOCK)
  data.copy(padded)
  const head = padded.subarray(0, -DES_BLOCK)
  const last = padded.subarray(-DES_BLOCK)
  const single = createCipheriv('des-ede3-cbc', Buffer.concat([left, left, left]), Buffer.alloc(DES_BLOCK))
  const chained = single.setAutoPadding(false).update(head)
  const chain = head.length === 0 ? Buffer.alloc(DES_BLOCK) : chained.subarray(-DES_BLOCK)
  const triple = createCipheriv('des-ede3-cbc', Buffer.concat([key, left]), chain)
  return triple.setAutoPadding(false).update(last)
}

const AES_BLOCK = 16
const CBC = { 16: 'aes-128-cbc', 32: 'aes-256-cbc' } as const

/** AES-CMAC of RFC 4493, also with an AES-256 key: 16 bytes. @throws if the key has neither 16 nor 32 bytes */
export function aesCmac(key: Buffer, data: Buffer): Buffer {
  const cipher = CBC[key.length as keyof typeof CBC]
  if (cipher === undefined) throw new Error('an AES-CMAC key has 16 or 32 bytes')
  return cmac(AES_BLOCK, data, (blocks) =>
    createCipheriv(cipher, key, Buffer.alloc(AES_BLOCK)).setAutoPadding(false).update(blocks),
  )
}

/** The value added on the right when a carry leaves the leftmost bit, by block length: SP 800-38B section 5.3. */
const CARRY = { 8: 0x1b, 16: 0x87 } as const

/**
 * NIST SP 800-38B section 6.2, the CMAC of `data` with any block cipher of 8 (DES) or 16 (AES) bytes. `encrypt` enciphers
 * whole blocks in CBC mode from a zero vector, without padding. Returns one whole block; a shorter MAC is its left part.
 */
export function cmac(block: 8 | 16, data: Buffer, encrypt: (blocks: Buffer) => Buffer): Buffer {
  const whole = data.length > 0 && data.length % block === 0
  const padded = Buffer.alloc(Math.max(1, Math.ceil(data.length / block)) * block)
  data.copy(padded)
  if (!whole) padded[data.length] = 0x80
  const k1 = doubled(encrypt(Buffer.alloc(block)), CARRY[block])
  const subkey = whole ? k1 : doubled(k1, CARRY[block])
  const last = padded.length - block
  for (let i = 0; i < block; i++) padded[last + i] = (padded[last + i] ?? 0) ^ (subkey[i] ?? 0)
  return encrypt(padded).subarray(-block)
}

/** Multiplication by x in GF(2^64) or GF(2^128), SP 800-38B section 6.1. */
function doubled(block: Buffer, onCarry: number): Buffer {
  const result = Buffer.alloc(block.length)
  let carry = 0
  for (let i = block.length - 1; i >= 0; i--) {
    const byte = block[i] ?? 0
    result[i] = ((byte << 1) | carry) & 0xff
    carry = byte >> 7
  }
  const last = block.length - 1
  if (carry === 1) result[last] = (result[last] ?? 0) ^ onCarry
  return result
}

// Section 7's two MACs on node:crypto alone. OpenSSL 3 no longer has single DES; two-key triple DES with both halves
// equal is the same function.
import { createCipheriv } from 'node:crypto'

export type MacKind = 'none' | 'retail' | 'aes-cmac'

const ecb = (cipher: string, key: Buffer, block: Buffer): Buffer => {
  const engine = createCipheriv(cipher, key, null).setAutoPadding(false)
  return Buffer.concat([engine.update(block), engine.final()])
}
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)))

const blocksOf = (bytes: Buffer, size: number): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))

/** ISO 9797-1 algorithm 3 with padding method 1: single DES chain with K1, the last block through K2 and K1 as well. */
const retailMac = (key: Buffer, bytes: Buffer): Buffer => {
  const k1 = key.subarray(0, 8)
  const padded = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
  const blocks = blocksOf(padded, 8)
  return blocks.reduce<Buffer>(
    (chain, block, index) =>
      ecb('des-ede', index === blocks.length - 1 ? key : Buffer.concat([k1, k1]), xor(block, chain)),
    Buffer.alloc(8),
  )
}

const double = (block: Buffer): Buffer => {
  const value = BigInt(`0x${block.toString('hex')}`) << 1n
  const wrapped = value >> 128n === 0n ? value : (value & ((1n << 128n) - 1n)) ^ 0x87n
  return Buffer.from(wrapped.toString(16).padStart(32, '0'), 'hex')
}

/** NIST SP 800-38B with AES-128, cut to its left 8 bytes. */
const cmac = (key: Buffer, bytes: Buffer): Buffer => {
  const aes = (block: Buffer): Buffer => ecb('aes-128-ecb', key, block)
  const k1 = double(aes(Buffer.alloc(16)))
  const whole = bytes.length > 0 && bytes.length % 16 === 0
  const blocks = blocksOf(whole ? bytes : Buffer.concat([bytes, Buffer.from([0x80])]), 16)
  const chained = blocks.reduce<Buffer>((chain, block, index) => {
    const full = Buffer.concat([block, Buffer.alloc(16 - block.length)])
    const last = index === blocks.length - 1
    return aes(xor(last ? xor(full, whole ? k1 : double(k1)) : full, chain))
  }, Buffer.alloc(16))
  return chained.subarray(0, 8)
}

/** The 8 bytes over everything before the MAC field. */
export const macOf = (kind: Exclude<MacKind, 'none'>, key: Buffer, bytes: Buffer): Buffer =>
  ({ retail: retailMac, 'aes-cmac': cmac })[kind](key, bytes)

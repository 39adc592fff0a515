import { createCipheriv, type Cipher } from 'node:crypto'

/** FF1 requires a domain of at least a million values (NIST SP 800-38G Rev. 1, 5.2): a permutation of fewer can be recovered. */
const FEWEST_DIGITS = 6
/** Up to this length all steps are exact in numbers below 2^53: moduli of six digits, and one AES block for each round. */
const MOST_DIGITS = 12
const LONGEST_TWEAK = 12
const ROUNDS = 10
const BLOCK = 16

/** A secret permutation of the numbers 0 to 10^digits − 1, applied to many at once. Throws RangeError for a value outside. */
export type Scramble = (values: readonly number[]) => number[]

/**
 * FF1 of NIST SP 800-38G with radix 10 (algorithm 7): a permutation of the numbers of `digits` digits (6 to 12) under an
 * AES key of 16, 24 or 32 bytes and a tweak of at most 12. Never decrypted: a card is found by the hash of its number.
 *
 * With so short a tweak, P and Q have one block each, so that the CBC-MAC of a round is one block after a fixed first one; the
 * blocks of all values are encrypted in one call for each round. In lots of a thousand a number takes 2.2 µs with
 * node:crypto, one by one 18, with @noble/ciphers 50 (bench/issuing.ts); the test compares the results with the latter.
 */
export function createScramble(key: Buffer, tweak: Buffer, digits: number): Scramble {
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS)
    throw new RangeError(`FF1 here takes ${FEWEST_DIGITS} to ${MOST_DIGITS} digits, not ${digits}`)
  if (tweak.length > LONGEST_TWEAK) throw new RangeError(`FF1 here takes a tweak of at most ${LONGEST_TWEAK} bytes`)
  const aes = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  const u = Math.floor(digits / 2)
  const v = digits - u
  const bytes = Math.ceil(Math.ceil(v * Math.log2(10)) / 8)
  const start = startBlock(aes, { u, digits, tweak })
  const limit = 10 ** digits
  const low = 10 ** v

  return (values) => {
    if (!values.every((value) => Number.isSafeInteger(value) && value >= 0 && value < limit))
      throw new RangeError(`a value has more than ${digits} digits`)
    const blocks = Buffer.alloc(values.length * BLOCK)
    for (let at = 0; at < blocks.length; at += BLOCK) start.copy(blocks, at)
    let a: Float64Array = Float64Array.from(values, (value) => Math.floor(value / low))
    let b: Float64Array = Float64Array.from(values, (value) => value % low)
    for (let round = 0; round < ROUNDS; round++) {
      const modulus = 10 ** (round % 2 === 0 ? u : v)
      putRound(blocks, start, round, b, bytes)
      const mixed = mix(aes.update(blocks), a, modulus)
      a = b
      b = mixed
    }
    return Array.from(a, (high, i) => high * low + (b[i] ?? 0))
  }
}

/** AES(P), XORed with the part of Q that is the same in every round: the tweak. */
function startBlock(aes: Cipher, about: { u: number; digits: number; tweak: Buffer }): Buffer {
  const p = Buffer.from([1, 2, 1, 0, 0, 10, 10, about.u, 0, 0, 0, 0, 0, 0, 0, 0])
  p.writeUInt32BE(about.digits, 8)
  p.writeUInt32BE(about.tweak.length, 12)
  const start = aes.update(p)
  for (const [i, byte] of about.tweak.entries()) start.writeUInt8(start.readUInt8(i) ^ byte, i)
  return start
}

/** The other part of Q: the number of the round, and B in as few bytes as its digits need. */
function putRound(blocks: Buffer, start: Buffer, round: number, b: Float64Array, bytes: number): void {
  for (let i = 0; i < b.length; i++) {
    const end = (i + 1) * BLOCK
    let rest = b[i] ?? 0
    for (let k = 1; k <= bytes; k++) {
      blocks[end - k] = (start[BLOCK - k] ?? 0) ^ (rest & 0xff)
      rest = Math.floor(rest / 256)
    }
    blocks[end - bytes - 1] = (start[BLOCK - bytes - 1] ?? 0) ^ round
  }
}

/** (A + y) mod 10^m, where y is the first eight bytes of the block (d = 8 for all lengths here). */
function mix(blocks: Buffer, a: Float64Array, modulus: number): Float64Array {
  const carry = 2 ** 32 % modulus
  const c = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) {
    const high = blocks.readUInt32BE(i * BLOCK) % modulus
    c[i] = ((a[i] ?? 0) + high * carry + blocks.readUInt32BE(i * BLOCK + 4)) % modulus
  }
  return c
}

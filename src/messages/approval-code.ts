/** No I, L, O, U: read over the telephone without mistakes. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODES = 32 ** 6
// Odd, so that it is a bijection on 30 bits; from the golden ratio, so that neighbours look unlike each other.
const SPREAD = 0x2630_ba13

/** DE 38: six characters, different for any 2^30 transactions in a row. */
export function approvalCodeOf(transactionId: number): string {
  let rest = Number((BigInt(transactionId % CODES) * BigInt(SPREAD)) & 0x3fff_ffffn)
  let code = ''
  for (let i = 0; i < 6; i++) {
    code += ALPHABET[rest & 31]
    rest >>>= 5
  }
  return code
}

/** The inverse of SPREAD on 30 bits. */
const GATHER = inverseOf(BigInt(SPREAD))

/** Newton's iteration doubles the bits that are right: 5 rounds are enough for 30. */
function inverseOf(odd: bigint): bigint {
  let inverse = odd
  for (let round = 0; round < 5; round++) inverse = (inverse * (2n - odd * inverse)) & 0x3fff_ffffn
  return inverse & 0x3fff_ffffn
}

/**
 * The ids up to `until` with this approval code, latest first, at most `most`. The code is computed from the id, so no
 * index is needed. Empty for an invalid code.
 */
export function idsOfApprovalCode(code: string, until: number, most: number): number[] {
  const digits = Array.from(code.toUpperCase(), (letter) => ALPHABET.indexOf(letter))
  if (digits.length !== 6 || digits.includes(-1)) return []
  const spread = digits.reduceRight((sum, digit) => sum * 32 + digit, 0)
  const rest = Number((BigInt(spread) * GATHER) & 0x3fff_ffffn)
  const last = until - ((((until - rest) % CODES) + CODES) % CODES)
  return Array.from({ length: most }, (_, i) => last - i * CODES).filter((id) => id > 0)
}

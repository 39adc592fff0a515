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

import { createHash, randomBytes } from 'node:crypto'

/** SHA-256 in hex: all that is kept of a token, which has 256 random bits itself. */
export const digestOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** 256 random bits in 43 characters that may stand in a URL. */
export const newToken = (): string => randomBytes(32).toString('base64url')

// Without characters that look alike: 31 remain, almost 5 bits each.
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A code that a person reads to another one or writes down: `groups` of five characters, 25 bits each. */
export function newSpokenCode(groups: number): string {
  const bytes = randomBytes(groups * 5)
  const letters = Array.from(bytes, (byte) => LETTERS[byte % 32] ?? '2').join('')
  return letters.match(/.{5}/gu)?.join('-') ?? ''
}

/** Case, blanks and hyphens of a typed code are ignored. */
export const digestOfSpokenCode = (code: string): string => digestOfToken(code.toUpperCase().replace(/[^0-9A-Z]/gu, ''))

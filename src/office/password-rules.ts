import { dictionary } from '@zxcvbn-ts/language-common'
import { refused, type Refused } from './refusal.ts'

const SHORTEST = 12
const LONGEST = 128
const PRODUCT = 'akart'

/** The 49,000 most common passwords that leaks have shown, lower case. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common'])

/** No composition and no rotation: length, and nothing that is guessed first. Null: it may be taken. */
export function passwordObjection(password: string, login: string): Refused | null {
  const length = Array.from(password).length
  if (length < SHORTEST || length > LONGEST) return refused('password_length', { length })
  const plain = password.normalize('NFKC').toLowerCase()
  if (plain.includes(PRODUCT) || plain.includes(login.toLowerCase())) return refused('password_names')
  return COMMON.has(plain) || isRepeated(plain) ? refused('password_common') : null
}

/** `aaaaaaaaaaaa`, `abcabcabcabc`: a short piece over and over, itself a common one by its length. */
const isRepeated = (plain: string): boolean => /^(.{1,4})\1+$/u.test(plain)

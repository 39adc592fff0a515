import { dictionary } from '@zxcvbn-ts/language-common'
import { refused, type Refused } from './refusal.ts'

const SHORTEST = 12
const LONGEST = 128
const PRODUCT = 'akart'

let common: ReadonlySet<string> | null = null

/** The 49,000 most common passwords that leaks have shown, lower case. Unpacked when first asked for: 0.1 s that most commands can do without. */
function isCommon(plain: string): boolean {
  common ??= new Set(dictionary['passwords-common'])
  return common.has(plain)
}

/** No composition and no rotation: length, and nothing that is guessed first. Null: it may be taken. */
export function passwordObjection(password: string, login: string): Refused | null {
  const length = Array.from(password).length
  if (length < SHORTEST || length > LONGEST) return refused('password_length', { length })
  const plain = password.normalize('NFKC').toLowerCase()
  if (plain.includes(PRODUCT) || plain.includes(login.toLowerCase())) return refused('password_names')
  return isCommon(plain) || isRepeated(plain) ? refused('password_common') : null
}

/** `aaaaaaaaaaaa`, `abcabcabcabc`: a short piece over and over, itself a common one by its length. */
const isRepeated = (plain: string): boolean => /^(.{1,4})\1+$/u.test(plain)

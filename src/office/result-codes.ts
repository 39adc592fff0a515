import { RESULTS, type Result } from '../core/result.ts'
import { RESPONSE_CODES } from '../messages/response-code.ts'
import { TEXTS } from '../messages/texts.ts'
import type { Words } from './refusal.ts'

/** Results by their own names, or by DE 39 of two characters: then all that are answered so. */
export const resultsOfCodes = (words: readonly string[]): string[] =>
  words.flatMap((word) =>
    word.length === 2 ? RESULTS.filter((result) => RESPONSE_CODES[result].code === word) : [word],
  )

/** DE 39 of a stored result. */
export const responseOf = (result: string): string =>
  (RESULTS as readonly string[]).includes(result) ? RESPONSE_CODES[result as Result].code : '96'

const APPROVED: Words = { en: 'Approved', pl: 'Zaakceptowano' }

/** The text of a stored result (DE 63). */
export const textsOf = (result: string): Words =>
  (RESULTS as readonly string[]).includes(result) ? (TEXTS[result as Result] ?? APPROVED) : { en: result, pl: result }

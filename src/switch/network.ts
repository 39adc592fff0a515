import type { Result } from '../core/result.ts'

/** DE 70 of 0800: 001 sign-on, 002 sign-off, 301 echo. Sign-on is not demanded of any terminal yet, so both just succeed. */
const PURPOSES: ReadonlySet<string> = new Set(['001', '002', '301'])

export const answerNetwork = (purpose: string): Result => (PURPOSES.has(purpose) ? 'approved' : 'unsupported')

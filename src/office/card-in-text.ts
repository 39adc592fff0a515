import { isLuhn } from '../cards/number.ts'
import { selectPrefixes } from '../db/sql/web-requests.ts'
import type { Office } from './office.ts'

/**
 * Whether a text contains a possible card number of ours: digits, maybe in groups, that begin with one of our prefixes and pass
 * Luhn. Order numbers, keys and notes are stored and shown, so they must not contain one (docs/spec/abuse.md, 21).
 */
export const holdsCardNumber = (text: string, prefixes: readonly string[]): boolean =>
  (text.match(/\d(?:[ -]?\d){15,}/gu) ?? []).some((run) =>
    prefixes.some((prefix) => holdsNumberOf(run.replace(/[ -]/gu, ''), prefix)),
  )

/** The prefixes of our card numbers. */
export async function cardPrefixes({ db }: Pick<Office, 'db'>): Promise<readonly string[]> {
  const [rows = []] = await db.use((connection) => connection.send(selectPrefixes))
  return rows.map(([prefix]) => String(prefix))
}

const LENGTHS = [16, 17, 18, 19] as const

function holdsNumberOf(run: string, prefix: string): boolean {
  for (let at = run.indexOf(prefix); at >= 0; at = run.indexOf(prefix, at + 1)) {
    const rest = run.slice(at)
    if (LENGTHS.some((length) => rest.length >= length && isLuhn(rest.slice(0, length)))) return true
  }
  return false
}

import { isLuhn } from '../cards/number.ts'
import { selectPrefixes } from '../db/sql/web-requests.ts'
import type { Office } from './office.ts'

/**
 * Is there what could be one of our card numbers: digits in a row, also in groups, that begin with a prefix of ours and pass
 * Luhn? Order numbers, keys and notes are kept and shown, so that none may stand in them (docs/spec/abuse.md, 21).
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

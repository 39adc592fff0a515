import { longQuery, QueryEnded } from '../db/long-query.ts'
import type { Row } from '../db/sql/row.ts'
import type { Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'

/**
 * The number of slow searches that run at a time in a process: each keeps a core of the database busy, beside the
 * payments.
 */
const MOST = 2
const LIMIT_MS = 10 * 60_000
/** The signal of callers that cannot cancel. */
export const NEVER: AbortSignal = new AbortController().signal
let running = 0

/** A search that no index supports. If the caller gives up, it ends in the database too. */
export async function searchSlowly(
  office: Pick<Office, 'db'>,
  sql: string,
  signal: AbortSignal,
): Promise<readonly Row[] | Refused> {
  if (running >= MOST) return refused('searches_busy', { most: MOST })
  running += 1
  try {
    return await longQuery(office.db.access, sql, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]))
  } catch (error) {
    if (error instanceof QueryEnded) return refused('search_ended')
    throw error
  } finally {
    running -= 1
  }
}

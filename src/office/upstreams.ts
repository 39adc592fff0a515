import { openConnection, type Access } from '../db/access.ts'
import { selectSetAside, type SetAside, toSetAside } from '../db/sql/set-aside.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** One upstream in the database: queued messages and pending requests. */
export type UpstreamReport = {
  readonly upstream: string
  /** Messages that it is owed, since when the oldest, and how often that was sent in vain. */
  readonly owed: number
  readonly oldest: string | null
  readonly tries: number
  readonly lastFailure: string | null
  readonly setAside: number
  readonly acknowledged: number
  /** Requests whose answer is not settled. */
  readonly pending: number
  /** Until when a process has its queue, UTC; past or future. */
  readonly leasedUntil: string
  /** By currency, in minor units: its debt to us (its cards paid here) less ours. */
  readonly owes: readonly { readonly currency: number; readonly amount: number }[]
}

/** The state of the connections, known only to this process. */
export type LiveUpstream = {
  readonly upstream: string
  /** Connections that are signed on. */
  readonly up: number
  /** Messages that wait for their answer. */
  readonly inFlight: number
  /** `open`: nothing is sent to it now; `half_open`: one message is tried. */
  readonly breaker: 'closed' | 'open' | 'half_open'
}

/** The latest messages that hosts refused for good, with the case that a person decides. */
export async function listSetAside(office: Office, actor: Actor): Promise<readonly SetAside[] | Refused> {
  const no = mayDo(actor, 'upstreams.see')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectSetAside(MOST_SET_ASIDE)))
  return rows.map(toSetAside)
}

const MOST_SET_ASIDE = 200

/** Queue and balance of every upstream that was ever configured, by name. */
export const listUpstreams = async (office: Office, actor: Actor): Promise<UpstreamReport[] | Refused> =>
  mayDo(actor, 'upstreams.see') ?? readUpstreams(office.db.access)

export async function readUpstreams(access: Access): Promise<UpstreamReport[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  const rowsOf = async <Shape>(sql: string): Promise<Shape[]> => (await connection.query(sql))[0] as Shape[]
  try {
    const queues = await rowsOf<Omit<UpstreamReport, 'owes'>>(REPORT)
    const balances = await rowsOf<{ owner: string; currency: number; amount: string }>(BALANCES)
    return queues.map((queue) => ({
      ...queue,
      owes: balances
        .filter(({ owner }) => owner === queue.upstream)
        .map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
    }))
  } finally {
    await connection.end()
  }
}

const count = (state: string): string =>
  `(SELECT COUNT(*) FROM owed o WHERE o.upstream = q.upstream AND o.state = '${state}')`

const HEAD = `(SELECT o.transaction_id FROM owed o WHERE o.waiting_for = q.upstream
               ORDER BY o.owed_since, o.transaction_id, o.kind LIMIT 1)`

const REPORT = `
  SELECT q.upstream, ${count('waiting')} AS owed, h.owed_since AS oldest, COALESCE(h.tries, 0) AS tries,
    h.last_failure AS lastFailure, ${count('set_aside')} AS setAside, ${count('acknowledged')} AS acknowledged,
    (SELECT COUNT(*) FROM routed r WHERE r.upstream = q.upstream AND r.answer_by IS NOT NULL) AS pending,
    q.leased_until AS leasedUntil
  FROM upstream_queues q
  LEFT JOIN owed h ON h.waiting_for = q.upstream AND h.transaction_id = ${HEAD}
  GROUP BY q.upstream ORDER BY q.upstream`

const BALANCES = `
  SELECT a.owner, a.currency, SUM(m.amount) AS amount FROM accounts a JOIN (
    SELECT debit_account AS account, amount FROM transactions WHERE amount > 0
    UNION ALL SELECT credit_account, -amount FROM transactions WHERE amount > 0
  ) AS m ON m.account = a.id WHERE a.kind = 'upstream_settlement' GROUP BY a.owner, a.currency`

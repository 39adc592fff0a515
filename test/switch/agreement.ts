import type { Host } from '../../simulators/host/host.ts'
import type { RoutingSetting, Told } from './routing-setting.ts'

/** The answers that a terminal received to one of its messages: by trace number and DE 7. */
export type Account = { readonly stan: string; readonly transmitted: string; readonly told: Told }

type Row = {
  id: number; terminal: string; stan: number; transmitted: number; host_stan: number; host_transmitted: number
  state: string; undone_by: string | null; result: string; amount: number; operation: string; kind: number
  open_case: number | null; debit: number | null
} // prettier-ignore

/**
 * Compares terminal, journal and host of an upstream once everything is settled: each transaction has happened on all sides
 * or on none, or a case about it is open. Returns a line for each difference.
 */
export async function disagreements(
  setting: RoutingSetting,
  upstream: string,
  host: Host,
  accounts: readonly Account[],
): Promise<string[]> {
  const rows = await setting.rows<Row>(
    `SELECT t.id, t.terminal_code AS terminal, t.stan, t.transmitted, r.stan AS host_stan, t.kind,
       r.transmitted AS host_transmitted, t.state, t.undone_by, t.result, t.amount, t.operation, t.debit_account AS debit,
       (SELECT c.id FROM cases c WHERE c.open_for = t.id) AS open_case
     FROM routed r JOIN transactions t ON t.id = r.id WHERE r.upstream = ?`,
    [upstream],
  )
  const believed = new Map(host.journal().entries.map((entry) => [entry.key, entry]))
  const faults: string[] = []
  for (const row of rows) {
    const key = `0${row.kind}/${row.terminal}/${String(row.host_stan).padStart(6, '0')}/${String(row.host_transmitted).slice(4)}`
    const entry = believed.get(key)
    const here = MOVES.has(row.kind) && (row.state === 'unconfirmed' || row.state === 'confirmed')
    const there = entry !== undefined && entry.counts && entry.effect !== 0
    const agree = here === there && (!here || Math.abs(entry?.effect ?? 0) === row.amount)
    if (!agree && row.open_case === null) {
      faults.push(
        `${key}: here ${row.state} ${row.result} ${row.amount}, there ${entry?.state ?? 'nothing'} ${entry?.effect ?? 0}`,
      )
    }
    if (row.state === 'pending') faults.push(`${key}: still pending`)
  }
  const known = new Map(rows.map((row) => [`${row.stan} ${String(row.transmitted).slice(4)} ${row.kind}`, row]))
  for (const { stan, transmitted, told } of accounts) {
    if (told === null) continue
    const row = known.get(`${Number(stan)} ${transmitted} ${told.row.key.kind}`)
    if (row === undefined) continue
    const approved = told.result === 'approved' || told.result === 'approved_partially'
    if (
      approved !== (row.result === 'approved' || row.result === 'approved_partially') &&
      told.result !== 'original_reversed'
    ) {
      faults.push(`${stan}: the terminal was told ${told.result}, the journal says ${row.result}`)
    }
  }
  return faults
}

const MOVES: ReadonlySet<number> = new Set([200, 220])

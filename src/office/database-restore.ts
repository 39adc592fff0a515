/** The step that makes a restored backup fit to serve. */

import type { Head } from '../db/audit-chain.ts'
import { skipIds } from '../db/ids.ts'
import { selectHead } from '../db/sql/audit-chain.ts'
import { deleteAllSessions } from '../db/sql/sessions.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type Restore = {
  readonly reason: string
  /** The head of the audit's chain that the home saw last, before the restore; null: none was kept. */
  readonly seen: Head | null
}

/** How far the restored chain reaches, and how many of its rows are lost: null where no head was kept. */
export type Restored = { readonly seq: number; readonly lost: number | null }

/*
 * Approval codes and the references of web shops follow from ids: those that were given out after the moment of the backup
 * must not name another transaction. 25,000 requests a second take 10 hours for this many, and 9 million restores fit below 2^53.
 */
const ROWS_SKIPPED = 1_000_000_000
/** Trace numbers come again after 999,999 anyway: what another host saw in the last minutes before the loss is passed over. */
const STANS_SKIPPED = 100_000

/**
 * Prepares a restored database for service: ids from the lost time are not given out again, sessions that ended since
 * stay ended, and the audit records how much of it is missing. No process may be running, because it would hold ids of
 * the lost time.
 */
export const recordRestore = (office: Office, actor: Actor, { reason, seen }: Restore): Promise<Restored | Refused> =>
  inTransaction(office, async (connection) => {
    const objection = mayDo(actor, 'settings.edit')
    if (objection !== null) return objection
    await connection.send(skipIds('row', ROWS_SKIPPED))
    await connection.send(skipIds('stan', STANS_SKIPPED))
    await connection.send(deleteAllSessions)
    const [[head] = []] = await connection.send(selectHead)
    const seq = Number(head?.[0] ?? 0)
    const lost = seen === null ? null : Math.max(0, seen.seq - seq)
    await putOnRecord(connection, office, actor, office.clock(), {
      action: 'database.restored',
      object: { kind: 'installation', id: 1 },
      details: { reason, chain: seq, lost, seen: seen === null ? null : `${seen.seq} ${seen.hash}` },
    })
    return { seq, lost }
  })

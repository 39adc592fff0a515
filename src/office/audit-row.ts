import { writeAudit } from '../db/audit.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { AuditFacts, Json, ToAttach } from '../core/attached.ts'
import type { Requester } from '../core/channel.ts'
import { insertAudit, insertUnchained } from '../db/sql/audit.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'

/** An act and its object. */
export type Act = {
  /** The right that it needed, or a verb on a noun: `cards.block`. */
  readonly action: string
  readonly object: { readonly kind: string; readonly id: string | number }
  readonly store?: string | null
  /** No secrets, no whole card numbers. */
  readonly details?: { readonly [name: string]: Json }
}

type Doer = Pick<Actor, 'login' | 'channel'>

/** The columns of an audit row. */
const factsOf = ({ login, channel }: Doer, { action, object, store, details }: Act): AuditFacts => ({
  who: login,
  channel,
  action,
  object: { kind: object.kind, id: String(object.id) },
  store: store ?? null,
  outcome: 'done',
  details: details ?? {},
})

/** Puts acts on record, within the transaction that does them. `at`: the reading of the clock that serves the whole act. */
export const putOnRecord = (
  connection: WorkerConnection,
  { nextId }: Pick<Office, 'nextId'>,
  actor: Actor,
  at: number,
  ...acts: readonly Act[]
): Promise<void> => writeAudit(connection, ...acts.map((act) => ({ id: nextId(), at, ...factsOf(actor, act) })))

/** The same for what the engine decides: the row goes with its decision, where that is an approval. */
export const auditOf = (actor: Doer, act: Act): ToAttach => ({
  kind: 'audit',
  row: factsOf(actor, act),
  where: 'approved',
})

/** The same as statements, for a change that is sent as a list of them. */
export function auditStatements({ nextId }: Pick<Office, 'nextId'>, actor: Doer, at: number, act: Act): string[] {
  const row = { id: nextId(), at, ...factsOf(actor, act) }
  return [insertAudit([row]), insertUnchained([row])]
}

/** The requester of an engine request. */
export const requesterOf = ({ login, channel }: Doer): Requester => ({ channel, who: login })

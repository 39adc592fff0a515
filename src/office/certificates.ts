import type { WorkerConnection } from '../db/connection.ts'
import {
  type Binding,
  deleteBinding,
  insertBinding,
  lockTerminalStore,
  selectBindings,
  setSignOn,
  toBinding,
} from '../db/sql/certificates.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { lockStore } from '../db/sql/stores.ts'
import type { Actor } from './actor.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { recordChanges } from './registry-changes.ts'
import { mayDo } from './rights.ts'

export type { Binding }

// The column's width, in characters.
const LONGEST_SUBJECT = 255

export async function listBindings(office: Office, actor: Actor): Promise<readonly Binding[] | Refused> {
  const no = mayDo(actor, 'terminals.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectBindings))
  return rows.map(toBinding)
}

/** Serves a terminal, or all of a store, only on lines that show this certificate, beside what was bound before. */
export async function bindCertificate(office: Office, actor: Actor, binding: Binding): Promise<Binding | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const { length } = binding.name
  if (length > LONGEST_SUBJECT) return refused('subject_too_long', { length, most: LONGEST_SUBJECT })
  return changeOf(office, actor, binding, `certificate bound: ${binding.by} ${binding.name}`, async (connection) => {
    await connection.send(insertBinding(binding))
    return null
  })
}

/** Takes a binding away; where it was the last one, other lines serve again. */
export async function unbindCertificate(office: Office, actor: Actor, binding: Binding): Promise<Binding | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const detail = `certificate no longer bound: ${binding.by} ${binding.name}`
  return changeOf(office, actor, binding, detail, async (connection) => {
    const [[count] = []] = await connection.send(`${deleteBinding(binding)};SELECT ROW_COUNT()`)
    return Number(count?.[0]) > 0 ? null : refused('not_bound', binding)
  })
}

/** Whether a terminal has to sign on before it is served. */
export async function demandSignOn(
  office: Office,
  actor: Actor,
  { terminal, required }: { readonly terminal: string; readonly required: boolean },
): Promise<{ readonly code: string } | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  const of = { what: 'terminal', code: terminal } as const
  const detail = `sign-on ${required ? 'required' : 'not required'}`
  return changeOf(office, actor, of, detail, async (connection) => {
    await connection.send(setSignOn(terminal, required))
    return null
  })
}

/** One change of a terminal or store that is there, which every process sees within a second; null from `change`: done. */
function changeOf<Of extends Pick<Binding, 'what' | 'code'>>(
  office: Office,
  actor: Actor,
  of: Of,
  detail: string,
  change: (connection: WorkerConnection) => Promise<Refused | null>,
): Promise<Of | Refused> {
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const store = await storeConcerned(connection, of)
    if (isRefused(store)) return store
    const against = await change(connection)
    if (against !== null) return against
    const { what, code } = of
    await recordChanges(connection, office, actor, at, [{ action: 'changed', of: { what, code }, store, detail }])
    await connection.send(nextRegistryVersion)
    return of
  })
}

/** The store that a terminal belongs to, or the store itself; both are locked. */
async function storeConcerned(
  connection: WorkerConnection,
  { what, code }: Pick<Binding, 'what' | 'code'>,
): Promise<string | Refused> {
  const [[row] = []] = await connection.send(what === 'terminal' ? lockTerminalStore(code) : lockStore(code))
  if (row !== undefined) return String(row[1] ?? row[0])
  return what === 'terminal'
    ? refused('no_such_terminal', { terminal: code })
    : refused('no_such_store', { store: code })
}

import { createHash } from 'node:crypto'
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
import { propose } from './proposals.ts'
import { recordChanges } from './registry-changes.ts'
import { mayDo } from './rights.ts'
import { wantsSecond } from './shop-approvals.ts'

export type { Binding }

// The column's width, in characters.
const LONGEST_SUBJECT = 255

export async function listBindings(office: Office, actor: Actor): Promise<readonly Binding[] | Refused> {
  const no = mayDo(actor, 'terminals.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectBindings))
  return rows.map(toBinding)
}

/** `waits`: the number of the proposal that a second person decides; null: it is done. */
export type Asked<Of> = Of & { readonly waits: number | null }

/**
 * Restricts a terminal, or all terminals of a store, to connections with this certificate, in addition to those already
 * bound.
 */
export async function bindCertificate(
  office: Office,
  actor: Actor,
  binding: Binding,
): Promise<Asked<Binding> | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const { length } = binding.name
  if (length > LONGEST_SUBJECT) return refused('subject_too_long', { length, most: LONGEST_SUBJECT })
  return asked(office, actor, binding, { act: 'bind', by: binding.by, name: binding.name })
}

/** Takes a binding away; where it was the last one, other lines serve again. */
export async function unbindCertificate(
  office: Office,
  actor: Actor,
  binding: Binding,
): Promise<Asked<Binding> | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  return asked(office, actor, binding, { act: 'unbind', by: binding.by, name: binding.name })
}

/** Sets whether a terminal has to sign on before it is served. */
export async function demandSignOn(
  office: Office,
  actor: Actor,
  { terminal, required }: { readonly terminal: string; readonly required: boolean },
): Promise<Asked<{ readonly code: string }> | Refused> {
  const no = mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  return asked(office, actor, { what: 'terminal', code: terminal }, { act: required ? 'demandSignOn' : 'freeSignOn' })
}

type Of = Pick<Binding, 'what' | 'code'>
type Certificate = Pick<Binding, 'by' | 'name'>
export type DoorChange =
  | ({ readonly act: 'bind' | 'unbind' } & Certificate)
  | { readonly act: 'demandSignOn' | 'freeSignOn' }

/** A change that relaxes the authentication of a terminal or store. */
export type DoorInput = { readonly of: Of; readonly door: DoorChange }

/**
 * A change of a terminal's authentication needs two people (docs/spec/abuse.md, 2): another certificate, the removal of
 * the last one, sign-on no longer mandatory. Stricter settings take effect at once, and so does everything in a demo
 * and before there is an accountant.
 */
async function asked<Which extends Of>(
  office: Office,
  actor: Actor,
  of: Which,
  door: DoorChange,
): Promise<Asked<Which> | Refused> {
  return inTransaction(office, async (connection): Promise<Asked<Which> | Refused> => {
    const store = await storeConcerned(connection, of)
    if (isRefused(store)) return store
    const relaxes = door.act !== 'demandSignOn'
    if (!relaxes || !(await wantsSecond(connection, office, 'terminal_alone', of.code))) {
      const against = await doorChanged(connection, office, actor, { of, door })
      return against ?? { ...of, waits: null }
    }
    const input = { of: { what: of.what, code: of.code }, door: { ...door } }
    const proposal = await propose(connection, office, actor, {
      kind: 'terminal',
      subject: terminalSubject(`${of.what} ${of.code}`),
      input,
      reason: detailOf(door),
      details: { [of.what]: of.code, ...door },
      store,
    })
    return isRefused(proposal) ? proposal : { ...of, waits: proposal }
  })
}

/** Proposals are about numbers; a terminal's is made of its code. */
export const terminalSubject = (code: string): number => createHash('sha256').update(code).digest().readUIntBE(0, 6)

/** Called within the transaction of an authorised actor; every process sees the change within a second. */
export async function doorChanged(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { of: { what, code }, door }: DoorInput,
): Promise<Refused | null> {
  const store = await storeConcerned(connection, { what, code })
  if (isRefused(store)) return store
  const against = await written(connection, { what, code }, door)
  if (against !== null) return against
  const record = { action: 'changed', of: { what, code }, store, detail: detailOf(door) } as const
  await recordChanges(connection, office, actor, office.clock(), [record])
  await connection.send(nextRegistryVersion)
  return null
}

async function written(connection: WorkerConnection, of: Of, door: DoorChange): Promise<Refused | null> {
  switch (door.act) {
    case 'bind':
      await connection.send(insertBinding({ ...of, by: door.by, name: door.name }))
      return null
    case 'unbind': {
      const binding = { ...of, by: door.by, name: door.name }
      const [[count] = []] = await connection.send(`${deleteBinding(binding)};SELECT ROW_COUNT()`)
      return Number(count?.[0]) > 0 ? null : refused('not_bound', binding)
    }
    case 'demandSignOn':
    case 'freeSignOn':
      await connection.send(setSignOn(of.code, door.act === 'demandSignOn'))
      return null
  }
}

function detailOf(door: DoorChange): string {
  switch (door.act) {
    case 'bind':
      return `certificate bound: ${door.by} ${door.name}`
    case 'unbind':
      return `certificate no longer bound: ${door.by} ${door.name}`
    case 'demandSignOn':
      return 'sign-on required'
    case 'freeSignOn':
      return 'sign-on not required'
  }
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

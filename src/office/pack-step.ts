import { isUnsold, PACK_STEPS, type PackState, type PackStep, skippedBy } from '../core/pack.ts'
import type { CardState } from '../core/card.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { countByState } from '../db/sql/pack-cards.ts'
import {
  insertPackEvent,
  lockPack,
  type PackEvent,
  type PackMarks,
  type PackRow,
  selectPackRow,
  toPackRow,
  updatePack,
} from '../db/sql/pack-rows.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere } from './rights.ts'
import type { Right } from './rights-table.ts'

/** A pack and the reason. */
export type PackInput = {
  readonly pack: number
  readonly reason?: string | null
  /** Steps that come before this one may be left out. */
  readonly skip?: boolean
}

export type StepTaken = {
  readonly event: PackEvent['event']
  readonly marks: PackMarks
  readonly detail: string | null
}

/** The store that a pack concerns: the one that has it. */
export const storeOfPack = ({ recipient: { kind, code } }: PackRow): string | null => (kind === 'store' ? code : null)

/**
 * Takes a step with a pack under the lock of its row, which waits for sales of its cards in progress.
 *
 * @param judge returns the columns to write beside the state, or the objection
 */
export async function stepPack(
  office: Office,
  actor: Actor,
  { right, step, at }: { readonly right: Right; readonly step: PackStep; readonly at: number },
  { pack: id, reason = null, skip = false }: PackInput,
  judge: (pack: PackRow, connection: WorkerConnection) => StepTaken | Refused | Promise<StepTaken | Refused>,
): Promise<PackRow | Refused> {
  const no = mayDoAnywhere(actor, right)
  if (no !== null) return no
  const eventId = office.nextId()
  return inTransaction(office, async (connection) => {
    const pack = await lockedPack(connection, id)
    if (isRefused(pack)) return pack
    const { to, only }: (typeof PACK_STEPS)[PackStep] = PACK_STEPS[step]
    const against =
      mayDo(actor, right, storeOfPack(pack)) ?? againstRecipient(pack, only) ?? againstStep(pack, step, skip)
    if (against !== null) return against
    const taken = await judge(pack, connection)
    if (isRefused(taken)) return taken
    const { event, marks } = taken
    const skipped = skippedBy(step, pack.state) ?? []
    const said = [taken.detail, skipped.length === 0 ? null : `left out: ${skipped.join(', ')}`]
    const detail = said.filter((one) => one !== null).join('; ') || null
    await connection.send(updatePack(id, to, marks))
    await writeEvent(office, actor, connection, { eventId, at, pack, event, reason, detail, action: `packs.${step}` })
    return { ...pack, ...marks, state: to }
  })
}

const againstRecipient = ({ id, recipient }: PackRow, only: 'store' | 'counterparty' | null): Refused | null =>
  only === null || recipient.kind === only
    ? null
    : refused('pack_of_other_recipient', { pack: id, kind: recipient.kind })

/** Null: the pack is in one of these states. */
export const againstState = ({ id, state }: PackRow, states: readonly PackState[]): Refused | null =>
  states.includes(state) ? null : refused('pack_state', { pack: id, state, wanted: states.join(' or ') })

/** Null: the step may be taken from the state that the pack is in. */
export function againstStep(pack: PackRow, step: PackStep, skip: boolean): Refused | null {
  const skipped = skippedBy(step, pack.state)
  if (skipped === null) return againstState(pack, PACK_STEPS[step].from)
  if (skipped.length === 0 || skip) return null
  return refused('pack_step_skipped', { pack: pack.id, state: pack.state, steps: skipped.join(', ') })
}

export type EventOfPack = {
  readonly eventId: number
  readonly at: number
  readonly pack: Pick<PackRow, 'id' | 'recipient'> & { readonly state?: PackState }
  readonly event: PackEvent['event']
  readonly reason: string | null
  readonly detail: string | null
  readonly action: string
}

/** Records a step in the pack's history and in the audit. */
export async function writeEvent(
  office: Office,
  actor: Actor,
  connection: WorkerConnection,
  { eventId: id, at, pack, event, reason, detail, action }: EventOfPack,
): Promise<void> {
  await connection.send(insertPackEvent({ id, packId: pack.id, event, who: actor.login, at, reason, detail }))
  await putOnRecord(connection, office, actor, at, {
    action,
    object: { kind: 'pack', id: pack.id },
    store: pack.recipient.kind === 'store' ? pack.recipient.code : null,
    details: { detail, reason },
  })
}

export async function packRow(connection: WorkerConnection, id: number): Promise<PackRow | Refused> {
  if (!Number.isSafeInteger(id)) return refused('no_such_pack', { pack: id })
  const [[row] = []] = await connection.send(selectPackRow(id))
  return row === undefined ? refused('no_such_pack', { pack: id }) : toPackRow(row)
}

export async function lockedPack(connection: WorkerConnection, id: number): Promise<PackRow | Refused> {
  if (Number.isSafeInteger(id)) await connection.send(lockPack(id))
  return packRow(connection, id)
}

/** How the states of the cards in a pack are spread. */
export async function cardsByState(connection: WorkerConnection, packId: number): Promise<ReadonlyMap<string, number>> {
  const [rows = []] = await connection.send(countByState(packId))
  return new Map(rows.map(([state, count]) => [String(state), Number(count)]))
}

/** How many of its cards are sold, or were. */
export async function soldOf(connection: WorkerConnection, id: number): Promise<number> {
  const states = await cardsByState(connection, id)
  return [...states].reduce((sum, [state, count]) => sum + (isUnsold({ state: state as CardState }) ? 0 : count), 0)
}

import { serialsText } from '../cards/serials.ts'
import { setUpError } from '../config/set-up-error.ts'
import { PACK_STEPS, type PackState, type PackStep } from '../core/pack.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { chunksOf, type PackPlan } from './pack-plan.ts'
import { countByState, putIntoPack } from '../db/sql/pack-cards.ts'
import {
  insertPack,
  insertPackEvent,
  lockPack,
  type PackEvent,
  type PackMarks,
  type PackRow,
  type Recipient,
  selectCounterpartyState,
  selectPackRow,
  selectStoreState,
  toPackRow,
  updatePack,
} from '../db/sql/pack-rows.ts'
import { unitOfWork } from '../db/unit-of-work.ts'

/** Who does something to a pack, when (ms since 1970) and why. */
export type Doer = { readonly who: string; readonly at: number; readonly reason: string | null }

/**
 * Makes a pack of what was planned, or nothing. Its cards' rows are locked for about as long as it takes to write them
 * (100,000: 8 s on two busy cores); nobody but its issuer has anything to do with unsold cards that are in no pack.
 *
 * @throws a set-up error where the recipient is not there, or cards of the plan went elsewhere meanwhile
 */
export async function createPack(access: Access, plan: PackPlan, recipient: Recipient, doer: Doer): Promise<number> {
  const id = await takeIds(access, 'pack', 1)
  const eventId = await takeIds(access, 'row', 1)
  await unitOfWork(access, async (connection) => {
    await mustBeOpen(connection, recipient)
    await connection.send(insertPack({ id, issueId: plan.issueId, recipient, cards: plan.cards, who: doer.who }))
    let put = 0
    for (const ranges of chunksOf(plan.ranges)) {
      const [[count] = []] = await connection.send(`${putIntoPack(id, plan.issueId, ranges)};SELECT ROW_COUNT()`)
      put += Number(count?.[0])
    }
    if (put !== plan.cards) throw setUpError('some of these cards have gone elsewhere meanwhile; see with --dry-run')
    await connection.send(
      insertPackEvent({ ...eventOf(doer), id: eventId, packId: id, event: 'made', detail: said(plan) }),
    )
  })
  return id
}

async function mustBeOpen(connection: WorkerConnection, { kind, code }: Recipient): Promise<void> {
  const [[row] = []] = await connection.send(kind === 'store' ? selectStoreState(code) : selectCounterpartyState(code))
  if (row === undefined) throw setUpError(`there is no ${kind} ${code}`)
  if (row[0] !== 'open') throw setUpError(`${kind} ${code} is ${String(row[0])}`)
}

const LONGEST_DETAIL = 900

/** What was put in, in words: ranges of serials, as many as there is room for. */
function said({ ranges, cards }: PackPlan): string {
  const words = ranges.map(serialsText)
  let text = `${cards} cards, serial ${words.join(', ')}`
  if (text.length > LONGEST_DETAIL) text = `${text.slice(0, LONGEST_DETAIL)} … in ${ranges.length} ranges`
  return text.replace('…', '...')
}

/** How the states of the cards in a pack are spread. */
export async function cardsByState(connection: WorkerConnection, packId: number): Promise<ReadonlyMap<string, number>> {
  const [rows = []] = await connection.send(countByState(packId))
  return new Map(rows.map(([state, count]) => [String(state), Number(count)]))
}

export type StepTaken = {
  readonly event: PackEvent['event']
  readonly marks: PackMarks
  readonly detail: string | null
}

/**
 * Takes a step with a pack: one row, under its lock, which waits for the sales of its cards that are under way.
 *
 * @param judge what is written beside the state; throws a set-up error where there is something against it
 * @throws a set-up error where the pack is not there, or is in a state that the step does not begin from
 */
export async function stepPack(
  access: Access,
  id: number,
  step: PackStep,
  doer: Doer,
  judge: (pack: PackRow, connection: WorkerConnection) => StepTaken | Promise<StepTaken>,
): Promise<PackRow> {
  const eventId = await takeIds(access, 'row', 1)
  return unitOfWork(access, async (connection) => {
    const pack = await lockedPack(connection, id)
    const { from, to, only }: (typeof PACK_STEPS)[PackStep] = PACK_STEPS[step]
    if (only !== null && pack.recipient.kind !== only)
      throw setUpError(`pack ${id} belongs to a ${pack.recipient.kind}`)
    mustBeIn(pack, from)
    const { event, marks, detail } = await judge(pack, connection)
    await connection.send(updatePack(id, to, marks))
    await connection.send(insertPackEvent({ ...eventOf(doer), id: eventId, packId: id, event, detail }))
    return { ...pack, ...marks, state: to }
  })
}

export async function lockedPack(connection: WorkerConnection, id: number): Promise<PackRow> {
  await connection.send(lockPack(id))
  const [[row] = []] = await connection.send(selectPackRow(id))
  if (row === undefined) throw setUpError(`there is no pack ${id}`)
  return toPackRow(row)
}

/** @throws a set-up error that says in which state it would have to be */
export function mustBeIn({ id, state }: PackRow, states: readonly PackState[]): void {
  if (!states.includes(state)) throw setUpError(`pack ${id} is ${state}; it would have to be ${states.join(' or ')}`)
}

export const eventOf = ({ who, at, reason }: Doer): Pick<PackEvent, 'who' | 'at' | 'reason'> => ({ who, at, reason })

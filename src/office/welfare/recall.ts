import { openAccount } from '../../db/accounts.ts'
import { takeIds } from '../../db/ids.ts'
import { selectEmployeesNumbered, toEmployee } from '../../db/sql/employees.ts'
import {
  insertRecall,
  insertRecallRows,
  lockRecall,
  type Recall,
  type RecallRow,
  selectLoadedCards,
  selectRecall,
  selectRecalls,
  toRecall,
  updateRecall,
} from '../../db/sql/welfare-recalls.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { type Actor, isSamePerson } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { dependenceObjection } from '../grants.ts'
import { inTransaction, type Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { applyBooked } from './apply-booked.ts'
import { batchRow } from './batches.ts'
import { employerOf } from './employers.ts'
import { batchStates, recallState } from './state-words.ts'
import { sumOf, unspentOn } from './unspent.ts'

export type { Recall }

export type RecallInput = {
  readonly employer: string
  /** Of this batch; null: of all. */
  readonly batch: number | null
  /** Numbers of employees; null: all who were loaded. */
  readonly employees: readonly string[] | null
  readonly reason: string
}

export async function listRecalls(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { employer = null, most = 100 }: { employer?: string | null; most?: number },
): Promise<readonly Recall[] | Refused> {
  const no = mayDo(actor, 'welfare.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectRecalls(employer, most)))
  return rows.map(toRecall)
}

/** The number of cards computed at a time. */
const LOT = 200

/** Proposes to recall the unspent money of welfare loads. Nothing moves before another person approves it. */
export async function proposeRecall(office: Office, actor: Actor, input: RecallInput): Promise<Recall | Refused> {
  const no = mayDo(actor, 'welfare.recall')
  if (no !== null) return no
  // An empty list of employees does not mean all employees.
  if (input.employees?.length === 0 || (input.batch === null && input.employees === null))
    return refused('recall_of_what')
  const at = office.clock()
  const employer = await office.db.use((connection) => employerOf(connection, input.employer))
  if (employer === null) return refused('no_such_employer', { code: input.employer })
  const cards = await office.db.use((connection) => loadedCards(connection, input))
  if (isRefused(cards)) return cards
  const account = await openAccount(office.db.access, 'counterparty_receivable', employer.code, employer.currency)
  const rows: RecallRow[] = []
  // Two loaded cards, also of different lots, may have been replaced by the same card since.
  const standing = new Set<number>()
  for (let from = 0; from < cards.length; from += LOT) {
    rows.push(...(await unspentRows(office, account, input.batch, cards.slice(from, from + LOT), standing)))
  }
  if (rows.length === 0) return refused('nothing_to_recall')
  const id = await takeIds(office.db.access, 'welfare', 1)
  const { reason, batch } = input
  const unspent = rows.reduce((sum, row) => sum + row.unspent, 0)
  return inTransaction(office, async (connection) => {
    const recall = { id, employer: employer.code, currency: employer.currency, batch, reason, proposedBy: actor.login, proposedAt: at } // prettier-ignore
    await connection.send(insertRecall(recall))
    for (let from = 0; from < rows.length; from += 1_000) {
      await connection.send(insertRecallRows(id, rows.slice(from, from + 1_000)))
    }
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.recall',
      object: { kind: 'recall', id },
      details: { employer: employer.code, batch, cards: rows.length, unspent, reason },
    })
    return recallRow(connection, id)
  })
}

type Loaded = { readonly cardId: number; readonly employeeId: number }

async function loadedCards(connection: WorkerConnection, input: RecallInput): Promise<readonly Loaded[] | Refused> {
  const { employer, batch, employees: numbers } = input
  if (batch !== null) {
    const found = await batchRow(connection, batch)
    if (isRefused(found)) return found
    if (found.employer !== employer) return refused('no_such_batch', { batch })
    if (found.state !== 'booked')
      return refused('batch_state', { batch, state: batchStates([found.state]), wanted: batchStates(['booked']) })
  }
  const ids: number[] = []
  if (numbers !== null) {
    const [rows = []] = await connection.send(selectEmployeesNumbered(employer, numbers))
    const known = new Map(rows.map(toEmployee).map(({ number, id }) => [number, id]))
    const unknown = numbers.find((number) => !known.has(number))
    if (unknown !== undefined) return refused('no_such_employee', { code: employer, number: unknown })
    ids.push(...known.values())
  }
  const [rows = []] = await connection.send(selectLoadedCards(employer, batch, ids.length === 0 ? null : ids))
  return rows.map(([cardId, employeeId]) => ({ cardId: Number(cardId), employeeId: Number(employeeId) }))
}

async function unspentRows(
  office: Office,
  account: number,
  batch: number | null,
  cards: readonly Loaded[],
  standing: Set<number>,
): Promise<RecallRow[]> {
  const ids = cards.map(({ cardId }) => cardId)
  await applyBooked(office, ids)
  return office.db.use(async (connection) => {
    const stagedId = await stagedIdOf(connection, batch)
    const found = await unspentOn(connection, account, {
      loaded: ids,
      employees: cards.map(({ employeeId }) => employeeId),
    })
    return found.flatMap(({ loaded, card, portions }) => {
      if (standing.has(card.id)) return []
      standing.add(card.id)
      const unspent = sumOf(portions.filter(({ origin }) => batch === null || origin.batchId === stagedId))
      const employeeId = cards.find(({ cardId }) => cardId === loaded)?.employeeId
      return unspent > 0 && employeeId !== undefined ? [{ cardId: loaded, employeeId, unspent, taken: null }] : []
    })
  })
}

export async function stagedIdOf(connection: WorkerConnection, batch: number | null): Promise<number | null> {
  if (batch === null) return null
  const found = await batchRow(connection, batch)
  return isRefused(found) ? null : found.stagedId
}

export async function recallRow(connection: WorkerConnection, id: number): Promise<Recall | Refused> {
  const [[row] = []] = Number.isSafeInteger(id) ? await connection.send(selectRecall(id)) : []
  return row === undefined ? refused('no_such_recall', { recall: id }) : toRecall(row)
}

/** A second person's decision on a recall. An approved recall is then booked (`bookRecall`, or the job). */
export async function decideRecall(
  office: Office,
  actor: Actor,
  { id, approve, reason }: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<Recall | Refused> {
  const no = mayDo(actor, 'welfare.approve')
  if (no !== null) return no
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(lockRecall(id))
    const recall = await recallRow(connection, id)
    if (isRefused(recall) || (approve && recall.state === 'approved')) return recall
    if (recall.state !== 'proposed')
      return refused('recall_state', { recall: id, state: recallState(recall.state), wanted: recallState('proposed') })
    const by = recall.proposedBy
    if (approve && isSamePerson(actor, by)) return refused('own_request', { who: by })
    const objection = approve ? await dependenceObjection(connection, office, actor, by, at) : null
    if (objection !== null) return objection
    await connection.send(updateRecall(id, approve ? 'approved' : 'refused', { by: actor.login, at }))
    await putOnRecord(connection, office, actor, at, {
      action: approve ? 'welfare.recall.approve' : 'welfare.recall.refuse',
      object: { kind: 'recall', id },
      details: { employer: recall.employer, batch: recall.batch, unspent: recall.unspent, by, reason },
    })
    return recallRow(connection, id)
  })
}

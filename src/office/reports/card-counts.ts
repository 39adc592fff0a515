import type { WorkerConnection } from '../../db/connection.ts'
import {
  addCardCounts,
  type CardCount,
  countCards,
  deleteCardCounts,
  deleteCardMoves,
  lockCardCounts,
  selectBookedByState,
  selectCardCounts,
  selectCardMoveIds,
  selectCardMoves,
  selectEndOfCards,
  selectIsCounted,
  setCounted,
  setNotCounted,
  toCardCount,
} from '../../db/sql/card-counts.ts'
import { selectCardStates } from '../../db/sql/report-queries.ts'
import type { Row } from '../../db/sql/row.ts'
import { isRefused } from '../refusal.ts'
import { grouped } from './definition.ts'
import type { Keeper } from './kept-figures.ts'
import { movementsIn } from './roll-forward.ts'
import { inSnapshot, type Snapshot } from './snapshot.ts'

/** Counts are recomputed after a day, because a process of an older version does not update them when it changes cards. */
const COUNTED_FOR_SECONDS = 86_400

/** Cards read, and changes added, at a time: some tenths of a second. */
const [LOT, MOVES] = [100_000, 5_000]

const nameOf = ({ issueId, state, block }: CardCount): string => `${issueId} ${state} ${block}`
const isOrdinary = ({ state, block }: CardCount): boolean => state === 'sold' && block === ''

const summed = (counts: readonly CardCount[]): CardCount[] =>
  grouped(
    counts,
    nameOf,
    (count): CardCount => ({ ...count, cards: 0, ledger: 0 }),
    (sum, { cards, ledger }) => ({ ...sum, cards: sum.cards + cards, ledger: sum.ledger + ledger }),
  )

/** Cards by issue, state and block, and their money, including loads that are booked but not applied yet. */
export async function cardStates(snapshot: Snapshot, issues: readonly number[] | null): Promise<readonly CardCount[]> {
  const [[since] = []] = await snapshot.connection.send(selectIsCounted)
  return typeof since?.[0] === 'number' ? countedStates(snapshot, issues) : statesOfAll(snapshot, issues)
}

/** From all cards: exact at any time, and slow where there are millions. */
async function statesOfAll({ connection }: Snapshot, issues: readonly number[] | null): Promise<CardCount[]> {
  const [rows = []] = await connection.send(selectCardStates(issues))
  return rows.map(toCardCount)
}

/** From the counts. The money of the ordinary cards of an issue is that of all its cards by the daily sums, less that of the other cards. */
async function countedStates(snapshot: Snapshot, issues: readonly number[] | null): Promise<CardCount[]> {
  const [counted = [], booked = []] = await snapshot.connection.send(
    `${selectCardCounts(issues)};${selectBookedByState(issues)}`,
  )
  const others = summed([...counted, ...booked].map(toCardCount)).map((one) =>
    isOrdinary(one) ? { ...one, ledger: 0 } : one,
  )
  const movements = await movementsIn(snapshot, { from: null, to: null, stores: null, issues })
  const ordinary = movements.map(({ issueId, gross, undone }): CardCount => ({
    issueId,
    state: 'sold',
    block: '',
    cards: 0,
    ledger: gross + undone,
  }))
  const less = others.map(({ issueId, ledger }): CardCount => ({ issueId, state: 'sold', block: '', cards: 0, ledger: -ledger })) // prettier-ignore
  return summed([...others, ...ordinary, ...less]).filter(({ cards, ledger }) => cards !== 0 || ledger !== 0)
}

/** Marks the counts as unusable until they are recomputed, because a version that does not update them may have run. */
export const forgetCardCounts = ({ db }: Keeper): Promise<void> =>
  db.transaction(async (connection) => {
    await connection.send(setNotCounted)
  })

/** Counts all cards if there are no counts or they are old; otherwise adds the changes since. */
export async function keepCardCounts(office: Keeper, isStopping: () => boolean): Promise<void> {
  const [[since] = []] = await office.db.use((connection) => connection.send(selectIsCounted))
  if (typeof since?.[0] !== 'number' || since[0] > COUNTED_FOR_SECONDS) return countAllCards(office, isStopping)
  while (!isStopping() && (await addMoves(office)) === MOVES);
}

/** @returns how many changes were added to the counts */
const addMoves = ({ db }: Keeper): Promise<number> =>
  db.transaction(async (connection) => {
    const [[locked] = [], rows = []] = await connection.send(`${lockCardCounts};${selectCardMoves(MOVES)}`)
    if (locked === undefined || rows.length === 0) return 0
    await connection.send(addCardCounts(summed(rows.map(([, ...count]) => toCardCount(count)))))
    await connection.send(deleteCardMoves(rows.map(([id]) => Number(id))))
    return rows.length
  })

/**
 * Counts all cards in one snapshot without locks, in lots between which it can be stopped, and deletes the recorded changes that
 * the snapshot contains. Changes that commit later are still recorded, and are added to these counts afterwards.
 */
export const countAllCards = (office: Keeper, isStopping: () => boolean = () => false, lot = LOT): Promise<void> =>
  office.db.use(async (connection) => {
    await connection.send('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    const [[locked] = [], moves = []] = await connection.send(`BEGIN;${lockCardCounts};${selectCardMoveIds}`)
    const counts = locked === undefined ? null : await countsOf(connection, lot, isStopping)
    if (counts === null) {
      await connection.rollback()
      return
    }
    await connection.send(deleteCardCounts)
    if (counts.length > 0) await connection.send(addCardCounts(counts))
    for (let i = 0; i < moves.length; i += MOVES) {
      await connection.send(deleteCardMoves(moves.slice(i, i + MOVES).map(([id]) => Number(id))))
    }
    await connection.send(`${setCounted};COMMIT`)
  })

/** @returns null: it was stopped */
async function countsOf(
  connection: WorkerConnection,
  lot: number,
  isStopping: () => boolean,
): Promise<CardCount[] | null> {
  const rows: Row[] = []
  for (let after = 0; ;) {
    if (isStopping()) return null
    const [[end] = []] = await connection.send(selectEndOfCards(after, lot))
    const until = end === undefined ? null : Number(end[0])
    const [some = []] = await connection.send(countCards(after, until))
    rows.push(...some)
    if (until === null) return summed(rows.map(toCardCount))
    after = until
  }
}

/** Differences between counts and cards, a line each; unusable counts are no fault. */
export async function cardCountFaults(office: Keeper): Promise<string[]> {
  const found = await inSnapshot(office, async (snapshot) => {
    const [[since] = []] = await snapshot.connection.send(selectIsCounted)
    if (typeof since?.[0] !== 'number') return []
    const linesOf = (counts: readonly CardCount[]): ReadonlyMap<string, string> =>
      new Map(counts.filter(({ cards, ledger }) => cards !== 0 || ledger !== 0).map((one) => [nameOf(one), `${one.cards} with ${one.ledger}`])) // prettier-ignore
    const [has, wanted] = [linesOf(await countedStates(snapshot, null)), linesOf(await statesOfAll(snapshot, null))]
    return [...new Set([...wanted.keys(), ...has.keys()])]
      .filter((name) => has.get(name) !== wanted.get(name))
      .map((name) => `cards of issue ${name.trim()}: ${has.get(name) ?? 'none'}, the cards are ${wanted.get(name) ?? 'none'}`)
  }) // prettier-ignore
  return isRefused(found) ? [] : found
}

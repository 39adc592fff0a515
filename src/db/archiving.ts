import { shownNumber } from '../cards/number.ts'
import { spendingOf, type Spent } from '../core/reports/portions.ts'
import type { Fact } from '../core/reports/fact.ts'
import type { Story } from './card-stories.ts'
import type { WorkerConnection } from './connection.ts'
import { cohortFacts } from './reports/cohorts.ts'
import { unfoldedIds } from './reports/folding.ts'
import { addArchivedSums, readFacts, sumsOf } from './reports/sums.ts'
import {
  deleteTransactions,
  type LineColumns,
  lockCards,
  selectColumns,
  selectLinesByIds,
  selectLinesOfCards,
  selectStaying,
  toId,
} from './sql/archive-rows.ts'
import {
  addCohorts,
  addLoads,
  addMoves,
  addSpent,
  addWaits,
  type ArchivedSpent,
  type Move,
} from './sql/archived-figures.ts'
import { countRemoved, insertArchivedCards } from './sql/archives.ts'
import { lockSlices } from './sql/due.ts'
import type { Row } from './sql/row.ts'

export async function lineColumns(connection: WorkerConnection): Promise<LineColumns> {
  const [transaction = [], web = []] = await connection.send(
    `${selectColumns('transactions')};${selectColumns('web_requests')}`,
  )
  return { transaction: transaction.map(([name]) => String(name)), web: web.map(([name]) => String(name)) }
}

/** A transaction as a line of the archive: all columns by name, without NULL ones, bytes as hex. */
export type Line = {
  /** The id of the story; 0: the transaction concerns no card. */
  readonly story: number
  readonly card?: string
  readonly serial?: number
  readonly issue?: string
  readonly transaction: Readonly<Record<string, string | number>>
  readonly web?: Readonly<Record<string, string | number>>
}

const plain = (value: unknown): string | number =>
  Buffer.isBuffer(value) ? value.toString('hex') : typeof value === 'number' ? value : String(value)

const named = (names: readonly string[], values: readonly unknown[]): Record<string, string | number> =>
  Object.fromEntries(
    names.flatMap((name, i) => (values[i] === null || values[i] === undefined ? [] : [[name, plain(values[i])]])),
  )

/** Columns of a line that are about its card. */
const HEAD = 5

function lineOf({ transaction, web }: LineColumns, story: number, row: Row): Line {
  const [cardId, firstSix, lastFour, serial, issue] = row as [
    number | null, string | null, string | null, number | null, string | null,
  ] // prettier-ignore
  const rest = row.slice(HEAD)
  const shop = named(web, rest.slice(transaction.length))
  return {
    story,
    ...(cardId === null || firstSix === null
      ? {}
      : { card: shownNumber(firstSix, lastFour) ?? '', serial: serial ?? 0, issue: issue ?? '' }),
    transaction: named(transaction, rest),
    ...(Object.keys(shop).length === 0 ? {} : { web: shop }),
  }
}

/** All lines of these stories, story after story. */
export async function linesOfStories(
  connection: WorkerConnection,
  columns: LineColumns,
  stories: readonly Story[],
): Promise<Line[]> {
  const storyOf = new Map(stories.flatMap(({ id, cards }) => cards.map((card) => [card, id])))
  const [rows = []] = await connection.send(selectLinesOfCards(columns, [...storyOf.keys()]))
  const lines = rows.map((row) => lineOf(columns, storyOf.get(Number(row[0])) ?? 0, row))
  return lines.toSorted((a, b) => a.story - b.story)
}

export async function linesByIds(
  connection: WorkerConnection,
  columns: LineColumns,
  ids: readonly number[],
): Promise<Line[]> {
  const [rows = []] = await connection.send(selectLinesByIds(columns, ids))
  return rows.map((row) => lineOf(columns, 0, row))
}

export const idOf = ({ transaction }: Line): number => Number(transaction['id'])
export const cardOf = ({ transaction }: Line): number => Number(transaction['card_id'])

/** The lines that are removed in one transaction: whole stories, or transactions without a card. */
export type Lot = { readonly archive: number; readonly lines: readonly Line[] }

/**
 * Removes the transactions of a lot, keeps the figures that reports need, and counts them, in the caller's transaction. A
 * story whose cards have moved since it was written stays in the database.
 *
 * @returns null if another process is updating the derived records
 */
export async function removeLot(connection: WorkerConnection, { archive, lines }: Lot): Promise<number | null> {
  const cards = [...new Set(lines.filter(({ story }) => story !== 0).map(cardOf))].sort((a, b) => a - b)
  const [slices = []] = await connection.send(lockSlices('folding'))
  if (slices.length === 0) return null
  if (cards.length > 0) await connection.send(lockCards(cards))
  const same = await unchanged(connection, lines, cards)
  if (same.length === 0) return 0
  const ids = same.map(idOf)
  await keepFigures(connection, ids)
  const gone = [...new Set(same.filter(({ story }) => story !== 0).map(cardOf))]
  if (gone.length > 0) await connection.send(insertArchivedCards(archive, gone))
  await connection.send(`${deleteTransactions(ids)};${countRemoved(archive, ids.length)}`)
  return ids.length
}

/** The lines of the stories whose rows in the database equal the written lines, without further rows. */
async function unchanged(
  connection: WorkerConnection,
  lines: readonly Line[],
  cards: readonly number[],
): Promise<readonly Line[]> {
  const columns = await lineColumns(connection)
  const cardless = lines.filter(({ story }) => story === 0).map(idOf)
  const [mine = []] = cards.length === 0 ? [] : await connection.send(selectStaying(cards))
  const stays = new Set(mine.map(toId))
  const storyOf = new Map(lines.filter(({ story }) => story !== 0).map((line) => [cardOf(line), line.story]))
  const stories = [...new Set(storyOf.values())].map((id) => ({
    id,
    cards: cards.filter((one) => storyOf.get(one) === id),
  }))
  const now = [
    ...(cards.length === 0 ? [] : await linesOfStories(connection, columns, stories)),
    ...(cardless.length === 0 ? [] : await linesByIds(connection, columns, cardless)),
  ]
  const unfolded = await unfoldedIds(connection)
  const textOf = (line: Line): string => JSON.stringify(line)
  const written = new Map(lines.map((line) => [idOf(line), textOf(line)]))
  const moved = new Set<number>()
  for (const line of now) {
    if (line.story === 0) continue
    if (written.get(idOf(line)) !== textOf(line) || unfolded.has(idOf(line)) || stays.has(cardOf(line)))
      moved.add(line.story)
  }
  const there = new Set(now.map(idOf))
  for (const line of lines) if (line.story !== 0 && !there.has(idOf(line))) moved.add(line.story)
  return now.filter((line) =>
    line.story === 0 ? written.get(idOf(line)) === textOf(line) && !unfolded.has(idOf(line)) : !moved.has(line.story),
  )
}

async function keepFigures(connection: WorkerConnection, ids: readonly number[]): Promise<void> {
  const read = await readFacts(connection, { ids })
  await addArchivedSums(connection, sumsOf(read))
  const moves = movesOf(read.facts)
  const spent = cellsOf(spendingOf(read.facts))
  const cohorts = cohortFacts(read)
  const writes = [
    ...(moves.length === 0 ? [] : [addMoves(moves)]),
    ...(spent.length === 0 ? [] : [addSpent(spent)]),
    addWaits(ids),
    ...(cohorts.length === 0 ? [] : [addCohorts(cohorts)]),
    addLoads(ids),
  ]
  await connection.send(writes.join(';'))
}

/** Each account's gains and losses by day: a day with equal gain and loss has a move of 0. */
export function movesOf(facts: readonly Pick<Fact, 'day' | 'debit' | 'credit' | 'amount'>[]): Move[] {
  const moves = new Map<string, Move>()
  const add = (account: number, day: string, amount: number): void => {
    const key = `${account} ${day}`
    moves.set(key, { account, day, amount: (moves.get(key)?.amount ?? 0) + amount })
  }
  for (const { day, debit, credit, amount } of facts) {
    add(credit, day, amount)
    add(debit, day, -amount)
  }
  return [...moves.values()]
}

function cellsOf(spent: readonly Spent[]): ArchivedSpent[] {
  const cells = new Map<string, ArchivedSpent>()
  for (const { day, originalDay, issueId, currency, origin, spentIn, amount } of spent) {
    const key = [day, originalDay, issueId, currency, origin, spentIn].join('\n')
    const sum = amount + (cells.get(key)?.amount ?? 0)
    cells.set(key, { day, originalDay, issueId, currency, origin, spentIn, amount: sum })
  }
  return [...cells.values()]
}

import type { Issue } from '../../core/issue.ts'
import { isUnsold, type Pack } from '../../core/pack.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { type Employee, type Holder, selectHolders, toHolder } from '../../db/sql/employees.ts'
import { selectPackStates, toPack } from '../../db/sql/packs.ts'
import type { Row } from '../../db/sql/row.ts'
import {
  type CheckedCard,
  selectCheckedCards,
  selectCheckedCardsOfNumbers,
  selectEmployeesWithCards,
  toCheckedCard,
  toEmployeeWithCard,
} from '../../db/sql/welfare-cards.ts'
import {
  type RecentLoad,
  selectCounting,
  selectRecentLoads,
  selectYearSums,
  toRecentLoad,
} from '../../db/sql/welfare-rows.ts'
import { dateIn } from '../clock.ts'
import { dayStart } from '../day-bounds.ts'
import type { Office } from '../office.ts'
import { applyBooked } from './apply-booked.ts'
import type { CheckRun } from './check-run.ts'
import type { ParsedRow } from './parse-row.ts'

/** The parts of an Office that a check uses; `submit` only applies loads that are booked already. */
export type CheckOffice = Pick<Office, 'registry' | 'timeZone' | 'traffic' | 'db' | 'submit' | 'nextId' | 'clock'>

/** The reference data for checking a lot of rows. */
export type CheckContext = {
  readonly issues: ReadonlyMap<number, Issue>
  readonly packs: readonly Pack[]
  /** By the employer's number. */
  readonly employees: ReadonlyMap<string, Employee>
  readonly cards: ReadonlyMap<number, CheckedCard>
  readonly cardsByHash: ReadonlyMap<string, CheckedCard>
  /** Card → holder. */
  readonly holders: ReadonlyMap<number, Holder>
  /** `fundName` → the sum of this year's loads. */
  readonly yearSums: ReadonlyMap<string, YearSum>
  /** `loadName` → a recent batch with the same load. */
  readonly recent: ReadonlyMap<string, RecentLoad & { readonly day: string }>
}

/** The key of a fund: names that differ only in case, accents or blanks are the same fund, with one limit. */
export function fundKey(fund: string): string {
  if (fund !== lastFund.fund) lastFund = { fund, key: plainFund(fund) }
  return lastFund.key
}
/** The latest fund, because most lists have only one. */
let lastFund = { fund: '', key: '' }
const plainFund = (fund: string): string =>
  fund.normalize('NFD').replace(/\p{M}/gu, '').replaceAll(/[łŁ]/gu, 'l').toLowerCase().replace(/\s+/gu, ' ').trim()
export const fundName = (employeeId: number, fund: string): string => `${employeeId} ${fundKey(fund)}`

/** Identifies loads of the same amount to the same employee from the same fund. */
export const loadName = (employeeId: number, fund: string, amount: number): string =>
  `${amount} ${fundName(employeeId, fund)}`

const DOUBLES_WITHIN_MS = 30 * 86_400_000

export async function readContext(
  office: CheckOffice,
  connection: WorkerConnection,
  { employer, batchId, at }: CheckRun,
  rows: readonly ParsedRow[],
): Promise<CheckContext> {
  const { registry, timeZone } = office
  const numbers = [...new Set(rows.map(({ number }) => number).filter((number) => number !== ''))]
  const year = dayStart(`${dateIn(timeZone, at).slice(0, 4)}-01-01`, timeZone)
  const month = at - DOUBLES_WITHIN_MS
  const [counting = [], people = []] =
    numbers.length === 0
      ? []
      : await connection.send(
          `${selectCounting(employer.code, Math.min(year, month), batchId)};${selectEmployeesWithCards(employer.code, numbers)}`,
        )
  const found = people.map(toEmployeeWithCard)
  const employees = found.map(({ employee }) => employee)
  const cards = await readCards(office, connection, rows, found)
  const holders = await readHolders(connection, cards, employees)
  const packs = [...new Set([...cards.values()].flatMap(({ card }) => card.packId ?? []))]
  const [packRows = []] = packs.length === 0 ? [] : await connection.send(selectPackStates(packs))
  const known = employees.map(({ id }) => id)
  const amounts = [...new Set(rows.flatMap(({ amount }) => (amount === null || amount === 0 ? [] : [amount])))]
  const [sums = [], recent = []] =
    known.length === 0 || amounts.length === 0 || counting.length === 0
      ? []
      : await connection.send(
          `${selectYearSums(known, year, batchId)};${selectRecentLoads(known, amounts, month, batchId)}`,
        )
  return {
    issues: registry().issues,
    packs: packRows.map(toPack),
    employees: new Map(employees.map((employee) => [employee.number, employee])),
    cards,
    cardsByHash: new Map([...cards.values()].map((card) => [card.numberHash, card])),
    holders,
    yearSums: yearSumsOf(sums),
    recent: new Map(
      recent
        .map(toRecentLoad)
        .map((load) => [
          loadName(load.employeeId, load.fund, load.amount),
          { ...load, day: dateIn(timeZone, load.at) },
        ]),
    ),
  }
}

type YearSum = { readonly sum: number; readonly used: number }

function yearSumsOf(rows: readonly Row[]): ReadonlyMap<string, YearSum> {
  const sums = new Map<string, YearSum>()
  for (const [id, fund, sum, used] of rows) {
    const name = fundName(Number(id), String(fund))
    const before = sums.get(name) ?? { sum: 0, used: 0 }
    sums.set(name, { sum: before.sum + Number(sum), used: Math.max(before.used, Number(used)) })
  }
  return sums
}

/** The most replacements of a card that are followed. */
const MOST_REPLACED = 20

/** The cards that rows name, the linked ones, and their replacements. */
async function readCards(
  office: CheckOffice,
  connection: WorkerConnection,
  rows: readonly ParsedRow[],
  people: readonly { readonly employee: Employee; readonly card: CheckedCard | null }[],
): Promise<ReadonlyMap<number, CheckedCard>> {
  const cards = new Map<number, CheckedCard>()
  const add = (found: readonly CheckedCard[]): void => found.forEach((card) => cards.set(card.id, card))
  const hashes = rows.flatMap(({ card }) =>
    card.by === 'number'
      ? [card.hashes.numberHash, ...(card.hashes.otherHash === null ? [] : [card.hashes.otherHash])]
      : [],
  )
  add(people.flatMap(({ card }) => card ?? []))
  if (hashes.length > 0) add(((await connection.send(selectCheckedCardsOfNumbers(hashes)))[0] ?? []).map(toCheckedCard))
  let wanted = [
    ...rows.flatMap(({ card }) => (card.by === 'id' ? [card.id] : [])),
    ...[...cards.values()].flatMap(({ card }) => card.replacedBy ?? []),
  ]
  for (let i = 0; i < MOST_REPLACED; i++) {
    const missing = [...new Set(wanted)].filter((id) => !cards.has(id))
    if (missing.length === 0) break
    const found = ((await connection.send(selectCheckedCards(missing)))[0] ?? []).map(toCheckedCard)
    add(found)
    wanted = found.flatMap(({ card }) => card.replacedBy ?? [])
  }
  // Sold by a batch that is booked but not yet applied to its cards.
  const sold = [...cards.values()].flatMap(({ id, card }) => (isUnsold(card) && card.staged > 0 ? [id] : []))
  if (sold.length > 0) {
    await applyBooked(office, sold)
    add(((await connection.send(selectCheckedCards(sold)))[0] ?? []).map(toCheckedCard))
  }
  return cards
}

/** A card has one holder, so only the cards that none of these employees has are looked up. */
async function readHolders(
  connection: WorkerConnection,
  cards: ReadonlyMap<number, CheckedCard>,
  employees: readonly Employee[],
): Promise<ReadonlyMap<number, Holder>> {
  const holders = new Map<number, Holder>()
  for (const { id, employer, number, cardId } of employees) {
    if (cardId !== null) holders.set(cardId, { cardId, id, employer, number })
  }
  const others = [...cards.keys()].filter((id) => !holders.has(id))
  const [found = []] = others.length === 0 ? [] : await connection.send(selectHolders(others))
  for (const holder of found.map(toHolder)) holders.set(holder.cardId, holder)
  return holders
}

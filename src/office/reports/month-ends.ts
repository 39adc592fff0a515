import type { WorkerConnection } from '../../db/connection.ts'
import { salesUntil } from '../../db/reports/sales-until.ts'
import {
  addDays,
  AGES_BY,
  beginMonthEnd,
  carryCards,
  clearMonthCards,
  clearMonthSums,
  dropEmptyCards,
  endMonth,
  keepSummed,
  lockMonthEnd,
  type MonthEnd,
  type MonthState,
  moveMonthEnd,
  restartMonths,
  selectEndOfCards,
  selectFirstDay,
  selectMonthEnd,
  selectMonthEnds,
  selectNextDays,
  selectOtherSales,
  selectSoldAfter,
  selectWrongCards,
  selectWrongSums,
  setSale,
  sumUp,
  toMonthEnd,
} from '../../db/sql/month-ends.ts'
import { type Keeper, lastDayOver } from './kept-figures.ts'
import { monthEnd } from './spans.ts'

/** Rows of one database transaction, which takes a second or two. */
const LOT = 20_000

const nextMonth = (end: string): string => monthEnd(new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10))
const monthBefore = (end: string): string => new Date(Date.parse(`${end.slice(0, 7)}-01`) - 86_400_000).toISOString().slice(0, 10) // prettier-ignore

/** The ends of all months that are over, the oldest first, with what is written of them. */
export async function monthEnds(office: Keeper): Promise<{ month: string; written: MonthEnd | null }[]> {
  const [[first] = [], rows = []] = await office.db.use((connection) =>
    connection.send(`${selectFirstDay};${selectMonthEnds}`),
  )
  if (typeof first?.[0] !== 'string') return []
  const written = new Map(rows.map(toMonthEnd).map((each) => [each.monthEnd, each]))
  const ends = []
  for (let month = monthEnd(first[0]); month <= lastDayOver(office); month = nextMonth(month)) {
    ends.push({ month, written: written.get(month) ?? null })
  }
  return ends
}

export const isWhole = ({ state, transfers, transfersNow }: MonthEnd): boolean =>
  state === 'written' && transfers === transfersNow

/** The first month's end that is not written, or whose days have changed since it was. */
export async function monthEndToWrite(office: Keeper): Promise<string | null> {
  const ends = await monthEnds(office)
  return ends.find(({ written }) => written === null || !isWhole(written))?.month ?? null
}

/**
 * Does a piece of the work on a month's end, in one database transaction under the lock of its row, so that any process can
 * continue from there, also after a kill. The end of the previous month must be complete.
 *
 * @param lot rows of a piece
 * @returns `busy`: another process works on it; `late`: something was booked on its days meanwhile, so it starts again
 */
export async function writeMonthEnd(
  office: Keeper,
  month: string,
  lot = LOT,
): Promise<'more' | 'written' | 'late' | 'busy'> {
  const [[first] = []] = await office.db.use((connection) => connection.send(selectFirstDay))
  const before = typeof first?.[0] === 'string' && first[0] < `${month.slice(0, 7)}-01` ? monthBefore(month) : null
  return office.db.use(async (connection) => {
    // It reads without locks, so payments do not wait for it.
    await connection.send('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
    await connection.send('BEGIN')
    const [[locked] = [], [row] = []] = await connection.send(`${lockMonthEnd(month)};${selectMonthEnd(month)}`)
    if (locked === undefined && row !== undefined) {
      await connection.rollback()
      return 'busy'
    }
    const there = row === undefined ? null : toMonthEnd(row)
    if (there === null || there.state === 'written') {
      if (there === null || !isWhole(there)) await connection.send(beginMonthEnd(month))
      await connection.send('COMMIT')
      return there !== null && isWhole(there) ? 'written' : 'more'
    }
    const done = await PIECES[there.state](connection, there, { before, lot })
    await connection.send('COMMIT')
    return done
  })
}

/** Works on the ends of months until all are complete, or another process works on them. */
export async function writeMonthEnds(
  office: Keeper,
  rested: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  isStopping: () => boolean = () => false,
): Promise<void> {
  for (;;) {
    const month = await monthEndToWrite(office)
    if (month === null) return
    for (let done: Awaited<ReturnType<typeof writeMonthEnd>> = 'more'; done === 'more';) {
      if (isStopping()) return
      done = await rested(() => writeMonthEnd(office, month))
      if (done === 'busy' || done === 'late') return
    }
  }
}

/** The first month's end to be computed again, with all after it. */
export const restartMonthEnds = (office: Keeper, month: string): Promise<unknown> =>
  office.db.use((connection) => connection.send(restartMonths(month)))

type Piece = (
  connection: WorkerConnection,
  there: MonthEnd,
  how: { readonly before: string | null; readonly lot: number },
) => Promise<'more' | 'written' | 'late'>

const PIECES: Readonly<Record<Exclude<MonthState, 'written'>, Piece>> = {
  async clearing(connection, { monthEnd: month, transfersNow }, { lot }) {
    for (const clear of [clearMonthCards, clearMonthSums]) {
      const [[deleted] = []] = await connection.send(clear(month, lot))
      if (Number(deleted?.[0]) === lot) return 'more'
    }
    await connection.send(moveMonthEnd(month, { state: 'carrying', transfers: transfersNow, carried: 0 }))
    return 'more'
  },
  async carrying(connection, { monthEnd: month, carried }, { before, lot }) {
    const next = { state: 'adding', added: before } as const
    if (before === null) {
      await connection.send(moveMonthEnd(month, next))
      return 'more'
    }
    const [[end] = []] = await connection.send(selectEndOfCards(before, carried, lot))
    const until = end === undefined ? null : Number(end[0])
    await connection.send(carryCards(before, month, carried, until))
    await connection.send(moveMonthEnd(month, until === null ? next : { carried: until }))
    return 'more'
  },
  async adding(connection, { monthEnd: month, added }, { lot }) {
    const [days = []] = await connection.send(selectNextDays(added, month))
    let [until, transfers]: [string | null, number] = [null, 0]
    for (const [day, count] of days) {
      transfers += Number(count)
      if (until !== null && transfers > lot) break
      until = String(day)
    }
    if (until === null) {
      await connection.send(moveMonthEnd(month, { state: 'summing' }))
      return 'more'
    }
    await connection.send(addDays(month, added, until))
    await connection.send(moveMonthEnd(month, { added: until }))
    return 'more'
  },
  async summing(connection, { monthEnd: month, transfers, transfersNow, summed }, { lot }) {
    if (transfers !== transfersNow || summed === 'unclear') {
      await connection.send(beginMonthEnd(month))
      return 'late'
    }
    const after = summed ?? 0
    const [[end] = []] = await connection.send(selectEndOfCards(month, after, lot))
    const range = { month, after, until: end === undefined ? null : Number(end[0]) }
    await connection.send(dropEmptyCards(range))
    const [again = []] = await connection.send(selectSoldAfter(range))
    const sales = await salesUntil(connection, again.map(([card]) => Number(card)), month) // prettier-ignore
    for (const { cardId, soldIn, soldOn } of sales.values())
      await connection.send(setSale(month, cardId, soldIn, soldOn))
    for (const by of AGES_BY) await connection.send(sumUp(range, by))
    if (range.until === null) {
      await connection.send(endMonth(month, transfers))
      return 'written'
    }
    await connection.send(keepSummed(month, transfers, range.until))
    return 'more'
  },
}

/** Cards compared at a time. */
const PROVEN_AT_ONCE = 300_000

/**
 * Proves the ends of months: each from the one before it and the transfers since, and its sums from its cards. Months that are
 * not whole are no fault: they are not used, and made by the job.
 *
 * @returns what is wrong, a line each, and the first month that is
 */
export async function verifyMonthEnds(
  office: Keeper,
): Promise<{ readonly proven: number; readonly faults: readonly string[]; readonly wrong: string | null }> {
  const ends = (await monthEnds(office)).map(({ written }) => written)
  const whole = ends.slice(0, ends.findIndex((each) => each === null || !isWhole(each)) >>> 0)
  const faults: string[] = []
  let wrong: string | null = null
  let before: string | null = null
  for (const { monthEnd: month } of whole.flatMap((each) => each ?? [])) {
    const found = await office.db.use((connection) => faultsOf(connection, before, month))
    if (found.length > 0) wrong ??= month
    faults.push(...found)
    before = month
  }
  return { proven: whole.length, faults, wrong }
}

async function faultsOf(connection: WorkerConnection, before: string | null, month: string): Promise<string[]> {
  const faults: string[] = []
  for (let after = 0; ;) {
    const [[end] = []] = await connection.send(selectEndOfCards(month, after, PROVEN_AT_ONCE))
    const until = end === undefined ? null : Number(end[0])
    const [rows = []] = await connection.send(selectWrongCards(before, month, after, until))
    for (const row of rows) {
      const [card, has, wanted, hasMoved, moved] = row.map(String).map((text) => (text === 'null' ? 'no day' : text))
      faults.push(`month end ${month} card ${card}: ${has} moved on ${hasMoved}, the transactions give ${wanted} moved on ${moved}`) // prettier-ignore
    }
    faults.push(...(await saleFaults(connection, month, after, until)))
    if (until === null) break
    after = until
  }
  for (const by of AGES_BY) {
    const [rows = []] = await connection.send(selectWrongSums(month, by))
    for (const row of rows) {
      const [issue, store, since, ledger, cards] = row.map(String)
      faults.push(`month end ${month} by ${by} issue ${issue} sold in ${store} since ${since}: its cards give ${ledger} on ${cards} cards more`) // prettier-ignore
    }
  }
  return faults
}

/** Sales compared at a time. */
const SALES_AT_ONCE = 1_000
const MOST_SALE_FAULTS = 100

/** Cards between two ids for which a month's end has another sale than the one that was valid at that time. */
async function saleFaults(
  connection: WorkerConnection,
  month: string,
  after: number,
  until: number | null,
): Promise<string[]> {
  const faults: string[] = []
  for (let last = after; faults.length < MOST_SALE_FAULTS;) {
    const [rows = []] = await connection.send(selectOtherSales(month, last, until, SALES_AT_ONCE))
    const said = rows.map(([card, soldIn, soldOn]) => ({ card: Number(card), sale: `${String(soldIn)} on ${String(soldOn)}` })) // prettier-ignore
    const sales = await salesUntil(connection, said.map(({ card }) => card), month) // prettier-ignore
    for (const { card, sale } of said) {
      const wanted = sales.get(card)
      // A card without a sale in the transactions was sold before the installation kept any, or is archived.
      if (wanted === undefined || sale === `${wanted.soldIn} on ${wanted.soldOn}`) continue
      faults.push(`month end ${month} card ${card}: sold in ${sale}, the transactions give ${wanted.soldIn} on ${wanted.soldOn}`) // prettier-ignore
    }
    if (said.length < SALES_AT_ONCE) break
    last = said.at(-1)?.card ?? last
  }
  return faults.slice(0, MOST_SALE_FAULTS)
}

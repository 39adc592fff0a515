/** Compares the stored sums of reports with the transactions, and repairs them. */

import type { WorkerConnection } from '../../db/connection.ts'
import { rebuildDay, unfoldedIds } from '../../db/reports/folding.ts'
import { addingSums, readFacts, readSums, sumsOf, type Sums } from '../../db/reports/sums.ts'
import { selectArchivedSalesAfter, toArchivedSale } from '../../db/sql/archives.ts'
import { selectEndOfLot, selectLastId } from '../../db/sql/backfills.ts'
import { type CardSale, deleteSales, selectSalesAfter, toSale, upsertSales } from '../../db/sql/report-facts.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { mendKept, verifyKept } from './kept-verification.ts'
import { inSnapshot } from './snapshot.ts'

export type SumsReport = {
  /** Days and ends of months of which more is kept than sums, and was proven. */
  readonly kept: { readonly days: number; readonly monthEnds: number; readonly cardDays: number }
  readonly days: number
  readonly transfers: number
  /** Differences between sums and transactions, one line each, by day; at most 100. */
  readonly faults: readonly string[]
  /** Days with a difference. */
  readonly wrongDays: readonly string[]
  readonly wrongSales: readonly WrongSale[]
  /** Cards and days that were recomputed. */
  readonly mended: readonly string[]
}

/** A card whose recorded latest sale differs from the transactions; null: it has none. */
type WrongSale = { readonly cardId: number; readonly said: string; readonly right: CardSale | null }

const MOST_FAULTS = 100

/** Transactions read at a time. */
const LOT = 5_000

/** Proves the sums of reports from the transactions, and then what is kept beside them, beside running traffic. */
export async function verifySums(office: Office, actor: Actor): Promise<SumsReport | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  const found = await sumsProven(office)
  if (isRefused(found)) return found
  const { days, monthEnds, cardDays, faults } = await verifyKept(office)
  return { ...found, kept: { days, monthEnds, cardDays }, faults: [...found.faults, ...faults].slice(0, MOST_FAULTS) }
}

/**
 * All sums in one snapshot. They are compared once it is closed: with some hundred thousand of them that takes seconds, and the
 * server ends a transaction in which nothing is asked for `IDLE_TRANSACTION_SECONDS`.
 */
async function sumsProven(office: Office): Promise<Omit<SumsReport, 'kept'> | Refused> {
  const read = await inSnapshot(office, async ({ connection }) => {
    const told = await fromTransactions(connection)
    const wrongSales = await wrongSalesOf(connection, told.sales)
    return { ...told, wrongSales, kept: await readSums(connection, 'report') }
  })
  if (isRefused(read)) return read
  const { sums, transfers, wrongSales } = read
  const stored = byDay(read.kept)
  const wanted = byDay(sums.all())
  const all = [...new Set([...wanted.keys(), ...stored.keys()])].sort()
  const faults = wrongSales.map(({ cardId, said }) => `the sale of card ${cardId} is kept as ${said}`)
  const wrongDays: string[] = []
  for (const day of all) {
    const found = differences(day, wanted.get(day) ?? new Map(), stored.get(day) ?? new Map())
    if (found.length > 0) wrongDays.push(day)
    faults.push(...found)
  }
  return { days: all.length, transfers, faults: faults.slice(0, MOST_FAULTS), wrongDays, wrongSales, mended: [] }
}

/**
 * The sums of everything that is folded, and the latest sale of each card, from the transactions alone; of those that are
 * archived, what was kept when they went, which `akart archive verify` proves from the files.
 */
async function fromTransactions(connection: WorkerConnection) {
  const unfolded = await unfoldedIds(connection)
  const [[end] = []] = await connection.send(selectLastId)
  const until = Number(end?.[0] ?? 0) + 1
  const sales = new Map<number, CardSale>()
  const sums = addingSums()
  let transfers = 0
  for (let from = 0; from < until;) {
    const [[lot] = []] = await connection.send(selectEndOfLot(from, until, LOT))
    const next = lot === undefined ? until : Number(lot[0])
    const read = await readFacts(connection, { from, until: next })
    const isFolded = ({ id }: { readonly id: number }): boolean => !unfolded.has(id)
    const folded = { ...read, facts: read.facts.filter(isFolded), declines: read.declines.filter(isFolded) }
    transfers += folded.facts.length
    sums.add(sumsOf(folded))
    for (const sale of read.sales.added) {
      const known = sales.get(sale.cardId)
      if (!unfolded.has(sale.transactionId) && (known === undefined || isLater(sale, known))) {
        sales.set(sale.cardId, sale)
      }
    }
    from = next
  }
  sums.add(await readSums(connection, 'archived'))
  await addArchivedSales(connection, sales)
  return { sums, sales, transfers }
}

async function addArchivedSales(connection: WorkerConnection, sales: Map<number, CardSale>): Promise<void> {
  for (let [card, archive] = [0, 0]; ;) {
    const [rows = []] = await connection.send(selectArchivedSalesAfter(card, archive, LOT))
    for (const row of rows) {
      const sale = toArchivedSale(row)
      const known = sales.get(sale.cardId)
      if (known === undefined || isLater(sale, known)) sales.set(sale.cardId, sale)
      ;[card, archive] = [sale.cardId, Number(row[5])]
    }
    if (rows.length < LOT) return
  }
}

const isLater = (a: CardSale, b: CardSale): boolean =>
  a.seq > b.seq || (a.seq === b.seq && a.transactionId > b.transactionId)

async function wrongSalesOf(connection: WorkerConnection, sales: ReadonlyMap<number, CardSale>) {
  const wrong: WrongSale[] = []
  const seen = new Set<number>()
  for (let after = 0; ;) {
    const [rows = []] = await connection.send(selectSalesAfter(after, LOT))
    for (const kept of rows.map(toSale)) {
      const right = sales.get(kept.cardId)
      seen.add(kept.cardId)
      after = kept.cardId
      if (right === undefined || saleText(right) !== saleText(kept)) {
        wrong.push({ cardId: kept.cardId, said: saleText(kept), right: right ?? null })
      }
    }
    if (rows.length < LOT) break
  }
  for (const right of sales.values()) {
    if (!seen.has(right.cardId)) wrong.push({ cardId: right.cardId, said: 'nothing', right })
  }
  return wrong
}

const saleText = ({ transactionId, seq, soldIn, soldOn }: CardSale): string =>
  `${transactionId} at ${seq} in ${soldIn} on ${soldOn}`

/** Recomputes wrong sums from the transactions: sales first, because the sums depend on them. */
export async function verifyAndMend(office: Office, actor: Actor): Promise<SumsReport | Refused> {
  const no = mayDo(actor, 'reports.inputs')
  if (no !== null) return no
  const first = await sumsProven(office)
  if (isRefused(first)) return first
  for (let i = 0; i < first.wrongSales.length; i += LOT) {
    const lot = first.wrongSales.slice(i, i + LOT)
    const right = lot.flatMap((wrong) => wrong.right ?? [])
    await office.db.transaction(async (connection) => {
      await connection.send(deleteSales(lot.map(({ cardId }) => cardId)))
      if (right.length > 0) await connection.send(upsertSales(right))
    })
  }
  const found = first.wrongSales.length === 0 ? first : await sumsProven(office)
  if (isRefused(found)) return found
  for (const day of found.wrongDays) {
    const isMended = await office.db.use((connection) => rebuildDay(connection, day))
    if (!isMended) return refused('folding_busy')
  }
  const kept = await mendKept(office, await verifyKept(office))
  const after = await verifySums(office, actor)
  const mended = [...first.wrongSales.map(({ cardId }) => `card ${cardId}`), ...found.wrongDays, ...kept]
  return isRefused(after) ? after : { ...after, mended }
}

type Lines = ReadonlyMap<string, string>

/** Each sum as a line: its key and its value. */
function linesOf({ activity, balances, declines, days }: Sums): Map<string, string> {
  return new Map([
    ...activity
      .filter(isSomething)
      .map((s): [string, string] => [
        `activity ${s.store} issue ${s.issueId} ${s.operation} ${s.channel} ${s.currency} of ${s.originalDay}`,
        `${s.count} ${s.amount} undone ${s.undoneCount} ${s.undoneAmount}`,
      ]),
    ...balances
      .filter(({ gross, undone }) => gross !== 0 || undone !== 0)
      .map((s): [string, string] => [
        `balances issue ${s.issueId} sold in ${s.soldIn} ${s.operation}`,
        `${s.gross} undone ${s.undone}`,
      ]),
    ...declines.map((s): [string, string] => [`declines ${s.store} ${s.terminal} ${s.reason}`, String(s.count)]),
    ...days.map((s): [string, string] => ['transfers', `${s.transfers} of ${s.amount}`]),
  ])
}

const isSomething = ({ count, amount, undoneCount, undoneAmount }: Sums['activity'][number]): boolean =>
  count !== 0 || amount !== 0 || undoneCount !== 0 || undoneAmount !== 0

function byDay(sums: Sums): Map<string, Lines> {
  const days = new Set([...sums.activity, ...sums.balances, ...sums.declines, ...sums.days].map(({ day }) => day))
  const groups = new Map<string, { -readonly [name in keyof Sums]: Sums[name][number][] }>()
  for (const day of days) groups.set(day, { activity: [], balances: [], declines: [], days: [] })
  for (const sum of sums.activity) groups.get(sum.day)?.activity.push(sum)
  for (const sum of sums.balances) groups.get(sum.day)?.balances.push(sum)
  for (const sum of sums.declines) groups.get(sum.day)?.declines.push(sum)
  for (const sum of sums.days) groups.get(sum.day)?.days.push(sum)
  return new Map([...groups].map(([day, group]) => [day, linesOf(group)]))
}

function differences(day: string, wanted: Lines, stored: Lines): string[] {
  return [...new Set([...wanted.keys(), ...stored.keys()])]
    .filter((what) => wanted.get(what) !== stored.get(what))
    .map(
      (what) =>
        `${day} ${what}: ${stored.get(what) ?? 'nothing'}, the transactions give ${wanted.get(what) ?? 'nothing'}`,
    )
}

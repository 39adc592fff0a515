import type { WorkerConnection } from '../../db/connection.ts'
import {
  selectSettlement,
  selectSettlementLines,
  selectSettlementMatrix,
  selectSettlementNumbered,
  selectSettlements,
  selectSettlementsOf,
  selectSettlementSeen,
  selectSettlementStores,
  type SettlementRow,
  toCell,
  toLine,
  toSettlement,
} from '../../db/sql/settlements.ts'
import type { Row } from '../../db/sql/row.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDoAnywhere, storesOf } from '../rights.ts'
import { digestOf, type Settlement } from './figures.ts'
import { type LateRow, lateRows } from './late.ts'

/** Settlements of the list: eighty years of months. */
const MOST = 1_000

/** A settlement in a list; its matrix is read only on demand. */
export type ListedSettlement = Omit<Settlement, 'matrix' | 'seen'> & Partial<Pick<Settlement, 'matrix' | 'seen'>>

async function withLines(connection: WorkerConnection, heads: readonly SettlementRow[]) {
  const ids = heads.map(({ id }) => id)
  const [stores = [], lines = []] = await connection.send(
    `${selectSettlementStores(ids)};${selectSettlementLines(ids)}`,
  )
  const [storesOf, linesOf] = [bySettlement(stores), bySettlement(lines)]
  return heads.map((head) => ({
    ...head,
    stores: (storesOf.get(head.id) ?? []).map(([, store]) => String(store)),
    lines: (linesOf.get(head.id) ?? []).map(toLine),
  }))
}

async function readSettlements(connection: WorkerConnection, heads: readonly SettlementRow[]): Promise<Settlement[]> {
  const ids = heads.map(({ id }) => id)
  const listed = await withLines(connection, heads)
  const [matrix = [], seen = []] = await connection.send(`${selectSettlementMatrix(ids)};${selectSettlementSeen(ids)}`)
  const [matrixOf, seenOf] = [bySettlement(matrix), bySettlement(seen)]
  return listed.map((one) => ({
    ...one,
    matrix: (matrixOf.get(one.id) ?? []).map(toCell),
    seen: new Map((seenOf.get(one.id) ?? []).map(([, of, transfers]) => [Number(of), Number(transfers)])),
  }))
}

/** All settlements of one of these stores, the newest first, except refused ones. */
export async function settlementsOf(connection: WorkerConnection, stores: readonly string[]): Promise<Settlement[]> {
  const [rows = []] = await connection.send(selectSettlementsOf(stores))
  return readSettlements(connection, rows.map(toSettlement))
}

function bySettlement(rows: readonly Row[]): Map<number, Row[]> {
  const of = new Map<number, Row[]>()
  for (const row of rows) {
    const known = of.get(Number(row[0]))
    if (known === undefined) of.set(Number(row[0]), [row])
    else known.push(row)
  }
  return of
}

/** One settlement; refused if its stored figures were changed afterwards. */
export async function settlementWith(connection: WorkerConnection, id: number): Promise<Settlement | Refused> {
  const [[row] = []] = await connection.send(selectSettlement(id))
  return row === undefined ? refused('no_such_settlement', { settlement: id }) : complete(connection, toSettlement(row))
}

async function complete(connection: WorkerConnection, head: SettlementRow): Promise<Settlement | Refused> {
  const [settlement] = await readSettlements(connection, [head])
  if (settlement === undefined) return refused('no_such_settlement', { settlement: head.id })
  return digestOf(settlement, settlement) === head.digest ? settlement : refused('settlement_altered')
}

/** The newest first. */
export async function listSettlements(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
  { withMatrix = false }: { readonly withMatrix?: boolean } = {},
): Promise<readonly ListedSettlement[] | Refused> {
  const no = mayDoAnywhere(actor, 'reports.see')
  if (no !== null) return no
  const all = await db.use(async (connection) => {
    const [rows = []] = await connection.send(selectSettlements(MOST))
    const heads = rows.map(toSettlement)
    return withMatrix ? readSettlements(connection, heads) : withLines(connection, heads)
  })
  return all.flatMap((settlement) => visibleTo(actor, settlement) ?? [])
}

/** A person limited to own stores sees only their part; null: none. */
function visibleTo<S extends ListedSettlement>(actor: Actor, settlement: S): S | null {
  const mine = storesOf(actor, 'reports.see')
  if (mine === 'all') return settlement
  const stores = settlement.stores.filter((store) => mine.has(store))
  if (stores.length === 0) return null
  const { lines, matrix } = settlement
  return {
    ...settlement,
    stores,
    lines: lines.filter(({ store }) => mine.has(store)),
    ...(matrix === undefined ? {} : { matrix: matrix.filter(({ spentIn }) => mine.has(spentIn)) }),
  }
}

export type SettlementPage = {
  readonly settlement: Settlement
  /** Numbers of the settlements that its lines name, by their ids. */
  readonly numbers: ReadonlyMap<number, number>
  /** The transactions of its late lines. */
  readonly late: readonly LateRow[]
}

/** One settlement, by its number once it is closed, or by its id. */
export async function showSettlement(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
  input: { readonly number: number } | { readonly id: number },
): Promise<SettlementPage | Refused> {
  const no = mayDoAnywhere(actor, 'reports.see')
  if (no !== null) return no
  return db.use(async (connection) => {
    const [[row] = []] = await connection.send(
      'id' in input ? selectSettlement(input.id) : selectSettlementNumbered(input.number),
    )
    if (row === undefined) {
      return refused('no_such_settlement', { settlement: 'id' in input ? input.id : input.number })
    }
    const whole = await complete(connection, toSettlement(row))
    if (isRefused(whole)) return whole
    const settlement = visibleTo(actor, whole)
    if (settlement === null) return refused('no_such_settlement', { settlement: whole.id })
    const named = [...new Set(settlement.lines.flatMap(({ corrects }) => (corrects === 0 ? [] : [corrects])))]
    const corrected = new Map<number, SettlementRow>()
    for (const id of named) {
      const [[other] = []] = await connection.send(selectSettlement(id))
      if (other !== undefined) corrected.set(id, toSettlement(other))
    }
    const numbers = new Map([...corrected].map(([id, { number }]) => [id, number ?? 0]))
    return { settlement, numbers, late: await lateRows(connection, settlement, corrected) }
  })
}

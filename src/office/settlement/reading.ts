import type { WorkerConnection } from '../../db/connection.ts'
import {
  selectSettlement,
  selectSettlementLines,
  selectSettlementMatrix,
  selectSettlementNumbered,
  selectSettlements,
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

/** Settlements that are read at once: eighty years of months. */
const MOST = 1_000

/** All that were not refused, the newest first, or some. */
export async function readSettlements(
  connection: WorkerConnection,
  heads: readonly SettlementRow[] | null,
): Promise<Settlement[]> {
  const ids = heads === null ? null : heads.map(({ id }) => id)
  const [rows = [], stores = [], lines = [], matrix = [], seen = []] = await connection.send(
    [
      selectSettlements(MOST),
      selectSettlementStores(ids),
      selectSettlementLines(ids),
      selectSettlementMatrix(ids),
      selectSettlementSeen,
    ].join(';'),
  )
  const [storesOf, linesOf, matrixOf, seenOf] = [stores, lines, matrix, seen].map(bySettlement)
  return (heads ?? rows.map(toSettlement)).map((head) => ({
    ...head,
    stores: (storesOf?.get(head.id) ?? []).map(([, store]) => String(store)),
    lines: (linesOf?.get(head.id) ?? []).map(toLine),
    matrix: (matrixOf?.get(head.id) ?? []).map(toCell),
    seen: new Map((seenOf?.get(head.id) ?? []).map(([, of, transfers]) => [Number(of), Number(transfers)])),
  }))
}

function bySettlement(rows: readonly Row[]): Map<number, Row[]> {
  const of = new Map<number, Row[]>()
  for (const row of rows) of.set(Number(row[0]), [...(of.get(Number(row[0])) ?? []), row])
  return of
}

/** One of them; refused where its figures are not those that it was made of. */
export async function settlementWith(connection: WorkerConnection, id: number): Promise<Settlement | Refused> {
  const [[row] = []] = await connection.send(selectSettlement(id))
  return row === undefined ? refused('no_such_settlement', { settlement: id }) : complete(connection, toSettlement(row))
}

async function complete(connection: WorkerConnection, head: SettlementRow): Promise<Settlement | Refused> {
  const [settlement] = await readSettlements(connection, [head])
  if (settlement === undefined) return refused('no_such_settlement', { settlement: head.id })
  return digestOf(settlement, settlement) === head.digest ? settlement : refused('settlement_altered')
}

export async function listSettlements(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
): Promise<readonly Settlement[] | Refused> {
  const no = mayDoAnywhere(actor, 'reports.see')
  if (no !== null) return no
  const all = await db.use((connection) => readSettlements(connection, null))
  return all.flatMap((settlement) => visibleTo(actor, settlement) ?? [])
}

/** Whoever sees only own stores sees what is theirs of it; null: nothing is. */
function visibleTo(actor: Actor, settlement: Settlement): Settlement | null {
  const mine = storesOf(actor, 'reports.see')
  if (mine === 'all') return settlement
  const stores = settlement.stores.filter((store) => mine.has(store))
  if (stores.length === 0) return null
  return {
    ...settlement,
    stores,
    lines: settlement.lines.filter(({ store }) => mine.has(store)),
    matrix: settlement.matrix.filter(({ spentIn }) => mine.has(spentIn)),
  }
}

export type SettlementPage = {
  readonly settlement: Settlement
  /** Numbers of the settlements that its lines name, by their ids. */
  readonly numbers: ReadonlyMap<number, number>
}

/** One settlement, by its number once it is closed, or by its id. */
export async function showSettlement(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
  wish: { readonly number: number } | { readonly id: number },
): Promise<SettlementPage | Refused> {
  const no = mayDoAnywhere(actor, 'reports.see')
  if (no !== null) return no
  return db.use(async (connection) => {
    const [[row] = []] = await connection.send(
      'id' in wish ? selectSettlement(wish.id) : selectSettlementNumbered(wish.number),
    )
    if (row === undefined) {
      return refused('no_such_settlement', { settlement: 'id' in wish ? wish.id : wish.number })
    }
    const whole = await complete(connection, toSettlement(row))
    if (isRefused(whole)) return whole
    const settlement = visibleTo(actor, whole)
    if (settlement === null) return refused('no_such_settlement', { settlement: whole.id })
    const named = [...new Set(settlement.lines.flatMap(({ of }) => (of === 0 ? [] : [of])))]
    const numbers = new Map<number, number>()
    for (const id of named) {
      const [[other] = []] = await connection.send(selectSettlement(id))
      if (other !== undefined) numbers.set(id, toSettlement(other).number ?? 0)
    }
    return { settlement, numbers }
  })
}

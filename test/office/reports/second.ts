import type { RowDataPacket } from 'mysql2/promise'
import type { EngineSetting } from '../../engine/engine-setting.ts'

/**
 * The figures of reports computed a second way: row by row in memory, from the journal's own columns, without the SQL
 * and the sums of the reports.
 */

export type Row = {
  readonly id: number
  readonly day: string
  readonly role: string
  readonly operation: string
  readonly store: string
  readonly channel: string
  readonly card: number | null
  readonly seq: number
  readonly debit: number
  readonly credit: number
  readonly amount: number
  readonly original: number | null
  readonly state: string
  readonly result: string
  readonly terminal: string
  readonly asked: string
}

export type Books = {
  readonly rows: readonly Row[]
  readonly byId: ReadonlyMap<number, Row>
  readonly issueOf: ReadonlyMap<number, string>
}

export async function readBooks({ connection }: EngineSetting): Promise<Books> {
  const [accounts] = await connection.query<RowDataPacket[]>('SELECT id, owner FROM accounts')
  const owners = new Map(accounts.map(({ id, owner }) => [Number(id), String(owner)]))
  const [all] = await connection.query<RowDataPacket[]>('SELECT * FROM transactions')
  const rows = all.map((t): Row => {
    const [debit, credit] = [Number(t['debit_account']), Number(t['credit_account'])]
    return {
      id: Number(t['id']),
      day: String(t['business_date']),
      role: String(t['role']),
      operation: String(t['operation']),
      store: owners.get(Math.min(debit, credit)) ?? String(t['store_code']),
      channel: String(t['channel']),
      card: t['card_id'] === null ? null : Number(t['card_id']),
      seq: Number(t['card_seq'] ?? 0),
      debit,
      credit,
      amount: Number(t['amount']),
      original: t['original_id'] === null ? null : Number(t['original_id']),
      state: String(t['state']),
      result: String(t['result']),
      terminal: String(t['terminal_code']),
      asked: String(t['store_code']),
    }
  })
  const [cards] = await connection.query<RowDataPacket[]>(
    'SELECT c.id, i.code FROM cards c JOIN issues i ON i.id = c.issue_id',
  )
  return {
    rows,
    byId: new Map(rows.map((row) => [row.id, row])),
    issueOf: new Map(cards.map(({ id, code }) => [Number(id), String(code)])),
  }
}

const plus = (sums: Map<string, number[]>, key: string, values: readonly number[]): void => {
  const before = sums.get(key) ?? values.map(() => 0)
  sums.set(
    key,
    before.map((value, i) => value + (values[i] ?? 0)),
  )
}

const ACTIVE = new Set(['sale', 'payment', 'top_up', 'refund', 'cash_out'])

/** `day store issue channel operation` → count, amount, undone count, undone amount. */
export function activity({ rows, byId, issueOf }: Books): Map<string, number[]> {
  const sums = new Map<string, number[]>()
  for (const row of rows) {
    if (row.amount === 0 || row.card === null || !ACTIVE.has(row.operation)) continue
    const key = [row.day, row.store, issueOf.get(row.card), row.channel, row.operation].join(' ')
    const isUndoing = row.role === 'cancels' || row.role === 'reverses'
    const undoesUndoing = isUndoing && byId.get(row.original ?? 0)?.role === 'cancels'
    if (!isUndoing) plus(sums, key, [1, row.amount, 0, 0])
    else if (undoesUndoing) plus(sums, key, [0, 0, -1, -row.amount])
    else plus(sums, key, [0, 0, 1, row.amount])
  }
  return sums
}

/**
 * Where each row's card was sold as of it: cards of these histories are sold by a sale or by a refund. The sale stands
 * until it is undone with nothing else on the card; what puts money on a card whose sale stands is none.
 */
function soldIn({ rows, byId }: Books): (row: Row) => string {
  const places = new Map<number, string>()
  const histories = new Map<number, Row[]>()
  for (const row of rows) {
    if (row.card !== null && row.amount > 0) histories.set(row.card, [...(histories.get(row.card) ?? []), row])
  }
  const of = (id: number | null): Row | undefined => byId.get(id ?? 0)
  /** The booking that an undoing takes back; the one that it restores, where it undoes a cancellation. */
  const undone = ({ role, original }: Row): { readonly taken?: number; readonly restored?: number } => {
    const about = of(original)
    if (role === 'rebooks') return about?.role === 'cancels' ? { taken: about.original ?? 0 } : {}
    if (role !== 'cancels' && role !== 'reverses') return {}
    return about?.role === 'cancels' ? { restored: about.original ?? 0 } : { taken: original ?? 0 }
  }
  for (const history of histories.values()) {
    let standing: Row | null = null
    let last: Row | null = null
    let balance = 0
    for (const row of history.sort((a, b) => a.seq - b.seq || a.id - b.id)) {
      const { taken, restored } = undone(row)
      const sells: boolean = row.operation === 'sale' || row.operation === 'refund'
      balance += row.credit === row.card ? row.amount : -row.amount
      if (balance === 0 && standing !== null && taken === bookingOf(standing)) standing = null
      else if (last !== null && restored === bookingOf(last)) standing = last
      else if (standing === null && sells && (row.role === 'books' || row.role === 'rebooks')) standing = row
      last = standing ?? last
      places.set(row.id, last?.store ?? '')
    }
  }
  return (row) => places.get(row.id) ?? ''
}

/** A late booking stands for the one that was taken back. */
const bookingOf = ({ id, role, original }: Row): number => (role === 'rebooks' ? (original ?? id) : id)

/** `issue` → the column of the roll-forward, of rows that `among` lets through. */
export function movements(
  books: Books,
  among: (row: Row, sale: string) => boolean,
): Map<string, Record<string, number>> {
  const sale = soldIn(books)
  const sums = new Map<string, Record<string, number>>()
  const columns: Readonly<Record<string, string>> = {
    sale: 'sold',
    top_up: 'toppedUp',
    refund: 'refunded',
    payment: 'paid',
    cash_out: 'cashedOut',
  }
  for (const row of books.rows) {
    if (row.amount === 0 || row.card === null || !among(row, sale(row))) continue
    const issue = books.issueOf.get(row.card) ?? ''
    const column = columns[row.operation] ?? row.operation
    const sum = sums.get(issue) ?? {}
    sum[column] = (sum[column] ?? 0) + (row.credit === row.card ? row.amount : -row.amount)
    sums.set(issue, sum)
  }
  return sums
}

/** `card` → ledger at the end of a day. */
export function ledgers({ rows }: Books, day: string): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { day: on, amount, credit, debit } of rows) {
    if (amount === 0 || on > day) continue
    if (credit > 1_000_000) sums.set(credit, (sums.get(credit) ?? 0) + amount)
    if (debit > 1_000_000) sums.set(debit, (sums.get(debit) ?? 0) - amount)
  }
  return sums
}

/** Card → the day of its last transfer up to a day. */
export function lastMoves({ rows }: Books, day: string): Map<number, string> {
  const last = new Map<number, string>()
  for (const { day: on, amount, credit, debit } of rows) {
    if (amount === 0 || on > day) continue
    for (const card of [credit, debit]) if (on > (last.get(card) ?? '')) last.set(card, on)
  }
  return last
}

/** `store` → receivable, payable in a period. */
export function settlements({ rows }: Books, from: string, to: string): Map<string, number[]> {
  const sums = new Map<string, number[]>()
  for (const { day, amount, operation, store, debit, credit } of rows) {
    if (amount === 0 || day < from || day > to || !ACTIVE.has(operation)) continue
    const outward = debit < credit ? amount : -amount
    const isReceivable = operation === 'sale' || operation === 'top_up'
    plus(sums, store, isReceivable ? [outward, 0] : [0, -outward])
  }
  return sums
}

export function declines({ rows }: Books): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { state, result, asked, terminal } of rows) {
    if (state !== 'declined') continue
    const key = `${result} ${asked} ${terminal}`
    sums.set(key, (sums.get(key) ?? 0) + 1)
  }
  return sums
}

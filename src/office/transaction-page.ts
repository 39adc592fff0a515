import { OPERATION_NAMES, type Operation } from '../core/operations.ts'
import { RESULTS, type Result } from '../core/result.ts'
import {
  selectLinks,
  selectTransactionDetail,
  toLinked,
  toTransactionDetail,
  type LinkedRow,
  type TransactionDetail,
} from '../db/sql/transaction-page.ts'
import { upsertSearchRows } from '../db/sql/search.ts'
import type { Actor } from './actor.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanations.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { listTransactions, type FoundTransaction } from './transaction-lists.ts'

export type TransactionPage = {
  readonly row: FoundTransaction
  readonly detail: TransactionDetail
  readonly why: Explanation
  readonly original: LinkedRow | null
  readonly followers: readonly LinkedRow[]
  readonly case: { readonly id: number; readonly reason: string; readonly open: boolean } | null
}

const isOperation = (name: string | null): name is Operation =>
  name !== null && (OPERATION_NAMES as readonly string[]).includes(name)
const isResult = (name: string): name is Result => (RESULTS as readonly string[]).includes(name)

/** A transaction with why it ended so; never behind the books: its search row is brought up to date first. */
export async function showTransaction(office: Office, actor: Actor, id: number): Promise<TransactionPage | Refused> {
  await office.db.use((connection) => connection.send(upsertSearchRows([id])))
  const everywhere: Actor = { ...actor, rights: new Map([...actor.rights, ['transactions.find', 'all']]) }
  const page = { order: 'time', descending: true, limit: 1, cursor: null } as const
  const objection = actor.rights.has('transactions.find') ? null : mayDo(actor, 'transactions.find')
  if (objection !== null) return objection
  const found = await listTransactions(office, everywhere, { ids: [id] }, page)
  if (isRefused(found)) return found
  const [row] = found.items
  if (row === undefined) return refused('no_such_transaction', { id })
  const notMine = mayDo(actor, 'transactions.find', row.store)
  if (notMine !== null) return notMine
  const [[detailRow] = [], links = [], [caseRow] = []] = await office.db.use((connection) =>
    connection.send(`${selectTransactionDetail(id)};${selectLinks(id)}`),
  )
  if (detailRow === undefined) return refused('no_such_transaction', { id })
  const detail = toTransactionDetail(detailRow)
  const linked = links.map(toLinked)
  return {
    row,
    detail,
    why: whyOf(office, row, detail),
    original: linked.find(({ isOriginal }) => isOriginal) ?? null,
    followers: linked.filter(({ isOriginal }) => !isOriginal),
    case: caseRow === undefined ? null : { id: Number(caseRow[0]), reason: String(caseRow[1]), open: caseRow[2] === 1 },
  }
}

function whyOf(office: Office, row: FoundTransaction, detail: TransactionDetail): Explanation {
  const result = isResult(row.result) ? row.result : 'malfunction'
  return explain(result, {
    operation: isOperation(row.operation) ? row.operation : null,
    asked: row.asked,
    taken: row.amount === 0 ? null : row.amount,
    available: detail.availableAfter ?? detail.cardAvailable,
    ledger: detail.ledgerAfter ?? detail.cardLedger,
    currency: row.currency ?? 985,
    issue: detail.issueId === null ? null : (office.registry().issues.get(detail.issueId) ?? null),
    block: detail.block,
    until: detail.validUntil,
    terminal: row.terminal,
    store: row.store,
    reference: row.rrn,
  })
}

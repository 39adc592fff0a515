import { FIRST_PLACE } from '../cards/number-space.ts'
import type { Issue } from '../core/issue.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { integer, text } from '../db/sql/literal.ts'
import { selectIssueOf, toIssue } from '../db/sql/registry.ts'

/** An issue that a demo gets beside its first ones, and how many cards it has. */
export type NewIssue = {
  readonly code: string
  readonly name: string
  readonly prefix: string
  readonly length: number
  readonly cards: number
}

/** The common columns of these issues as SQL; each issue adds its own and may override these. */
const SHARED = {
  currency: '985',
  value_kind: text('open'),
  sale_minimum: integer(10_00),
  sale_step: '1',
  refund_onto_card: '1',
  refund_onto_new: '0',
  unreceipted_refund_maximum: '0',
  partial_approval: '1',
  cash_out_maximum: '0',
  pay_by_number: '0',
  balance_by_number: '1',
  state: text('activated'),
  medium: text('stripe_barcode'),
  number_body: text('scrambled'),
  barcode: text('code128'),
  packs: '1',
  ecodes: '0',
  sale_authorisation: '0',
  ecommerce_after_hours: '0',
} as const

type Own = { readonly sale_maximum: string; readonly maximum_balance: string } & Readonly<Record<string, string>>

/**
 * Writes an issue under the next id, and reserves its numbers. The caller writes its cards.
 *
 * @param own columns and their values as SQL
 */
export async function insertIssue(connection: WorkerConnection, issue: NewIssue, own: Own): Promise<number> {
  const { code, name, prefix, length, cards } = issue
  const [[last] = []] = await connection.send('SELECT MAX(id) FROM issues')
  const id = Number(last?.[0]) + 1
  const columns = {
    ...SHARED,
    code: text(code),
    name: text(name),
    prefix: text(prefix),
    number_length: integer(length),
    card_count: integer(cards),
    ...own,
  }
  await connection.send(
    `INSERT INTO issues (id,${Object.keys(columns).join(',')}) VALUES (${integer(id)},${Object.values(columns).join(',')});
     INSERT INTO number_spaces (number_length, prefix, next_body)
     VALUES (${integer(length)},${text(prefix)},${integer(FIRST_PLACE + cards)})`,
  )
  return id
}

/** As the core knows it. */
export async function readIssue(connection: WorkerConnection, id: number): Promise<Issue> {
  const [[row] = []] = await connection.send(selectIssueOf(id))
  if (row === undefined) throw new Error('the issue that was just written is not there')
  return toIssue(row, [])
}

import type { WorkerConnection } from '../db/connection.ts'
import { type IssueRecord, selectIssueStores, toIssueRecord } from '../db/sql/issues.ts'
import { refused, type Refused } from './refusal.ts'

/** `query`: `selectIssue` or `lockIssue`. */
export async function oneIssue(
  connection: WorkerConnection,
  query: string,
  code: string,
): Promise<IssueRecord | Refused> {
  const [[row] = [], stores = []] = await connection.send(`${query};${selectIssueStores}`)
  return row === undefined ? refused('no_such_issue', { issue: code }) : toIssueRecord(row, stores)
}

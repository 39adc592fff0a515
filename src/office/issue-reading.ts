import { setUpError } from '../config/set-up-error.ts'
import type { Access } from '../db/access.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import {
  selectIssue,
  selectIssueEvents,
  selectIssues,
  selectIssueStores,
  toIssueRecord,
  type IssueRecord,
} from '../db/sql/issues.ts'
import { integer } from '../db/sql/literal.ts'

/** All, the oldest first. */
export const readIssues = (access: Access): Promise<IssueRecord[]> =>
  onConnection(access, async (connection) => {
    const [issues = [], stores = []] = await connection.send(`${selectIssues};${selectIssueStores}`)
    return issues.map((row) => toIssueRecord(row, stores))
  })

/** @throws a set-up error where there is none of this code */
export const readIssue = (access: Access, code: string): Promise<IssueRecord> =>
  onConnection(access, (connection) => oneIssue(connection, selectIssue(code), code))

/** `query`: `selectIssue` or `lockIssue`. @throws a set-up error where it finds none */
export async function oneIssue(connection: WorkerConnection, query: string, code: string): Promise<IssueRecord> {
  const [[row] = [], stores = []] = await connection.send(`${query};${selectIssueStores}`)
  if (row === undefined) throw setUpError(`there is no issue ${code}`)
  return toIssueRecord(row, stores)
}

export type EventView = {
  readonly at: string
  readonly who: string
  readonly event: string
  readonly note: string | null
}

/** What happened to an issue, the first first. */
export const readEvents = (access: Access, issueId: number): Promise<EventView[]> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(selectIssueEvents(issueId))
    return rows.map((row) => {
      const [at, who, event, note] = row as [string, string, string, string | null]
      return { at, who, event, note }
    })
  })

/** How many of its cards are in each state; reads every one of them. */
export const countCards = (access: Access, issueId: number): Promise<ReadonlyMap<string, number>> =>
  onConnection(access, async (connection) => {
    const [rows = []] = await connection.send(
      `SELECT state, COUNT(*) FROM cards WHERE issue_id = ${integer(issueId)} GROUP BY state ORDER BY state`,
    )
    return new Map(rows.map(([state, count]) => [String(state), Number(count)]))
  })

/** A connection for this piece of work alone. */
export async function onConnection<T>(access: Access, work: (connection: WorkerConnection) => Promise<T>): Promise<T> {
  const connection = workerConnection(access)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

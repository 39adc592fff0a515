import { setUpError } from '../config/set-up-error.ts'
import { SETTING_NAMES, type IssueSettings } from '../cards/issue-settings.ts'
import type { IssueState } from '../core/issue.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { mustHaveNoGeneration } from './generation-order.ts'
import { changing, mustBe, mustFit } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import {
  deleteIssueStores,
  insertIssue,
  insertIssueStores,
  lockIssue,
  selectIssue,
  setIssueState,
  updateIssue,
} from '../db/sql/issues.ts'

/** @throws a set-up error naming the setting: a code that is taken, unknown stores, no room for its numbers */
export const createIssue = (access: Access, settings: IssueSettings, who: string): Promise<void> =>
  changing(access, async (connection, event) => {
    await mustBeFree(connection, settings.code)
    await mustFit(connection, settings)
    const [[last] = []] = await connection.send('SELECT MAX(id) FROM issues')
    const issueId = Number(last?.[0] ?? 0) + 1
    await connection.send(insertIssue(issueId, settings))
    await writeStores(connection, issueId, settings)
    await event({ issueId, event: 'created', who, note: null })
  })

/** Only in draft, and before its cards are being made. @throws a set-up error as `createIssue` does */
export const changeIssue = (
  access: Access,
  code: string,
  change: (before: IssueSettings) => IssueSettings,
  who: string,
): Promise<void> =>
  changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    mustBe(issue, ['draft'], 'its rules change only in draft, money limits by akart issue limits')
    await mustHaveNoGeneration(connection, issue, ['waiting', 'running', 'failed', 'done'])
    const settings = change(issue.settings)
    if (settings.code !== code) await mustBeFree(connection, settings.code)
    await mustFit(connection, settings)
    await connection.send(updateIssue(issue.id, settings))
    await connection.send(deleteIssueStores(issue.id))
    await writeStores(connection, issue.id, settings)
    await event({ issueId: issue.id, event: 'changed', who, note: differences(issue.settings, settings) })
  })

/** `saleMaximum 50000 → 60000, …`, for the record. */
const differences = (before: IssueSettings, after: IssueSettings): string =>
  SETTING_NAMES.filter((name) => String(before[name]) !== String(after[name]))
    .map((name) => `${name} ${String(before[name])} → ${String(after[name])}`)
    .join(', ')

export type IssueStep = {
  readonly from: readonly IssueState[]
  readonly to: 'activated' | 'closed'
  readonly who: string
  readonly note: string | null
}

/** A step of its life that a person takes. @throws a set-up error where the issue is not where the step begins */
export const moveIssue = (access: Access, code: string, { from, to, who, note }: IssueStep): Promise<void> =>
  changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    mustBe(issue, from, `only one that is ${from.join(' or ')} can be ${to}`)
    await mustHaveNoGeneration(connection, issue, ['waiting', 'running'])
    await connection.send(setIssueState(issue.id, to))
    await event({ issueId: issue.id, event: to, who, note })
  })

async function mustBeFree(connection: WorkerConnection, code: string): Promise<void> {
  const [[taken] = []] = await connection.send(selectIssue(code))
  if (taken !== undefined) throw setUpError(`code: there is an issue ${code} already`)
}

async function writeStores(connection: WorkerConnection, id: number, settings: IssueSettings): Promise<void> {
  const insert = insertIssueStores(id, settings)
  if (insert !== null) await connection.send(insert)
}

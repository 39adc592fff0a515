import { setUpError } from '../config/set-up-error.ts'
import { LIMIT_NAMES, type IssueSettings } from '../cards/issue-settings.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { changing } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import { lockIssue, type IssueRecord } from '../db/sql/issues.ts'
import {
  decideProposal,
  insertLimitValues,
  insertProposal,
  type LimitChange,
  type OpenProposal,
  selectLimitValues,
  selectOpenProposal,
  setLimits,
  toLimitChange,
  toOpenProposal,
} from '../db/sql/limits.ts'

/**
 * One person proposes other money limits for an issue that has left draft. `change` reads the settings as they would be,
 * so that what is proposed fits the rest.
 *
 * @throws a set-up error: a draft, nothing that changes, a proposal that is open already
 */
export async function proposeLimits(
  access: Access,
  code: string,
  change: (before: IssueSettings) => IssueSettings,
  { who, reason }: { readonly who: string; readonly reason: string },
): Promise<readonly LimitChange[]> {
  const id = await takeIds(access, 'row', 1)
  return changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (issue.state === 'draft') throw setUpError(`issue ${code} is draft: change it by akart issue change`)
    const open = await openProposal(connection, issue)
    if (open !== null) throw setUpError(`issue ${code}: ${open.proposedBy} has proposed other limits already`)
    const changes = changesOf(issue.settings, change(issue.settings))
    if (changes.length === 0) throw setUpError(`issue ${code}: these are its limits already`)
    await connection.send(insertProposal({ id, issueId: issue.id, who, reason }))
    await connection.send(insertLimitValues(id, changes))
    await event({ issueId: issue.id, event: 'limits_proposed', who, note: `${textOf(changes)}: ${reason}` })
    return changes
  })
}

/**
 * Another person approves what was proposed, and it is in force; or refuses it, which the proposer may do himself.
 *
 * @throws a set-up error: nothing is proposed, the proposer approves, a limit was changed since
 */
export const decideLimits = (
  access: Access,
  code: string,
  { who, approve }: { readonly who: string; readonly approve: boolean },
): Promise<readonly LimitChange[]> =>
  changing(access, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    const open = await openProposal(connection, issue)
    if (open === null) throw setUpError(`issue ${code}: no other limits are proposed`)
    if (approve && open.proposedBy === who)
      throw setUpError(`issue ${code}: ${who} proposed it, another person approves`)
    const [rows = []] = await connection.send(selectLimitValues(open.id))
    const changes = rows.map(toLimitChange)
    await connection.send(decideProposal(open.id, who, approve))
    if (approve) {
      const moved = changes.filter(({ setting, from }) => issue.settings[setting] !== from)
      if (moved.length > 0) throw setUpError(`issue ${code}: ${textOf(moved)} was proposed for other limits; refuse it`)
      await connection.send(setLimits(issue.id, changes))
    }
    await event({
      issueId: issue.id,
      event: approve ? 'limits_approved' : 'limits_refused',
      who,
      note: textOf(changes),
    })
    return changes
  })

const changesOf = (before: IssueSettings, after: IssueSettings): LimitChange[] =>
  LIMIT_NAMES.filter((name) => before[name] !== after[name]).map((name) => ({
    setting: name,
    from: before[name],
    to: after[name],
  }))

const textOf = (changes: readonly LimitChange[]): string =>
  changes.map(({ setting, from, to }) => `${setting} ${from ?? 'none'} → ${to ?? 'none'}`).join(', ')

async function openProposal(connection: WorkerConnection, { id }: IssueRecord): Promise<OpenProposal | null> {
  const [[row] = []] = await connection.send(selectOpenProposal(id))
  return row === undefined ? null : toOpenProposal(row)
}

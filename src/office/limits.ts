import { type IssueSettings, LIMIT_NAMES } from '../cards/issue-settings.ts'
import type { GivenTexts } from '../cards/read-issue.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { type IssueRecord, lockIssue } from '../db/sql/issues.ts'
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
import { type Actor, isSamePerson } from './actor.ts'
import { dependenceObjection } from './grants.ts'
import { changeIssues } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import { readSettings } from './issues.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { LimitChange }

export type LimitInput = { readonly issue: string; readonly given: GivenTexts; readonly reason: string }

/** Proposes new money limits for an issue that has left draft; absent ones are kept. Returns the changes. */
export async function proposeLimits(
  office: Office,
  actor: Actor,
  { issue: code, given, reason }: LimitInput,
): Promise<readonly LimitChange[] | Refused> {
  const no = mayDo(actor, 'issues.limits')
  if (no !== null) return no
  const id = office.nextId()
  return changeIssues(office, actor, 'issues.limits', async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    if (issue.state === 'draft') return refused('issue_is_draft', { issue: code })
    const open = await openProposal(connection, issue)
    if (open !== null) return refused('limits_proposed', { issue: code, who: open.proposedBy })
    const settings = readSettings(office, given, issue.settings)
    if (isRefused(settings)) return settings
    const changes = changesOf(issue.settings, settings)
    if (changes.length === 0) return refused('limits_as_they_are', { issue: code })
    await connection.send(insertProposal({ id, issueId: issue.id, who: actor.login, reason }))
    await connection.send(insertLimitValues(id, changes))
    await event({ code, issueId: issue.id, event: 'limits_proposed', note: `${textOf(changes)}: ${reason}` })
    return changes
  })
}

type LimitDecision = {
  readonly issue: string
  readonly approve: boolean
  /** The proposal that was shown; left out: whichever is open. */
  readonly proposal?: number
}

/** Another person approves the proposal, which then takes effect, or refuses it; the proposer may refuse it too. */
export async function decideLimits(
  office: Office,
  actor: Actor,
  { issue: code, approve, proposal }: LimitDecision,
): Promise<readonly LimitChange[] | Refused> {
  const no = mayDo(actor, 'issues.limits.approve')
  if (no !== null) return no
  return changeIssues(office, actor, 'issues.limits.approve', async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const open = await openProposal(connection, issue)
    if (open === null) return refused('no_limits_proposed', { issue: code })
    if (proposal !== undefined && proposal !== open.id) return refused('changed_since')
    if (approve && isSamePerson(actor, open.proposedBy)) {
      return refused('limits_proposed_by_same', { issue: code, who: actor.login })
    }
    const at = office.clock()
    const dependent = approve ? await dependenceObjection(connection, office, actor, open.proposedBy, at) : null
    if (dependent !== null) return dependent
    const [rows = []] = await connection.send(selectLimitValues(open.id))
    const changes = rows.map(toLimitChange)
    await connection.send(decideProposal(open.id, actor.login, approve))
    if (approve) {
      const moved = changes.filter(({ setting, from }) => issue.settings[setting] !== from)
      if (moved.length > 0) return refused('limits_changed_meanwhile', { issue: code, changes: textOf(moved) })
      await connection.send(setLimits(issue.id, changes))
    }
    const what = approve ? 'limits_approved' : 'limits_refused'
    await event({ code, issueId: issue.id, event: what, note: textOf(changes) })
    return changes
  })
}

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

import { ISSUE_SETTINGS, type IssueSettings, LIMIT_NAMES, SETTING_NAMES } from '../cards/issue-settings.ts'
import { readIssue, type GivenTexts } from '../cards/read-issue.ts'
import type { IssueState } from '../core/issue.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { type ExportView, selectExports, toExportView } from '../db/sql/exports.ts'
import {
  deleteIssueStores,
  insertIssue,
  insertIssueStores,
  type IssueEventView,
  type IssueRecord,
  lockIssue,
  selectCardStates,
  selectIssue,
  selectIssueEvents,
  selectIssues,
  selectIssueStores,
  selectLastIssueId,
  setIssueState,
  toIssueEventView,
  toIssueRecord,
  updateIssue,
} from '../db/sql/issues.ts'
import type { Actor } from './actor.ts'
import { dateIn } from './clock.ts'
import { againstHalfRenewed } from './exports.ts'
import { againstGeneration } from './generation-order.ts'
import { againstFit, againstState, changeIssues } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'
import { mayDo } from './rights.ts'
import type { Right } from './rights-table.ts'

export type { IssueRecord, GivenTexts }

/** A setting's name in files and as an option, and its permitted values. */
export type SettingOption = {
  readonly name: string
  readonly option: string
  readonly expected: string
  readonly limit: boolean
}

export const settingOptions: readonly SettingOption[] = SETTING_NAMES.map((name) => ({
  name,
  option: name.replace(/[A-Z]/gu, (capital) => `-${capital.toLowerCase()}`),
  expected: ISSUE_SETTINGS[name].expected,
  limit: (LIMIT_NAMES as readonly string[]).includes(name),
}))

/** All, the oldest first. */
export async function listIssues(office: Office, actor: Actor): Promise<readonly IssueRecord[] | Refused> {
  const no = mayDo(actor, 'issues.find')
  if (no !== null) return no
  const [issues = [], stores = []] = await office.db.use((connection) =>
    connection.send(`${selectIssues};${selectIssueStores}`),
  )
  return issues.map((row) => toIssueRecord(row, stores))
}

export type IssueView = {
  readonly issue: IssueRecord
  /** How many of its cards are in each state. */
  readonly cards: ReadonlyMap<string, number>
  /** Its history, oldest first. */
  readonly events: readonly IssueEventView[]
  /** All exports of whole numbers, oldest first. */
  readonly exports: readonly ExportView[]
}

/** Reads every one of its cards. */
export async function findIssue(
  office: Office,
  actor: Actor,
  { issue: code }: { readonly issue: string },
): Promise<IssueView | Refused> {
  const no = mayDo(actor, 'issues.find')
  if (no !== null) return no
  return office.db.use(async (connection) => {
    const issue = await oneIssue(connection, selectIssue(code), code)
    if (isRefused(issue)) return issue
    const [cards = []] = await connection.send(selectCardStates(issue.id))
    const [events = []] = await connection.send(selectIssueEvents(issue.id))
    const [exports = []] = await connection.send(selectExports(issue.id))
    return {
      issue,
      cards: new Map(cards.map(([state, count]) => [String(state), Number(count)])),
      events: events.map(toIssueEventView),
      exports: exports.map(toExportView),
    }
  })
}

/** The given settings; absent ones keep the value of `before`. */
export function readSettings(office: Office, given: GivenTexts, before: IssueSettings | null): IssueSettings | Refused {
  const read = readIssue(given, dateIn(office.timeZone, office.clock()), before)
  if ('settings' in read) return read.settings
  return {
    ...refused('wrong_settings'),
    faults: read.faults.map(({ setting, text, pl }) => ({ at: setting, text, pl })),
  }
}

/** A new issue, draft. */
export async function planIssue(
  office: Office,
  actor: Actor,
  { given }: { readonly given: GivenTexts },
): Promise<IssueSettings | Refused> {
  const no = mayDo(actor, 'issues.edit')
  if (no !== null) return no
  const settings = readSettings(office, given, null)
  return isRefused(settings) ? settings : createIssue(office, actor, settings)
}

export async function createIssue(
  office: Office,
  actor: Actor,
  settings: IssueSettings,
): Promise<IssueSettings | Refused> {
  const no = mayDo(actor, 'issues.edit')
  if (no !== null) return no
  return changeIssues(office, actor, 'issues.edit', async (connection, event) => {
    const against = (await againstCode(connection, settings.code)) ?? (await againstFit(connection, settings))
    if (against !== null) return against
    const [[last] = []] = await connection.send(selectLastIssueId)
    const issueId = Number(last?.[0] ?? 0) + 1
    await connection.send(insertIssue(issueId, settings))
    await writeStores(connection, issueId, settings)
    await event({ code: settings.code, issueId, event: 'created', note: null })
    return settings
  })
}

/** Changes a draft before its cards are generated; absent settings are kept. */
export async function replanIssue(
  office: Office,
  actor: Actor,
  { issue: code, given }: { readonly issue: string; readonly given: GivenTexts },
): Promise<IssueSettings | Refused> {
  const no = mayDo(actor, 'issues.edit')
  if (no !== null) return no
  return changeIssues(office, actor, 'issues.edit', async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const notNow =
      againstState(issue, ['draft'], DRAFT_ONLY) ??
      (await againstGeneration(connection, issue, ['waiting', 'running', 'failed', 'done']))
    if (notNow !== null) return notNow
    const settings = readSettings(office, given, issue.settings)
    if (isRefused(settings)) return settings
    const against =
      (settings.code === code ? null : await againstCode(connection, settings.code)) ??
      (await againstFit(connection, settings))
    if (against !== null) return against
    await connection.send(updateIssue(issue.id, settings))
    await connection.send(deleteIssueStores(issue.id))
    await writeStores(connection, issue.id, settings)
    await event({ code, issueId: issue.id, event: 'changed', note: differences(issue.settings, settings) })
    return settings
  })
}

const DRAFT_ONLY: Words = {
  en: 'its rules change only in draft, money limits by akart issue limits',
  pl: 'zasady zmienia się tylko w szkicu, limity kwot osobno',
}

/** `saleMaximum 50000 → 60000, …`, for the record. */
const differences = (before: IssueSettings, after: IssueSettings): string =>
  SETTING_NAMES.filter((name) => String(before[name]) !== String(after[name]))
    .map((name) => `${name} ${String(before[name])} → ${String(after[name])}`)
    .join(', ')

export type IssueInput = { readonly issue: string; readonly reason?: string | null }

/** Its cards can be sold: all of them, or pack by pack. */
export const activateIssue = (office: Office, actor: Actor, input: IssueInput): Promise<IssueRecord | Refused> =>
  moveIssue(office, actor, input, STEPS.activate)

/** Stops the sale of the issue; sold cards stay valid. */
export const closeIssue = (office: Office, actor: Actor, input: IssueInput): Promise<IssueRecord | Refused> =>
  moveIssue(office, actor, input, STEPS.close)

type IssueStep = {
  readonly right: Right
  readonly from: readonly IssueState[]
  readonly to: 'activated' | 'closed'
  readonly why: Words
}

const STEPS = {
  activate: {
    right: 'issues.activate',
    from: ['exported'],
    to: 'activated',
    why: { en: 'only one that is exported can be activated', pl: 'aktywować można tylko wyeksportowaną' },
  },
  close: {
    right: 'issues.edit',
    from: ['draft', 'generated', 'exported', 'activated'],
    to: 'closed',
    why: {
      en: 'only one that is draft or generated or exported or activated can be closed',
      pl: 'zamknąć można tylko niezamkniętą',
    },
  },
} as const satisfies Record<string, IssueStep>

async function moveIssue(
  office: Office,
  actor: Actor,
  { issue: code, reason = null }: IssueInput,
  { right, from, to, why }: IssueStep,
): Promise<IssueRecord | Refused> {
  const no = mayDo(actor, right)
  if (no !== null) return no
  return changeIssues(office, actor, right, async (connection, event) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    // A virtual card gets its eCode at its sale: there is nothing to export.
    const isReady = to === 'activated' && issue.settings.medium === 'virtual' && issue.state === 'generated'
    const against =
      (isReady ? null : againstState(issue, from, why)) ??
      (await againstGeneration(connection, issue, ['waiting', 'running'])) ??
      (to === 'activated' ? await againstHalfRenewed(office, connection, issue) : null)
    if (against !== null) return against
    await connection.send(setIssueState(issue.id, to))
    await event({ code, issueId: issue.id, event: to, note: reason })
    return { ...issue, state: to }
  })
}

async function againstCode(connection: WorkerConnection, code: string): Promise<Refused | null> {
  const [[taken] = []] = await connection.send(selectIssue(code))
  return taken === undefined ? null : refused('issue_there', { issue: code })
}

async function writeStores(connection: WorkerConnection, id: number, settings: IssueSettings): Promise<void> {
  const insert = insertIssueStores(id, settings)
  if (insert !== null) await connection.send(insert)
}

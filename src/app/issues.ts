import { readIssue as readSettings, type Said } from '../cards/read-issue.ts'
import {
  ISSUE_SETTINGS,
  LIMIT_NAMES,
  SETTING_NAMES,
  type IssueSettings,
  type SettingFault,
} from '../cards/issue-settings.ts'
import { countCards, type EventView, readEvents, readIssue, readIssues } from '../office/issue-reading.ts'
import { changeIssue, createIssue, type IssueStep, moveIssue } from '../office/issue-records.ts'
import { decideLimits, proposeLimits } from '../office/limits.ts'
import type { LimitChange } from '../db/sql/limits.ts'
import { readExports } from '../office/exports.ts'
import type { ExportView } from '../db/sql/exports.ts'
import type { IssueRecord } from '../db/sql/issues.ts'
import { authoriseIssue } from '../office/issue-authorisation.ts'
import { onDatabase } from './on-database.ts'

export type { EventView, IssueRecord, IssueStep, LimitChange, Said }

/** A setting as it is written in a file and as an option, and what it must be. */
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

/** Thrown for settings that make no issue: every fault at its setting. */
export class WrongSettings extends Error {
  readonly faults: readonly SettingFault[]
  constructor(faults: readonly SettingFault[]) {
    super(faults.map(({ setting, text }) => `${setting} ${text}`).join('\n'))
    this.faults = faults
  }
}

const today = (): string => new Date().toISOString().slice(0, 10)

function settingsFrom(said: Said, before: IssueSettings | null): IssueSettings {
  const read = readSettings(said, today(), before)
  if ('faults' in read) throw new WrongSettings(read.faults)
  return read.settings
}

/** @throws WrongSettings, or a set-up error where the database has something against it */
export async function planIssue(home: string, said: Said, who: string): Promise<IssueSettings> {
  const settings = settingsFrom(said, null)
  await onDatabase(home, (access) => createIssue(access, settings, who))
  return settings
}

/** What is not said stays as it is. @throws as `planIssue` does, and where the issue is no draft any more */
export const replanIssue = (home: string, code: string, said: Said, who: string): Promise<void> =>
  onDatabase(home, (access) => changeIssue(access, code, (before) => settingsFrom(said, before), who))

export const stepIssue = (home: string, code: string, step: IssueStep): Promise<void> =>
  onDatabase(home, (access) => moveIssue(access, code, step))

/** @returns what shall change. @throws WrongSettings, or a set-up error; see `proposeLimits` */
export const proposeIssueLimits = (
  home: string,
  code: string,
  said: Said,
  by: { readonly who: string; readonly reason: string },
): Promise<readonly LimitChange[]> =>
  onDatabase(home, (access) => proposeLimits(access, code, (before) => settingsFrom(said, before), by))

export const decideIssueLimits = (
  home: string,
  code: string,
  decision: { readonly who: string; readonly approve: boolean },
): Promise<readonly LimitChange[]> => onDatabase(home, (access) => decideLimits(access, code, decision))

/** @throws a set-up error as `authoriseIssue` does */
export const authorise = (home: string, code: string, who: string): Promise<void> =>
  onDatabase(home, (access) => authoriseIssue(access, code, who))

export const listIssues = (home: string): Promise<IssueRecord[]> => onDatabase(home, readIssues)

export type IssueView = {
  readonly issue: IssueRecord
  readonly cards: ReadonlyMap<string, number>
  readonly events: readonly EventView[]
  readonly exports: readonly ExportView[]
}

export const findIssue = (home: string, code: string): Promise<IssueView> =>
  onDatabase(home, async (access) => {
    const issue = await readIssue(access, code)
    return {
      issue,
      cards: await countCards(access, issue.id),
      events: await readEvents(access, issue.id),
      exports: await readExports(access, issue.id),
    }
  })

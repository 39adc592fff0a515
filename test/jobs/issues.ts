import { readIssue, type GivenTexts } from '../../src/cards/read-issue.ts'
import type { IssueSettings } from '../../src/cards/issue-settings.ts'

const PLAN: Record<string, string> = {
  name: 'A test',
  count: '1000',
  saleMinimum: '10',
  saleMaximum: '500',
  packs: 'no',
}

/** An issue for a test: `issueOf({ code: 'A', prefix: '629914' })`, the rest is ordinary. */
export function issueOf(more: Record<string, string>): IssueSettings {
  const given: GivenTexts = new Map(Object.entries({ ...PLAN, ...more }))
  const read = readIssue(given, '2026-11-25')
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return read.settings
}

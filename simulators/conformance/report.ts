/** The report of a conformance run: text and JSON. */

import pc from 'picocolors'
import { sectionNames, sections } from '../scenario/sections.ts'
import type { Report, Result } from '../report/report.ts'
import type { Check, Finding } from './check.ts'

export type Checked = { readonly check: Check; readonly finding: Finding; readonly seconds: number }

const marks = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'passed over': pc.dim('–'),
  'not checked': pc.yellow('?'),
} as const satisfies Record<Finding['result'], string>

function checkLines({ check, finding }: Checked): string[] {
  const why = 'why' in finding ? pc.dim(`: ${finding.why}`) : ''
  const problems = finding.result === 'failed' ? finding.problems : []
  return [`  ${marks[finding.result]} ${check.title}${why}`, ...problems.map((problem) => `      ${pc.red(problem)}`)]
}

const countOf = (all: readonly Checked[], result: Finding['result']): number =>
  all.filter(({ finding }) => finding.result === result).length

/** The report for a person: by section of docs/spec/terminal.md, what failed with its reasons. */
export function reportLines(all: readonly Checked[]): string[] {
  const bySection = sectionNames.flatMap((section) => {
    const those = all.filter(({ check }) => check.section === section)
    if (those.length === 0) return []
    const counted = countOf(those, 'passed') + countOf(those, 'failed')
    const head = `${section} ${sections[section]}  ${pc.dim(`${countOf(those, 'passed')} of ${counted}`)}`
    return [pc.bold(head), ...those.flatMap(checkLines), '']
  })
  const [good, bad, over] = [countOf(all, 'passed'), countOf(all, 'failed'), countOf(all, 'passed over')]
  const verdict = bad === 0 ? pc.green(`${good} checks passed`) : pc.red(`${good} checks passed, ${bad} failed`)
  const unchecked = countOf(all, 'not checked')
  const notes = [
    ...(over === 0 ? [] : [`${over} passed over`]),
    ...(unchecked === 0 ? [] : [pc.yellow(`${unchecked} could not be checked`)]),
  ]
  return [...bySection, [verdict, ...notes].join(', ')]
}

/** The same for a program. */
export const reportJson = (all: readonly Checked[]): object => ({
  ok: countOf(all, 'failed') === 0,
  passed: countOf(all, 'passed'),
  failed: countOf(all, 'failed'),
  passedOver: countOf(all, 'passed over'),
  notChecked: countOf(all, 'not checked'),
  checks: all.map(({ check: { section, title }, finding }) => ({ section, title, ...finding })),
})

const RESULTS = {
  passed: 'passed',
  failed: 'failed',
  'passed over': 'skipped',
  'not checked': 'skipped',
} as const satisfies Record<Finding['result'], Result['result']>

/** The same for files. */
export const switchReport = (all: readonly Checked[], facts: Report['facts'], at: number): Report => ({
  title: 'Conformance of a switch',
  at,
  facts,
  results: sectionNames.flatMap((section) =>
    all
      .filter(({ check }) => check.section === section)
      .map(({ check, finding, seconds }) => ({
        suite: `${section} ${sections[section]}`,
        name: check.title,
        result: RESULTS[finding.result],
        why: 'why' in finding ? finding.why : '',
        problems: finding.result === 'failed' ? finding.problems : [],
        details: [],
        seconds,
      })),
  ),
})

import { countOf, escaped, type Report, type Result, suitesOf } from './report.ts'

function caseOf({ suite, name, result, why, problems, details, seconds }: Result): string {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(3)}">`
  const body = [
    ...(result === 'failed'
      ? [`      <failure message="${escaped(problems[0] ?? 'failed')}">${escaped(problems.join('\n'))}</failure>`]
      : []),
    ...(result === 'skipped' ? [`      <skipped message="${escaped(why)}"/>`] : []),
    ...(details.length === 0 ? [] : [`      <system-out>${escaped(details.join('\n'))}</system-out>`]),
  ]
  return body.length === 0 ? `${head}</testcase>` : [head, ...body, '    </testcase>'].join('\n')
}

const counts = (results: readonly Result[]): string => {
  const of = (wanted: Result['result']) => results.filter(({ result }) => result === wanted).length
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0)
  return `tests="${results.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}" time="${seconds.toFixed(3)}"`
}

/** The report as JUnit XML, as CI systems read it. */
export function junitOf(report: Report): string {
  const stamp = new Date(report.at).toISOString().slice(0, 19)
  const facts = Object.entries(report.facts).map(
    ([name, value]) => `      <property name="${escaped(name)}" value="${escaped(value)}"/>`,
  )
  const properties = facts.length === 0 ? [] : ['    <properties>', ...facts, '    </properties>']
  const suites = suitesOf(report).map(({ suite, results }) =>
    [
      `  <testsuite name="${escaped(suite)}" timestamp="${stamp}" ${counts(results)}>`,
      ...properties,
      ...results.map(caseOf),
      '  </testsuite>',
    ].join('\n'),
  )
  const failed = countOf(report, 'failed')
  const head = `<testsuites name="${escaped(report.title)}" tests="${report.results.length}" failures="${failed}">`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n')
}

import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { writeReports } from '../../simulators/report/files.ts'
import { htmlOf } from '../../simulators/report/html.ts'
import { junitOf } from '../../simulators/report/junit.ts'
import type { Report } from '../../simulators/report/report.ts'
import { tapOf } from '../../simulators/report/tap.ts'

const report: Report = {
  title: 'Checks & more',
  at: Date.UTC(2026, 10, 29, 12),
  facts: { target: '"here" <there>' },
  results: [
    { suite: 'one', name: 'fine', result: 'passed', why: '', problems: [], details: [], seconds: 0.25 },
    {
      suite: 'one',
      name: 'a < b # c',
      result: 'failed',
      why: '',
      problems: ["expected '1'", 'came \u0000\u001b[31m2\u001b[39m'],
      details: ['#1 → 0200'],
      seconds: 1,
    },
    { suite: 'two', name: 'left out', result: 'skipped', why: 'no card', problems: [], details: [], seconds: 0 },
  ],
}

/** Tags that are opened and not closed, or closed and not opened. */
function unbalanced(xml: string): string[] {
  const open: string[] = []
  for (const [, close, name = '', self] of xml.matchAll(/<(\/)?([a-z]+)[^>]*?(\/)?>/g)) {
    if (self !== undefined || name === 'meta') continue
    if (close === undefined) open.push(name)
    else if (open.pop() !== name) return [`</${name}>`]
  }
  return open
}

t.test('JUnit', (t) => {
  const xml = junitOf(report)
  t.same(unbalanced(xml.replace(/^<\?xml.*\?>/, '')), [])
  t.match(xml, '<testsuites name="Checks &amp; more" tests="3" failures="1">')
  t.match(
    xml,
    '<testsuite name="one" timestamp="2026-11-29T12:00:00" tests="2" failures="1" errors="0" skipped="0" time="1.250">',
  )
  t.match(xml, '<property name="target" value="&quot;here&quot; &lt;there&gt;"/>')
  t.match(xml, '<failure message="expected &#39;1&#39;">expected &#39;1&#39;\ncame \u{fffd}2</failure>')
  t.match(xml, '<skipped message="no card"/>')
  t.notMatch(xml, '\u0000')
  t.notMatch(xml, '\u001b')
  t.end()
})

t.test('TAP', (t) => {
  t.same(tapOf(report), [
    'TAP version 14',
    '1..3',
    'ok 1 - one: fine # time=250ms',
    'not ok 2 - one: a < b \\# c # time=1000ms',
    '  ---',
    '  problems:',
    `    - "expected '1'"`,
    '    - "came \\u00002"',
    '  ...',
    'ok 3 - two: left out # SKIP no card',
  ])
  t.end()
})

t.test('HTML', (t) => {
  const html = htmlOf(report)
  t.same(unbalanced(html.replace('<!doctype html>', '')), [])
  t.match(html, '<b class="failed">1 failed</b>, 1 passed, 1 not checked')
  t.match(html, /<details open><summary>.*a &lt; b # c<\/summary><pre>/)
  t.notMatch(html, /<script|https?:/, 'nothing that is loaded or run')
  t.end()
})

t.test('files, and those that cannot be written', (t) => {
  const dir = t.testdir()
  writeReports({ junit: join(dir, 'r.xml'), report: join(dir, 'r.html') }, report)
  t.equal(readFileSync(join(dir, 'r.xml'), 'utf8'), junitOf(report))
  t.equal(readFileSync(join(dir, 'r.html'), 'utf8'), htmlOf(report))
  t.throws(() => writeReports({ junit: join(dir, 'no', 'r.xml') }, report), {
    message: /^--junit .*r\.xml: no such file or directory \(ENOENT\)$/,
  })
  t.end()
})

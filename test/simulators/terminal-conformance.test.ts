import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { terminalConformance, type TerminalConformanceOptions } from '../../simulators/commands/conformance-terminal.ts'
import { type JudgingHost, startJudgingHost } from '../../simulators/conformance/terminal/host.ts'
import { clockError, rules } from '../../simulators/conformance/terminal/rules.ts'
import { playSituation } from '../../simulators/conformance/terminal/run.ts'
import {
  type Situation,
  type SituationName,
  situationNames,
  situations,
} from '../../simulators/conformance/terminal/situations.ts'
import { type Frame, keyOf, saidBy } from '../../simulators/conformance/terminal/trace.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { parseAddress } from '../../simulators/terminal/address.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { packagedWire } from '../../simulators/terminal/wire.ts'
import { type Fault, scriptedTerminal } from './scripted-terminal.ts'
import { plain } from './tell.ts'
import { SIMULATOR } from '../programs.ts'

const card = {
  number: '6299100000000047',
  track1: '',
  track2: '6299100000000047=49127220001234567',
  barcode: '6299100000000047',
  ecode: '',
  issue: 'OPEN',
  state: 'sold',
  balance: 0,
} as const
const terminal: DemoTerminal = {
  terminal: 'T0000001',
  store: '000000000000001',
  confirmation: 'explicit',
  mac: 'retail',
  key: '0123456789ABCDEFFEDCBA9876543210',
}
// Never waited for: a situation ends when the terminal has done all that it does, however busy the machine is.
const waits = { patienceMs: 60_000, quietMs: 60_000, requestMs: 60_000, now: Date.now }

const judgingHost = (): Promise<JudgingHost> =>
  startJudgingHost({
    listen: { host: '127.0.0.1', port: 0 },
    frame: { length: 'be2', tpdu: 'none', maxFrame: 4096 },
    wire: packagedWire,
    tls: null,
    terminals: [terminal],
    slowMs: 80,
    now: Date.now,
  })

/** The faulty terminal, the situation in which its fault shows, and the expected report. */
const WRONG: readonly (readonly [Fault, SituationName, rule: keyof typeof rules, seen: RegExp])[] = [
  ['new work first', 'silence', 'settles', /new work came first/],
  ['never settles', 'silence', 'settles', /nothing of the kind/],
  ['never settles', 'half', 'settles', /nothing of the kind/],
  ['never settles', 'cut', 'settles', /nothing of the kind/],
  ['takes any answer', 'wrong-mac', 'settles', /it was confirmed/],
  ['takes any answer', 'another', 'settles', /it was confirmed/],
  ['takes any answer', 'garbage', 'settles', /it was confirmed/],
  ['a repeat with another DE11', 'silence', 'repeats', /0201 repeats nothing that came before/],
  ['a repeat with another DE7', 'silence', 'repeats', /0201 has another DE7/],
  ['another original in DE90', 'approved', 'names', /DE90 of 0202 names no request/],
  ['confirms after a reversal', 'late', 'neverConfirms', /it was confirmed/],
  ['confirms what was declined', 'declined', 'neverConfirms', /it was confirmed/],
  ['confirms what was declined', 'try-again', 'neverConfirms', /it was confirmed/],
  ['never confirms', 'approved', 'confirms', /nothing of the kind/],
  ['never confirms', 'partial', 'confirms', /nothing of the kind/],
  ['reverses once', 'silent-reversal', 'insistsOnReversal', /nothing of the kind/],
  ['reverses once', 'cut-reversal', 'insistsOnReversal', /nothing of the kind/],
  ['reverses again under another key', 'silent-reversal', 'insistsOnReversal', /under another key/],
  ['confirms once', 'silent-confirmation', 'insistsOnConfirmation', /nothing of the kind/],
  ['a clock that is an hour slow', 'approved', 'clock', /DE7 is \d{10}, and it is/],
  ['another key', 'approved', 'mac', /not the one of this message/],
  ['gives up too early', 'slow', 'neverReverses', /it was reversed/],
  ['says that it is keyed', 'approved', 'entry', /DE22 is 012/],
  ['no currency', 'approved', 'complete', /0200 lacks DE49/],
  ['garbage', 'approved', 'readable', /cannot be read/],
]

t.test('a faulty terminal fails with the rule, what was expected, what was seen, and the frames', async (t) => {
  const judged = WRONG.map(async ([fault, name, rule, seen]) => {
    const host = await judgingHost()
    const peer = usualPeer({ host: '127.0.0.1', port: host.port })
    const till = scriptedTerminal(peer, terminal, card, fault)
    const done = new AbortController()
    const played = playSituation(host, situations[name], waits, done.signal)
    await till.pay()
    done.abort()
    const results = await played
    await till.end()
    await host.stop()
    return { fault, name, rule, seen, results, frames: host.story().frames }
  })
  for (const { fault, name, rule, seen, results, frames } of await Promise.all(judged)) {
    const what = `${fault}, ${name}`
    if (fault === 'garbage') {
      t.match(rules[rule].judge({ original: null, frames, before: [], terminal }), { ok: false, seen }, what)
      continue
    }
    const found = results.find((one) => one.name.startsWith(rules[rule].text))
    t.equal(found?.result, 'failed', what)
    t.match(found?.problems, [`expected: ${rules[rule].text}`, seen], what)
    t.ok(
      found?.details.some((line) => /terminal → 0200 .*35=629910\*{6}0047=\*{4}/.test(line)),
      'frames are shown, masked',
    )
    t.notMatch(found?.details.join('\n'), /6299100000000047/)
  }
  const covered = new Set(WRONG.map(([, , rule]) => rule))
  const uncovered = (Object.keys(rules) as (keyof typeof rules)[]).filter((rule) => !covered.has(rule))
  t.same(uncovered, ['localTime', 'freshKeys'], 'every other rule is broken by one of them; these two are below')
})

t.test('a terminal in good order passes every situation; the report goes to files', async (t) => {
  const dir = t.testdir({ 'key.txt': terminal.key })
  const told: string[] = []
  const usual: TerminalConformanceOptions = {
    listen: '127.0.0.1:0',
    home: dir,
    terminal: terminal.terminal,
    store: terminal.store,
    mac: 'retail',
    macKey: join(dir, 'key.txt'),
    situation: [],
    trigger: undefined,
    patience: 20,
    quiet: 0.5,
    slow: 0.08,
    json: false,
    junit: join(dir, 'report.xml'),
    report: join(dir, 'report.html'),
  }
  let till: ReturnType<typeof scriptedTerminal> | null = null
  const payments: Promise<void>[] = []
  const write = (line: string) => {
    const text = plain(line)
    told.push(text)
    const ready = /^ready judge=(.*)$/.exec(text)?.[1]
    if (ready !== undefined) till = scriptedTerminal(usualPeer(parseAddress(ready)), terminal, card, 'none')
    if (text.startsWith('  Pay ') && till !== null) payments.push(till.pay())
  }
  const code = await terminalConformance(usual, write, new AbortController().signal)
  await Promise.all(payments)
  t.equal(code, 0, told.join('\n'))
  t.match(told.at(-1), /^\d+ passed, \d+ not checked$/)
  t.equal(told.filter((line) => /^\d+ of \d+ {2}/.test(line)).length, situationNames.length)
  t.equal(payments.length, situationNames.length)
  const junit = readFileSync(join(dir, 'report.xml'), 'utf8')
  t.match(junit, /<testsuites name="Conformance of a terminal" tests="\d+" failures="0">/)
  t.equal(junit.match(/<testsuite /g)?.length, situationNames.length)
  t.match(
    readFileSync(join(dir, 'report.html'), 'utf8'),
    /<title>Conformance of a terminal<\/title>.*an approval is confirmed/s,
  )

  await t.test('one of the right ones with --trigger, and one that never comes', async (t) => {
    const lines: string[] = []
    const alone = { ...usual, situation: ['approved'] as SituationName[], json: true }
    const never = terminalConformance(alone, (line) => void lines.push(line), AbortSignal.timeout(300))
    t.equal(await never, 1, 'nothing was checked, which is not a pass')
    t.match(JSON.parse(lines.join('')), { passed: 0, failed: 0, skipped: 1, results: [{ why: 'no request came' }] })
    const options = ['--terminal', terminal.terminal, '--store', terminal.store, '--mac-key', join(dir, 'key.txt')]
    const send = [
      'send',
      'payment',
      '--card',
      card.track2,
      '--amount',
      '1.00',
      '--confirm',
      '--saved',
      join(dir, 'sent'),
    ]
    const command = [process.execPath, SIMULATOR, ...send, ...options, '--target', '$AKART_TARGET'].join(' ')
    lines.length = 0
    const code = await terminalConformance(
      { ...alone, trigger: command, patience: 20 },
      (line) => void lines.push(line),
      new AbortController().signal,
    )
    t.equal(code, 0, lines.join('\n'))
  })
})

t.test('rules on frames that no terminal above sends', (t) => {
  const frame = (number: number, mti: string, fields: Record<number, string>): Frame => ({
    number,
    atMs: number,
    clock: Date.UTC(2026, 10, 22, 17, 30),
    from: 'terminal',
    message: { mti, fields: { 7: '1122173005', 11: '000017', 12: '183005', 13: '1122', 41: 'T', 42: 'S', ...fields } },
    note: '',
    mac: null,
  })
  const story = (...frames: Frame[]) => ({ original: frames[0] ?? null, frames, before: [], terminal: null })
  const first = frame(1, '0200', { 4: '000000000100' })
  t.match(rules.freshKeys.judge(story(first, frame(2, '0200', { 4: '000000000200' }))), { ok: false, frames: [1, 2] })
  t.equal(rules.freshKeys.judge(story(first, frame(2, '0201', { 4: '000000000100' }))), null)
  t.match(rules.localTime.judge(story(frame(1, '0200', { 12: '243005' }))), {
    ok: false,
    seen: /DE12 and DE13 are 243005/,
  })
  t.equal(rules.localTime.judge(story(first)), null)
  t.equal(keyOf(saidBy([first], 'terminal')[0] ?? { mti: '', fields: {} }), '0200/S/T/000017/1122173005')
  t.equal(clockError('1231235959', Date.UTC(2027, 0, 1, 0, 0, 1)), 2_000, 'over the end of a year')
  t.end()
})

t.test('every situation asks for something', (t) => {
  for (const [name, { rules: asked }] of Object.entries(situations) as [string, Situation][])
    t.ok(asked.length > 0, name)
  t.end()
})

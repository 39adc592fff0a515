import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { switchConformance, type SwitchConformanceOptions } from '../../simulators/commands/conformance-switch.ts'
import { byteStage } from '../../simulators/conformance/byte-stage.ts'
import { frameChecks } from '../../simulators/conformance/frame-checks.ts'
import { messageChecks } from '../../simulators/conformance/message-checks.ts'
import { scenarioCheck } from '../../simulators/conformance/scenario-checks.ts'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import { reportJson, reportLines } from '../../simulators/conformance/report.ts'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { ownScenarios, readScenario } from '../../simulators/scenario/own.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { stampClock } from '../../simulators/terminal/stamp.ts'
import { startSwitch } from './akart-up.ts'
import { onTestServer } from '../up.ts'
import { configFile, LINES } from './fuzz-run.ts'
import { type Planted, plantedSwitch } from './planted-switch.ts'
import { plain } from './tell.ts'

const card = {
  number: '6299100000000047',
  track1: 'B6299100000000047^GIFT/CARD^49127220001234567',
  track2: '6299100000000047=49127220001234567',
  barcode: '6299100000000047',
  ecode: 'QRST7788VWXY9900',
  issue: 'OPEN',
  state: 'sold',
  balance: 150_00,
} as const
const terminal = {
  terminal: 'DEMO0001',
  store: '000000000000001',
  confirmation: 'explicit',
  mac: 'none',
  key: '',
} as const

t.test('Akart, on the lines of four profiles', { timeout: 600_000 }, async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'akart-conformance-'))
  const running = await startSwitch(home, null, configFile(home), await onTestServer(t))
  t.teardown(async () => {
    await running.stop()
    await rm(home, { recursive: true, force: true })
  })
  const lines = LINES.filter(({ profile }) => profile !== 'iso87-ascii')
  const options: SwitchConformanceOptions = {
    target: running.target,
    line: lines.map(({ name, profile, length, tpdu }) =>
      [profile, length, tpdu, running.listeners.get(name)].join(','),
    ),
    home,
    cards: undefined,
    terminals: undefined,
    maxFrame: 4096,
    confirmTimeout: 120,
    cases: true,
    jobs: 4,
    section: ['1', '2', '7', '8'],
    json: false,
  }
  const told: string[] = []
  const code = await switchConformance(options, (line) => void told.push(plain(line)))
  t.equal(code, 0, told.filter((line) => !line.startsWith('  ✓')).join('\n'))
  t.match(told.at(-1), /^\d\d checks passed, \d passed over$/)
  for (const head of ['1 Frames', '2 Profiles', '7 Lines', '8 Day end'])
    t.ok(
      told.some((line) => line.startsWith(head)),
      head,
    )

  const asJson: string[] = []
  const files = { junit: join(home, 'switch.xml'), report: join(home, 'switch.html') }
  await switchConformance(
    { ...options, ...files, line: [], section: ['1'], json: true },
    (line) => void asJson.push(line),
  )
  t.match(
    readFileSync(files.junit, 'utf8'),
    /<testsuites name="Conformance of a switch" tests="\d+" failures="0">\n  <testsuite name="1 Frames"/,
  )
  t.match(readFileSync(files.report, 'utf8'), /<h2>1 Frames<\/h2>.*a frame may come byte by byte/s)
  t.match(JSON.parse(asJson.join('')), { ok: true, failed: 0, checks: [{ section: '1', result: 'passed' }] })
})

t.test('a faulty switch fails the checks', async (t) => {
  const rows: [Planted, string, RegExp | null][] = [
    ['nothing', 'a message that is malformed is answered 30, with what could be read', /not echoed: 3, 12, 13/],
    ['nothing', 'ten in a row end the line', null],
    ['nothing', 'a payment with letters in the amount is refused', /DE44 does not name the field/],
    ['approves what is malformed', 'a payment cut by its last byte is refused', /expected 30, came 0210 00/],
    ['no answer to what is malformed', 'a payment with bytes left over is refused', /expected 30, came no answer/],
    ['ends the line for a bad message', 'a payment cut in the middle is refused', /the line was ended/],
    ['stays after nonsense', 'what is no frame at all ends the line', /the line was not ended/],
    [
      'answers somebody else',
      'many may come at once, and each is answered once',
      /100 were sent, 100 answers came, 0 fit/,
    ],
  ]
  const profiles = ownProfiles()
  const profile = profileNamed('iso87-ascii', profiles)
  const frame = { length: 'be2', tpdu: 'none', maxFrame: 4096 } as const
  const judged = rows.map(async ([planted, title, wanted]) => {
    const { target, server } = await plantedSwitch({ profile, frame, others: [] }, planted)
    const stage = byteStage(
      { profile, frame, others: [], door: { address: target, tls: null } },
      terminal,
      card,
      stampClock(Date.now),
    )
    const line = await stage.open()
    const found = await (frameChecks[title] ?? messageChecks[title])?.(stage, line)
    line.close()
    server.close()
    return { planted, title, wanted, found }
  })
  for (const { planted, title, wanted, found } of await Promise.all(judged)) {
    if (wanted === null) t.match(found, { result: 'passed' }, `${planted}: ${title}`)
    else t.match(found, { result: 'failed' }, `${planted}: ${title}`)
    if (wanted !== null && found?.result === 'failed') t.match(found.problems.join('; '), wanted)
    if (found !== undefined)
      t.ok(reportLines([{ check: { section: '1', title, run: async () => found }, finding: found, seconds: 0 }]))
  }
})

t.test('a check without a card or terminal counts as not checked, not as failed', async (t) => {
  const { target, server } = await plantedSwitch(
    {
      profile: profileNamed('iso87-ascii', ownProfiles()),
      frame: { length: 'be2', tpdu: 'none', maxFrame: 4096 },
      others: [],
    },
    'nothing',
  )
  t.teardown(() => void server.close())
  const demo = { cards: [], terminals: [terminal], keyTerminals: [] }
  const clerk = { list: async () => [], decide: async () => null, clear: async () => null }
  const peer = usualPeer(target)
  const settings = { peer, currency: '985', demo, stamp: stampClock(Date.now), used: new Set<DemoCard>(), clerk }
  const checks = { settings: { ...settings, given: null, seed: 1, keepGoing: false }, confirmTimeout: 120, cases: true }
  const rows = [
    ['first-sale', /^card gift: no unused card of OPEN that is sellable among 0/],
    ['macs', /^there is no terminal DEMO0002 in terminals\.csv$/],
  ] as const
  const all = []
  for (const [name, why] of rows) {
    const check = scenarioCheck(readScenario(name), '3', checks)
    const found = await check.run()
    t.match(found, { result: 'not checked', why }, name)
    all.push({ check, finding: found, seconds: 0 })
  }
  t.match(
    plain(reportLines(all).join('\n')),
    /3 Messages {2}0 of 0\n {2}\? .*\n.*0 checks passed, 2 could not be checked$/s,
  )
  t.match(reportJson(all), { ok: true, failed: 0, notChecked: 2 })
})

t.test('every scenario says which section it is about', (t) => {
  for (const { file, section } of ownScenarios()) t.not(section, null, file)
  t.end()
})

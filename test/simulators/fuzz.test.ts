import { readFileSync } from 'node:fs'
import t from 'tap'
import { toEbcdic } from '../../src/iso8583/cp037.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { lacksForEcho } from '../../simulators/fuzz/carried.ts'
import { drawFrame, type FuzzLine } from '../../simulators/fuzz/frames.ts'
import { fuzz } from '../../simulators/fuzz/fuzz.ts'
import { maskedHex } from '../../simulators/fuzz/masked-hex.ts'
import { judge } from '../../simulators/fuzz/oracle.ts'
import { onTestServer } from '../up.ts'
import { fuzzAkart } from './fuzz-run.ts'
import { PLANTED, type Planted, plantedSwitch } from './planted-switch.ts'

const card: DemoCard = {
  number: '6299100000000047',
  track1: 'B6299100000000047^GIFT/CARD^49127220001234567',
  track2: '6299100000000047=49127220001234567',
  barcode: '6299100000000047',
  ecode: 'QRST7788VWXY9900',
  issue: 'OPEN',
  state: 'sold',
  balance: 150_00,
}
const terminals: DemoTerminal[] = [
  { terminal: 'DEMO0001', store: '000000000000001', confirmation: 'explicit', mac: 'none', key: '' },
  { terminal: 'DEMO0002', store: '000000000000001', confirmation: 'explicit', mac: 'retail', key: '11'.repeat(16) },
]
const cast = { cards: [card], terminals, keyTerminals: [] }
const profiles = ownProfiles()
const lineOf = (name: string, tpdu: 'none' | 5 = 'none'): FuzzLine => ({
  profile: profileNamed(name, profiles),
  frame: { length: 'be2', tpdu, maxFrame: 4096 },
  others: profiles.filter((other) => other.name !== name),
})

const FRAMES = 4_000
t.test('16,000 frames on the lines of four profiles', { timeout: 900_000 }, async (t) => {
  const seed = Date.now() % 2 ** 32
  const { troubles, told, missed, asked, grown, stopped, ledger } = await fuzzAkart(FRAMES, seed, await onTestServer(t))
  for (const line of told) t.comment(line)
  t.same(troubles, [], `every frame got what it has to (seed ${seed})`)
  t.same(missed, [], 'the terminal beside them missed no answer')
  t.ok(asked > 5, `it asked ${asked} times`)
  t.ok(grown.mebibytes < 256, `the process grew by ${grown.mebibytes.toFixed(0)} MiB`)
  t.ok(grown.files < 30, `and by ${grown.files} open files`)
  t.equal(ledger.code, 0, ledger.said)
  t.equal(stopped, 0, 'it was there to be stopped')
})

t.test('a frame is the same whenever it is drawn, and others are others', (t) => {
  for (const { name } of profiles) {
    const line = lineOf(name, 5)
    const all = Array.from({ length: 300 }, (_, number) => drawFrame(line, 7, number, cast))
    const again = all.toReversed().filter(({ number, bytes }) => !drawFrame(line, 7, number, cast).bytes.equals(bytes))
    t.same(again, [], name)
    t.ok(new Set(all.map(({ bytes }) => bytes.toString('hex'))).size > 290)
    t.ok(new Set(all.map(({ what }) => what)).size > 20, 'many kinds of wrong')
  }
  t.end()
})

t.test("a dialect of somebody's own has less than ours, and shorter", (t) => {
  const [text = ''] = /(?<=```yaml\n)name: tills[^`]*/.exec(readFileSync('docs/dialects.md', 'utf8')) ?? []
  const dialects = [text, text.replace('LVAR..37', 'LVAR..20'), text.replace(/  (64|90|49):.*\n/g, '')]
  for (const [at, dialect] of dialects.entries()) {
    const profile = parseProfile(dialect, 'tills.yaml')
    const line: FuzzLine = { profile, frame: { length: 'ascii4', tpdu: 'none', maxFrame: 4096 }, others: profiles }
    const whole = Array.from({ length: 2_000 }, (_, number) => drawFrame(line, 5, number, cast)).filter(
      ({ what }) => what === 'nothing is wrong',
    )
    t.ok(whole.length > 10, `dialect ${at}`)
    for (const { bytes } of whole) t.match(judge(line, bytes), { closes: null, unreadable: 0, pending: false })
  }
  const blind = parseProfile(text.replace(/  (11|70):.*\n/g, ''), 'tills.yaml')
  t.same(lacksForEcho(blind), [11, 70])
  t.end()
})

t.test('a frame is shown without card data', (t) => {
  const secrets = ['6299100000000047', '4912722000123', '00123456', 'QRST7788VWXY9900'].map((text) => Buffer.from(text))
  for (const { name } of profiles) {
    const shown = Array.from({ length: 500 }, (_, number) => {
      const { bytes } = drawFrame(lineOf(name), 3, number, cast)
      return maskedHex(bytes, cast).toLowerCase()
    })
    for (const secret of secrets) {
      const codes = [secret.toString('hex'), Buffer.from(secret.map((code) => toEbcdic[code] ?? 0)).toString('hex')]
      for (const code of [...codes, secret.toString()])
        t.notOk(
          shown.some((hex) => hex.includes(code)),
          `${name}: no ${code.length} of it`,
        )
    }
    t.ok(
      shown.some((hex) => hex.includes('*')),
      `${name}: stars instead`,
    )
  }
  t.end()
})

t.test('the expected reaction to a frame', (t) => {
  const line = lineOf('iso87-ascii')
  const echo = Buffer.from('0800822000000080000004000000000000001125093000000001DEMO0001301', 'latin1')
  const head = Buffer.concat([
    echo.subarray(0, 4),
    Buffer.from('8220000000800000', 'hex'),
    Buffer.from('0400000000000000', 'hex'),
  ])
  const message = Buffer.concat([head, Buffer.from('1125093000000001DEMO0001301', 'latin1')])
  const framed = (body: Buffer) => encodeFrame(line.frame, body, null)
  const signature = '0810/1125093000/000001/DEMO0001/'
  const rows: [string, Buffer, object][] = [
    [
      'a good one',
      framed(message),
      { wanted: [{ signature, malformed: false }], unreadable: 0, closes: null, pending: false },
    ],
    ['bytes left over', framed(Buffer.concat([message, Buffer.of(0)])), { wanted: [{ signature, malformed: true }] }],
    ['no MTI', framed(Buffer.from('XXXX')), { wanted: [], unreadable: 1, closes: null }],
    ['an answer', framed(Buffer.concat([Buffer.from('0810'), message.subarray(4)])), { wanted: [], unreadable: 0 }],
    ['two', Buffer.concat([framed(message), framed(message)]), { wanted: [{ signature }, { signature }] }],
    ['a keep-alive', Buffer.from([0, 0]), { wanted: [], unreadable: 0, closes: null, pending: false }],
    ['one that does not end', framed(message).subarray(0, -1), { wanted: [], pending: true }],
    ['one that cannot be', Buffer.from('GET / HTTP/1.1'), { closes: { kind: 'too long' } }],
  ]
  for (const [what, bytes, wanted] of rows) t.match(judge(line, bytes), wanted, what)
  t.end()
})

for (const planted of Object.keys(PLANTED) as Planted[])
  t.test(`a switch: ${planted}`, async (t) => {
    const line = lineOf('iso87-ascii')
    const { target, server } = await plantedSwitch(line, planted)
    t.teardown(() => void server.close())
    const door = { address: target, tls: null }
    const wanted = PLANTED[planted]
    // Only what is found by silence is waited for in vain.
    const isSilence = wanted !== null && /no answer|not ended/u.test(wanted.source)
    const patienceMs = isSilence ? 1_000 : 60_000
    const trouble = await fuzz({ door, line, cast, seed: 11, from: 0, count: 400, lines: 2, patienceMs })
    if (wanted === null) t.equal(trouble, null)
    else {
      t.match(trouble?.what, wanted)
      t.ok((trouble?.frames.length ?? 0) > 0, 'the frames are named')
    }
  })

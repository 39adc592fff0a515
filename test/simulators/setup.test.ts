import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { chooseCard } from '../../simulators/setup/card.ts'
import type { LineOptions } from '../../simulators/setup/line-options.ts'
import { lineSetup } from '../../simulators/setup/line-setup.ts'
import { frameCutter, frameLengths, frameOf, USUAL_TPDU } from '../../simulators/terminal/framing.ts'
import { openLine } from '../../simulators/terminal/line.ts'
import { suggestions, type Unanswered } from '../../simulators/terminal/suggest.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { startHost, usualHost } from '../../simulators/host/host.ts'
import { authority } from '../switch/test-certificates.ts'

const KEY = '0123456789ABCDEFFEDCBA9876543210'
const NUMBER = '6299100000000047'
const TRACK2 = `${NUMBER}=49127220001234567`
const TRACK1 = `B${NUMBER}^GIFT/CARD^49127220001234567`

t.test('a line by options, by a till file, and by both', (t) => {
  const dir = t.testdir({ 'key.txt': `${KEY}\n` })
  const till = join(dir, 'till.yaml')
  writeFileSync(
    till,
    [
      'target: 10.1.2.3:9000',
      'profile: iso87-bcd',
      'length: ascii4',
      'tpdu: 6012345678',
      'tls: true',
      'tls-name: switch.test',
      'terminal: T1',
      'store: S1',
      'mac: aes-cmac',
      'mac-key: ./key.txt',
      'confirmation: next',
      'currency: 978',
      'home: nowhere',
    ].join('\n'),
  )
  t.match(lineSetup({ till }), {
    peer: {
      address: { host: '10.1.2.3', port: 9000 },
      framing: { length: 'ascii4', tpdu: Buffer.from('6012345678', 'hex') },
      wire: { profile: 'iso87-bcd', macBytes: 8 },
      tls: { name: 'switch.test', verify: true },
    },
    demo: { cards: [], terminals: [{ terminal: 'T1' }] },
    terminal: { terminal: 'T1', store: 'S1', confirmation: 'next', mac: 'aes-cmac', key: KEY },
    currency: '978',
    home: join(dir, 'nowhere'),
  })
  t.match(
    lineSetup({ till, profile: 'iso87-hex', tls: false, length: undefined, mac: 'none' }),
    {
      peer: { framing: { length: 'ascii4' }, wire: { profile: 'iso87-hex', macBytes: 16 }, tls: null },
      terminal: { mac: 'none', key: '' },
    },
    'what is typed goes before what is in the file',
  )
  t.end()
})

t.test('invalid settings are reported with their place, and keys are never shown', (t) => {
  const home = t.testdir()
  mkdirSync(join(home, 'demo'))
  writeFileSync(join(home, 'demo', 'cards.csv'), 'number,track1,track2,barcode,ecode,issue,state,balance\n')
  writeFileSync(join(home, 'demo', 'terminals.csv'), 'terminal,store,confirmation,mac,key\nDEMO0001,1,explicit,none,\n')
  const till = join(home, 'till.yaml')
  writeFileSync(till, 'target: a:1\nlenght: be2\nlength: be3\ntls: perhaps\n')
  const rows: readonly (readonly [LineOptions, RegExp])[] = [
    [
      { till },
      /till\.yaml:2: a till: unknown key 'lenght'.*\n.*till\.yaml:3: length 'be3' is not one of be2, .*\n.*:4: tls 'perhaps' is not true or false$/,
    ],
    [{ home, till: join(home, 'no.yaml') }, /^--till .*no\.yaml: no such file or directory \(ENOENT\)$/],
    [{ home, tpdu: '61' }, /^--tpdu 61: expected none, 5, or 5 bytes in hex/],
    [{ home, currency: 'PLN' }, /^--currency PLN: expected the three digits/],
    [{ home, tlsCert: till }, /^--tls-cert and --tls-key go together$/],
    [{ home, terminal: 'NOSUCH' }, /^--terminal NOSUCH: expected one of DEMO0001, or any with --store$/],
    [{ home, terminal: 'DEMO0001', mac: 'retail' }, /^--mac retail needs --mac-key$/],
    [{ home, terminal: 'DEMO0001', macKey: `${KEY}0` }, /^--mac-key: (?!.*0123)/],
    [{ home, mac: 'retail' }, /^--mac and --mac-key need --terminal$/],
    [{ home, target: 'nowhere' }, /^--target nowhere: expected HOST:PORT/],
    [{ home: join(home, 'else') }, /cards\.csv: no such file or directory \(ENOENT\).*make run/],
  ]
  for (const [options, wanted] of rows) t.throws(() => lineSetup(options), { message: wanted })
  t.match(lineSetup({ home, terminal: 'DEMO0001', macKey: KEY }), { terminal: { store: '1', mac: 'retail', key: KEY } })
  t.equal(lineSetup({ home }).terminal, null)
  t.end()
})

t.test('a card from anywhere', (t) => {
  const dir = t.testdir({
    track: `${TRACK2}\n`,
    'cards.csv': `number,track2\n${NUMBER},${TRACK2}\n`,
    nothing: 'hello\n',
  })
  const demo = [
    {
      number: '6299100000000013',
      track1: '',
      track2: '',
      barcode: '',
      ecode: 'AB',
      issue: 'OPEN',
      state: 'sold',
      balance: 5,
    },
  ] as const
  const rows: readonly (readonly [text: string, more: object, wanted: object])[] = [
    [NUMBER, {}, { number: NUMBER, track1: '', track2: '', ecode: '' }],
    ['6299 1000 0000 0047', { ecode: 'QRST' }, { number: NUMBER, ecode: 'QRST' }],
    [NUMBER, { tracks: `${TRACK1},${TRACK2}` }, { number: NUMBER, track1: TRACK1, track2: TRACK2 }],
    [`;${TRACK2}?`, {}, { number: NUMBER, track2: TRACK2 }],
    [`%${TRACK1}?`, {}, { number: NUMBER, track1: TRACK1 }],
    [join(dir, 'track'), {}, { number: NUMBER, track2: TRACK2 }],
    [join(dir, 'cards.csv'), {}, { number: NUMBER, track2: TRACK2, state: 'sold' }],
    [
      '6299100000000013',
      { tracks: '6299100000000013=4912' },
      { ecode: 'AB', track2: '6299100000000013=4912', balance: 5 },
    ],
    ['sold', {}, { number: '6299100000000013' }],
  ]
  for (const [text, more, wanted] of rows) t.match(chooseCard(text, more, demo), wanted, text)
  t.throws(() => chooseCard('solld', {}, demo), {
    message: /^--card solld: expected a number, a track, a file, or one of/,
  })
  t.throws(() => chooseCard('sold:2', {}, demo), { message: /there are 1 demo cards of OPEN that are sold/ })
  t.throws(() => chooseCard(join(dir, 'nothing'), {}, demo), { message: /expected a number, a track, or a row/ })
  t.throws(() => chooseCard(NUMBER, { tracks: '12' }, demo), { message: /^--tracks: expected track 2/ })
  t.end()
})

t.test('frames, held against the switch’s own', (t) => {
  const body = Buffer.from('a message that is no message')
  for (const length of frameLengths)
    for (const tpdu of [null, USUAL_TPDU]) {
      const ours = frameOf({ length, tpdu }, body)
      t.same(ours, encodeFrame({ length, tpdu: tpdu === null ? 'none' : 5, maxFrame: 4096 }, body, tpdu))
      const came: Buffer[] = []
      const cutter = frameCutter({ length, tpdu }, (one) => void came.push(one))
      const all = Buffer.concat([ours, frameOf({ length, tpdu: null }, Buffer.alloc(0)), ours, ours.subarray(0, 9)])
      for (const byte of all) t.ok(cutter.push(Buffer.of(byte)))
      t.same(came, [body, body], `${length}, byte by byte, with a keep-alive between`)
      t.same(cutter.rest(), ours.subarray(0, 9))
    }
  const cutter = frameCutter({ length: 'ascii4', tpdu: null }, () => t.fail('no message'))
  t.notOk(cutter.push(Buffer.from('HTTP/1.1 400')))
  t.end()
})

t.test('what the first bytes suggest', (t) => {
  const profiles = ownProfiles()
  const fields = { 7: '1122173005', 11: '000017', 41: 'DEMO0001', 70: '301' }
  const message = pack(profileNamed('iso87-hex', profiles), { mti: '0800', fields })
  const own = { framing: { length: 'be2', tpdu: null }, tls: false, profile: 'iso87-hex' } as const
  const address = { host: '127.0.0.1', port: 1 }
  const none = Buffer.alloc(0)
  const line = (more: Partial<Unanswered>): Unanswered => ({
    ...own,
    address,
    kind: 'closed',
    sent: frameOf(own.framing, message),
    came: none,
    ...more,
  })
  const rows: readonly (readonly [title: string, Unanswered, RegExp])[] = [
    [
      'nothing came',
      line({}),
      /^Our first bytes were 00 .*ends the line there: TLS \(--tls\); .*--length ascii4 --tpdu none/,
    ],
    ['silence', line({ kind: 'silence' }), /another profile cannot read it and says nothing: iso87-ebcdic/],
    ['a TLS alert', line({ came: Buffer.from('15030100020246', 'hex') }), /it is a TLS alert: .*\(--tls\)/],
    ['a web server', line({ came: Buffer.from('HTTP/1.1 400 Bad Request') }), /HTTP server/],
    [
      'another length',
      line({ came: frameOf({ length: 'ascii4', tpdu: null }, message) }),
      /reads as iso87-hex: try --profile iso87-hex, --length ascii4 --tpdu none/,
    ],
    ['nothing known', line({ came: Buffer.from('00ff17ff', 'hex') }), /^What came begins with 00 FF 17 FF\.$/],
  ]
  for (const [title, given, wanted] of rows) t.match(suggestions(given, profiles).join('\n'), wanted, title)
  t.end()
})

t.test('a line over TLS, with certificates on both sides', async (t) => {
  const ca = await authority('CN=Test')
  const server = await ca.issue('CN=switch.test')
  const till = await ca.issue('CN=till')
  const dir = t.testdir({ 'ca.pem': ca.cert, 'cert.pem': till.cert, 'key.pem': till.key })
  const tls = { cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true }
  const host = await startHost({ ...usualHost(), tls })
  t.teardown(host.stop)
  const usual = { target: `127.0.0.1:${host.port}`, home: dir, terminal: 'T1', store: 'S1' }
  const mutual = { tlsCert: join(dir, 'cert.pem'), tlsKey: join(dir, 'key.pem'), tlsCa: join(dir, 'ca.pem') }
  const echo = async (options: LineOptions): Promise<string> => {
    const { peer } = lineSetup({ ...usual, ...options })
    const opened = await openLine(peer)
    if (!opened.ok) return opened.reason
    const packed = peer.wire.write({
      mti: '0800',
      fields: { 7: '1125093000', 11: '000001', 41: 'T1      ', 70: '301' },
    })
    if (!packed.ok) throw new Error(packed.reason)
    const reply = await opened.line.ask(packed.bytes, 'T1/000001', 5_000)
    await opened.line.close('close')
    return reply.kind
  }
  t.equal(await echo({ ...mutual, tlsName: 'switch.test' }), 'answer')
  t.match(await echo({ ...mutual }), /ALTNAME_INVALID.*--tls-name NAME/)
  t.match(await echo({ tls: true, tlsName: 'switch.test' }), /--tls-ca FILE, or --no-tls-verify/)
  t.not(await echo({ tls: true, tlsVerify: false }), 'answer', 'without a certificate of its own')
  const plain = await startHost(usualHost())
  t.teardown(plain.stop)
  t.match(await echo({ target: `127.0.0.1:${plain.port}`, tls: true, tlsVerify: false }), /cannot connect|without TLS/)
})

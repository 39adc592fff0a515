import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import t from 'tap'
import { listenForSignals } from '../../src/app/signals.ts'
import { createDeframer, encodeFrame } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { ASCII, BE2, until } from '../switch/listening.ts'
import { authority, type Issued, pemDirectory } from '../switch/test-certificates.ts'
import { onTestServer, upForTest } from '../up.ts'
import { type Outcome, warmAkart } from '../warm-akart.ts'

/* Lines as their operator has them: a configuration with TLS, certificates that are bound and renewed, a sign-on. */

const write = await pemDirectory(t)
const ca = await authority('CN=Terminals')
const own = await ca.issue('CN=switch.test')
const tillOne = await ca.issue('CN=Till 1')
const tillFile = await write('till.pem', tillOne.cert)
const certificate = await write('switch.pem', own.cert)
const key = await write('switch.key', own.key)
const config = await write(
  'akart.yaml',
  `listeners:\n  - { name: iso, port: 0, tls: mutual, certificate: ${certificate}, key: ${key}, ca: ${await write('ca.pem', ca.cert)} }\n`,
)
const environment = await onTestServer(t)
const akart = await upForTest(t, environment, null, ['--config', config])

const warm = warmAkart(t, environment)
const command = (...words: string[]): Promise<Outcome> => warm(...words, '--home', akart.home)

async function open({ cert, key }: Issued) {
  const socket: TLSSocket = connectTls({ ...akart.iso, ca: ca.cert, servername: 'switch.test', cert, key })
  await once(socket, 'secureConnect')
  t.teardown(async () => void socket.destroy())
  const answers: Message[] = []
  const deframer = createDeframer(BE2)
  socket.on('data', (chunk: Buffer) => {
    deframer.push(chunk, (body) => {
      const unpacked = unpack(ASCII, body)
      if (unpacked.ok) answers.push(unpacked.message)
    })
  })
  /** DE7 of now: a message of another month is refused. */
  const SENT = new Date()
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(4, 14)
  let stan = 0
  const ask = async (mti: string, more: Message['fields']): Promise<string> => {
    const before = answers.length
    const fields = { 7: SENT, 11: String(++stan).padStart(6, '0'), 41: 'DEMO0001', ...more }
    socket.write(encodeFrame(BE2, pack(ASCII, { mti, fields }), null))
    await until(() => answers.length > before)
    const answer = answers[before]?.fields
    return answer === undefined ? 'silence' : [answer[39], answer[44]].filter(Boolean).join(' ')
  }
  return { socket, ask }
}

/** Changes of the registry are seen within a second. */
async function eventually(ask: () => Promise<string>, wanted: string): Promise<string> {
  let last = await ask()
  for (let i = 0; i < 600 && last !== wanted; i++) {
    await sleep(100)
    last = await ask()
  }
  return last
}

const echo = { 70: '301' }

t.test('a certificate opens a terminal once it is bound, and no longer once it is not', async (t) => {
  const { ask } = await open(tillOne)
  t.equal(await ask('0800', echo), '58 TERMINAL')
  t.match(await command('certificates', 'list'), { code: 0, said: 'no certificate is bound' })
  const bound = await command('certificates', 'bind', tillFile, '--terminal', 'DEMO0001', '--by', 'subject')
  t.match(bound, { code: 0, said: /^bound: terminal +DEMO0001 +subject +CN=Till 1$/ })
  t.equal(await eventually(() => ask('0800', echo), '00'), '00', 'also on a line that is open')
  t.equal(await ask('0800', { ...echo, 41: 'DEMO0006' }), '58 TERMINAL')
  const rows: [string[], number, RegExp][] = [
    [['list'], 0, /^WHAT +CODE +BY +NAME\nterminal +DEMO0001 +subject +CN=Till 1$/],
    [['unbind', tillFile, '--terminal', 'DEMO0001'], 1, /^akart: terminal DEMO0001 is not bound to fingerprint [0-9a-f]{64}$/],
    [['bind', tillFile, '--terminal', 'NOBODY'], 1, /^akart: there is no terminal NOBODY$/],
    [['bind', tillFile], 2, /akart: give either --terminal or --store$/],
    [['unbind', tillFile, '--terminal', 'DEMO0001', '--by', 'subject'], 0, /^no longer bound: /],
    [['bind', config, '--store', '000000000000001'], 1, /^akart: .*akart\.yaml holds no certificate$/],
  ] // prettier-ignore
  for (const [words, code, said] of rows)
    t.match(await command('certificates', ...words), { code, said }, words.join(' '))
  t.equal(await eventually(() => ask('0800', echo), '58 TERMINAL'), '58 TERMINAL')
  await command('certificates', 'bind', tillFile, '--store', '000000000000001')
  t.equal(await eventually(() => ask('0800', echo), '00'), '00')
})

t.test('a terminal is told to sign on', async (t) => {
  const { ask } = await open(tillOne)
  const balance = {
    3: '316000',
    12: '110000',
    13: '1125',
    22: '022',
    35: '6299100000000047=49127220001234567',
    42: '000000000000001',
  }
  t.match(await command('sign-on', 'DEMO0001', '--required'), { code: 0, said: 'DEMO0001: sign-on required' })
  t.equal(await eventually(() => ask('0100', balance), '58 SIGNON'), '58 SIGNON')
  t.equal(await ask('0800', { 70: '001' }), '00')
  t.not(await ask('0100', balance), '58 SIGNON')
  t.match(await command('sign-on', 'DEMO0001'), { code: 2, said: /give either --required or --free$/ })
  t.match(await command('sign-on', 'DEMO0001', '--free'), { code: 0 })
})

t.test('SIGHUP takes renewed certificates for new lines, and stops nothing', async (t) => {
  const before = await open(tillOne)
  const next = await ca.issue('CN=switch.test')
  await write('switch.key', next.key)
  await writeFile(certificate, next.cert)
  process.kill(akart.pid, 'SIGHUP')
  const log = join(akart.home, 'log', 'akart.log')
  while (!(await readFile(log, 'utf8')).includes('certificates read again')) await sleep(20)
  const serial = ({ socket }: { readonly socket: TLSSocket }): string => socket.getPeerCertificate().serialNumber
  t.not(serial(await open(tillOne)), serial(before))
  t.equal(await before.ask('0800', echo), '00', 'the line of before goes on')
  t.equal(await akart.stop(), 0)
})

t.test('a hang-up stops where the terminal of the start is gone, else it renews', async (t) => {
  const rows: [string, boolean, boolean, 'stops' | 'renews'][] = [
    ['a daemon', false, false, 'renews'],
    ['in a window that is open', true, true, 'renews'],
    ['in a window that was closed', true, false, 'stops'],
  ]
  for (const [title, atStart, now, expected] of rows) {
    const others = process.listeners('SIGHUP')
    const looks = [atStart, now]
    const { stop, onRenew } = listenForSignals(() => looks.shift() ?? false)
    const outcome = Promise.race([stop.then(() => 'stops'), new Promise((resolve) => onRenew(() => resolve('renews')))])
    for (const listener of process.listeners('SIGHUP')) if (!others.includes(listener)) listener('SIGHUP')
    t.equal(await outcome, expected, title)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      for (const listener of process.listeners(signal).slice(-1)) process.off(signal, listener)
    }
  }
})

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { demoTerminals } from '../src/demo/setting.ts'
import type { DemoCard } from '../src/demo/cards.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { readSecrets } from '../src/home/secrets.ts'
import { encodeFrame, type FrameSettings } from '../src/iso8583/frame.ts'
import type { Message } from '../src/iso8583/message.ts'
import { pack } from '../src/iso8583/pack.ts'
import { toUrl } from '../src/db/access.ts'
import { migrate } from '../src/db/migrations.ts'
import { cardCanaries, findCanaries, keyCanaries } from './canaries.ts'
import { PROFILES } from './iso8583/profiles.ts'
import { startLoggyServer } from './loggy-server.ts'
import { productionIn } from './production.ts'
import { type Place, upForTest } from './up.ts'
import { AKART } from './programs.ts'

/**
 * A thief with the disk: a production installation with every kind of message, whole and damaged, logs at level debug,
 * the output of commands, a database server that logs every statement, both killed and stopped in between. No file but
 * secrets.json contains a whole number, discretionary data, an eCode or a key, in text or in binary.
 */

const directory = await mkdtemp(join(tmpdir(), 'akart-thief-'))
const home = join(directory, 'home')
t.teardown(() => rm(directory, { recursive: true, force: true }))
const server = await startLoggyServer(join(directory, 'server'))
t.teardown(() => server.kill('SIGKILL'))
const access = { ...server.access, database: 'akart' }
await createDatabase(access)
await migrate(access)
await mkdir(home, { recursive: true, mode: 0o700 })
const { cards, keys } = await productionIn(access, join(home, 'secrets.json'))
const environment = { AKART_DATABASE_URL: toUrl(access), AKART_LOG_LEVEL: 'debug' }

const sold = cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN').slice(0, 2)
const fresh = cards.filter(({ state, issue }) => state === 'sellable' && issue === 'OPEN').slice(0, 2)

/** DE7 of now. */
const SENT = new Date()
  .toISOString()
  .replaceAll(/[^0-9]/g, '')
  .slice(4, 14)

/** Every message of the interface with card data wherever it may carry some, and more than it may. */
function talkAbout(card: DemoCard, other: DemoCard, stan: () => string): Message[] {
  const { number, track1, track2, ecode } = card
  const common = () => ({
    3: '006000', 7: SENT, 11: stan(), 12: '183005', 13: '1122', 41: 'DEMO0001', 42: '000000000000001', 49: '985',
  }) // prettier-ignore
  const money = { 4: '000000001000' }
  const swipe = { 22: '022', 35: track2 }
  const code = { 22: '812', 2: number, 62: ecode }
  const original = { 90: `0200${'000001'}1122173005${'0'.repeat(22)}` }
  const rows: [string, Record<number, string | undefined>][] = [
    ['0200', { ...money, ...swipe }],
    ['0201', { ...money, 22: '022', 45: track1 }],
    ['0200', { ...money, ...code }],
    ['0200', { ...money, ...code, 62: other.ecode }],
    ['0200', { ...money, 22: '022', 35: `${track2.slice(0, -1)}0` }],
    ['0200', { ...money, 3: '900060', 22: '012', 2: number }],
    ['0200', { ...money, 3: '210060', 22: '032', 2: number }],
    ['0200', { ...money, 3: '200060', ...swipe }],
    ['0200', { ...money, 3: '616000', ...swipe }],
    ['0200', { 3: '406060', ...swipe, 103: other.number }],
    ['0100', { 3: '316000', ...code }],
    ['0220', { ...money, ...swipe }],
    ['0202', { ...original }],
    ['0400', { ...original, ...money, 35: track2 }],
    ['0420', { ...original, ...money, 45: track1 }],
    ['0600', { 3: '730000', ...swipe, 25: '00' }],
    ['0600', { 3: '740000', ...swipe }],
    ['0300', { ...money, ...swipe }],
    ['0210', { ...money, ...swipe }],
    ['0800', { 70: '301', 2: number, 35: track2 }],
    // Messages that no terminal should send: an unknown terminal, both tracks at once, a contradictory entry mode.
    ['0200', { ...money, ...swipe, 41: 'NOBODY01' }],
    ['0200', { ...money, ...swipe, 45: track1 }],
    ['0200', { ...money, ...swipe, 22: '812', 62: ecode }],
    ['0200', { ...money, ...swipe, 41: 'DEMO0002' }],
  ]
  return rows.map(([mti, fields]) => ({ mti, fields: defined({ ...common(), ...fields }) }))
}

const defined = (fields: Record<number, string | undefined>): Message['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Message['fields']

/** The message, and cut, lengthened and bent in many ways. */
function damaged(body: Buffer, card: DemoCard): Buffer[] {
  const bent = (at: number): Buffer => {
    const copy = Buffer.from(body)
    copy[at] = (copy[at] ?? 0) ^ 0x15
    return copy
  }
  return [
    body,
    ...[1, 2, 3, 9, 20, 30].map((bytes) => body.subarray(0, -bytes)),
    Buffer.concat([body, Buffer.from(card.number)]),
    Buffer.concat([body, Buffer.from(card.track2 + card.number)]),
    ...Array.from({ length: 5 }, (_, i) => bent(Math.floor((body.length * i) / 5))),
  ]
}

const FRAMES = {
  iso: { profile: PROFILES['iso87-ascii'], frame: { length: 'be2', tpdu: 'none', maxFrame: 4096 } },
  bcd: { profile: PROFILES['iso87-bcd'], frame: { length: 'be2', tpdu: 5, maxFrame: 4096 } },
} as const satisfies Record<string, { profile: unknown; frame: FrameSettings }>
const TPDU = Buffer.from([0x60, 0, 1, 0, 2])

/** Sends everything, on a new line for each message: ten unreadable ones in a row end a line. Returns the bytes of answers. */
async function talk(kind: keyof typeof FRAMES, { host, port }: Place): Promise<number> {
  const { profile, frame } = FRAMES[kind]
  let number = 0
  let answered = 0
  const stan = (): string => String(++number).padStart(6, '0')
  for (const [i, card] of [...sold, ...fresh.slice(1)].entries()) {
    for (const message of talkAbout(card, fresh[(i + 1) % 2] ?? card, stan)) {
      const socket = connect(port, host)
      socket.on('data', (chunk: Buffer) => (answered += chunk.length))
      socket.on('error', () => {})
      for (const body of damaged(pack(profile, message), card)) {
        socket.write(encodeFrame(frame, body, frame.tpdu === 5 ? TPDU : null))
      }
      socket.end()
      await once(socket, 'close')
    }
  }
  return answered
}

const { cardMaster, numberKeys } = await readSecrets(join(home, 'secrets.json'))
const canaries = [
  ...[...sold, ...fresh].flatMap(cardCanaries),
  ...keyCanaries('card master key', cardMaster),
  ...[...numberKeys].flatMap(([id, key]) => keyCanaries(`PAN key ${id}`, key)),
  ...(['lookup', 'seal', 'check', 'ecode'] as const).flatMap((name) => keyCanaries(`${name} key`, keys[name])),
  ...demoTerminals.flatMap(({ id, key }) => (key === null ? [] : keyCanaries(`key of ${id}`, Buffer.from(key, 'hex')))),
]

void t.test('what is searched for would be found', async (t) => {
  const there = join(directory, 'there')
  await mkdir(there)
  await writeFile(join(there, 'all'), Buffer.concat(canaries.map(({ bytes }) => bytes)))
  await writeFile(join(there, 'allowed'), Buffer.concat(canaries.map(({ bytes }) => bytes)))
  t.equal((await findCanaries(there, canaries, ['allowed'])).found.length, canaries.length)
  await rm(there, { recursive: true })
})

void t.test('no file holds card data or keys', { timeout: 240_000 }, async (t) => {
  for (const [round, end] of (['SIGKILL', 'SIGTERM'] as const).entries()) {
    const akart = await upForTest(t, environment, home)
    if (round === 0) await noDumps(t, akart.pid)
    t.ok((await talk('iso', akart.iso)) > 10_000, 'answers to text')
    t.ok((await talk('bcd', akart.bcd)) > 5_000, 'answers to BCD')
    const metrics = await fetch(`http://${akart.http.host}:${akart.http.port}/metrics`)
    await writeFile(join(directory, `metrics-${round}`), await metrics.text())
    await writeFile(join(directory, `environ-${round}`), await readFile(`/proc/${akart.pid}/environ`))
    await writeFile(join(directory, `cmdline-${round}`), await readFile(`/proc/${akart.pid}/cmdline`))
    if (round === 1) await commands(t)
    await akart.stop(end)
    await writeFile(join(directory, `errors-${round}`), akart.errors())
  }
  // It writes what it was doing into its error log.
  await server.kill('SIGSEGV')
  await sleep(100)

  const log = await readFile(join(home, 'log', 'akart.log'), 'utf8')
  for (const [number] of log.matchAll(/(?<!\d)\d{17,}(?!\d)/gu)) t.fail(`a long number in the log: ${number}`)
  for (const { number } of sold) t.match(log, `${number.slice(0, 6)}******${number.slice(-4)}`, 'shown as they may be')
  const written = await readdir(join(directory, 'server'))
  for (const name of ['binlog.000001', 'general.log', 'slow.log', 'server.err']) t.ok(written.includes(name), name)
  const { files, found } = await findCanaries(directory, canaries, ['home/secrets.json'])
  t.ok(files > 100, `${files} files`)
  t.same(found, [])
})

/** Neither of the two processes can leave its memory on the disk. */
async function noDumps(t: { readonly equal: (found: unknown, wanted: unknown) => boolean }, pid: number) {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8')
  t.equal(/^Max core file size +(\S+) +(\S+)/mu.exec(limits)?.slice(1, 3).join(' '), '0 0')
  t.equal(Number.parseInt(await readFile(`/proc/${pid}/coredump_filter`, 'utf8'), 16), 0)
}

/** The output of the commands beside a running switch. */
async function commands(t: { readonly equal: (found: unknown, wanted: unknown) => boolean }): Promise<void> {
  for (const words of ['cases list --all --json', 'card-key list']) {
    const told = spawnSync(process.execPath, [AKART, ...words.split(' '), '--home', home], {
      env: { ...process.env, ...environment },
    })
    await writeFile(join(directory, words.replaceAll(' ', '')), Buffer.concat([told.stdout, told.stderr]))
    t.equal(told.status, 0)
  }
}

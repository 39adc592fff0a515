import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createConnection } from 'mysql2/promise'
import t from 'tap'
import { createDeframer, encodeFrame } from '../../src/iso8583/frame.ts'
import { mac } from '../../src/iso8583/mac.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { ASCII, BE2, until } from '../switch/listening.ts'
import { upForTest } from '../up.ts'
import { type Outcome, warmAkart } from '../warm-akart.ts'

/* A production installation from nothing: secrets, a store, its tills, a key, cards; one is sold and pays over TCP. */

const PROGRAM = fileURLToPath(new URL('../../src/cli/akart.js', import.meta.url))
const home = await mkdtemp(join(tmpdir(), 'akart-production-'))

const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(home, name), content)
  return join(home, name)
}

const init = spawnSync(process.execPath, [PROGRAM, 'init', '--home', home], { encoding: 'utf8' })
t.equal(init.status, 0, init.stderr)
t.match(init.stdout, /card key with check value/)
const up = await upForTest(t, {}, home)
const warm = warmAkart(t)
const akart = (...words: string[]): Promise<Outcome> => warm(...words, '--home', home)

async function open() {
  const socket = connect(up.iso.port, up.iso.host)
  await once(socket, 'connect')
  t.teardown(async () => void socket.destroy())
  const answers: Buffer[] = []
  const deframer = createDeframer(BE2)
  socket.on('data', (chunk: Buffer) => deframer.push(chunk, (body) => void answers.push(Buffer.from(body))))
  return async (body: Buffer): Promise<Message['fields']> => {
    const before = answers.length
    socket.write(encodeFrame(BE2, body, null))
    await until(() => answers.length > before)
    const unpacked = unpack(ASCII, answers[before] ?? Buffer.alloc(0))
    return unpacked.ok ? unpacked.message.fields : {}
  }
}
const ask = await open()

t.match(
  await akart('keys', 'master', 'rotate'),
  { code: 1, said: /no terminal has a key: there is nothing to rotate/i },
  'no terminal has a key yet',
)

/** DE7 of now: a message of another month is refused. */
const SENT = new Date()
  .toISOString()
  .replaceAll(/[^0-9]/g, '')
  .slice(4, 14)
let stan = 0
const message = (mti: string, terminal: string, more: Message['fields']): Message => ({
  mti,
  fields: { 7: SENT, 11: String(++stan).padStart(6, '0'), 12: '120000', 13: '1125', 41: terminal, ...more },
})
const codeOf = (fields: Message['fields']): string => [fields[39], fields[44]].filter(Boolean).join(' ')

/** Changes of the registry are seen within a second. */
async function eventually(terminal: string, wanted: string): Promise<string> {
  let last = ''
  for (let i = 0; i < 600 && last !== wanted; i++) {
    last = codeOf(await ask(pack(ASCII, message('0800', terminal, { 70: '301' }))))
    if (last !== wanted) await sleep(100)
  }
  return last
}

const STORE = '000000000000101'

t.test('a store and its tills, which a running switch takes up', async (t) => {
  t.same(await akart('store', 'list'), { code: 0, said: 'no stores' })
  const added = await akart('store', 'add', STORE, '--name', 'Łódź, Piotrkowska', '--who', 'anna')
  t.same(added, { code: 0, said: `store ${STORE}: open. Next: akart terminal add TERMINAL --store ${STORE}` })
  const till = await akart('terminal', 'add', 'TILL0001', '--store', STORE, '--who', 'anna')
  t.match(till, {
    code: 0,
    said: /^terminal TILL0001: in store 0+101, not served before it has a MAC key \(akart keys create TILL0001 mac\), a certificate/,
  })
  t.equal(await eventually('TILL0001', '58 TERMINAL'), '58 TERMINAL', 'it cannot prove who it is')
  t.match((await akart('terminal', 'list')).said, /^TILL0001 +0+101 +active +explicit +not served/m)
  t.match((await akart('terminal', 'show', 'TILL0001')).said, /\nproof +none: it is not served\n/)
  const open = await akart('terminal', 'set', 'TILL0001', '--unauthenticated', '--who', 'anna')
  t.match(open, { code: 0, said: /authentication needed → not needed/ })
  t.equal(await eventually('TILL0001', '00'), '00')

  t.match((await akart('store', 'list')).said, /^0{12}101 +open +985 PLN +Europe\/Warsaw +pl +1 +Łódź, Piotrkowska$/m)
  t.match((await akart('store', 'show', STORE)).said, /^store +0+101, open\nname +Łódź, Piotrkowska\ncurrency +985 PLN\ntime zone +Europe\/Warsaw\nlanguage +pl\nterminals +1\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}added {4}anna {2}name Łódź/) // prettier-ignore
  t.match(JSON.parse((await akart('store', 'show', STORE, '--json')).said), {
    code: STORE, currency: 985, timeZone: 'Europe/Warsaw', terminals: 1, changes: [{ who: 'anna', action: 'added' }],
  }) // prettier-ignore
})

t.test('what cannot be', async (t) => {
  const bad = await file('bad.csv', `terminal,store\nTILL0002,${STORE}\nTILL0003,SHOP\nTILL 4,${STORE}\n`)
  const rows: [string[], number, RegExp][] = [
    [['store', 'add', STORE, '--name', 'x'], 1, /^akart: store 0+101 already exists$/],
    [['store', 'add', 'A B', '--name', 'x'], 2, /^akart: the code of a store must be 1 to 15 ASCII characters .*; it is "A B", with " " in it$/],
    [['store', 'add', 'S1', '--currency', 'PLN', '--name', 'x'], 2, /^akart: --currency must be .*; it is PLN$/],
    [['store', 'add', 'S1'], 2, /^akart: --name is missing;/],
    [['store', 'set', STORE], 2, /akart: give --name, --currency, --time-zone, --language or --state$/],
    [['store', 'set', STORE, '--name', 'a', '--name', 'b'], 2, /^akart: --name is given twice$/],
    [['store', 'set', STORE, '--currency', '978'], 1, /^akart: store 0+101 has terminals \(1\), so its currency stays 985/],
    [['store', 'show', 'ŁÓDŹ'], 2, /^akart: the code of a store must be .*; it is "ŁÓDŹ", with "Ł" in it$/],
    [['terminal', 'set', 'TILL0001 ', '--state', 'active'], 2, /^akart: the code of a terminal must be .*with " " in it$/],
    [['terminal', 'add', 'TILL0001', '--store', STORE], 1, /^akart: terminal TILL0001 already exists, in store 0+101$/],
    [['terminal', 'add', 'TILL0002', '--store', 'S9'], 1, /^akart: terminal TILL0002 belongs to no store: there is no store S9$/],
    [['terminal', 'add', 'TILL0002'], 2, /^akart: --store is missing;/],
    [['terminal', 'set', 'TILL0001', '--unauthenticated', 'perhaps'], 2, /^akart: --unauthenticated must be yes or no; it is perhaps$/],
    [['terminal', 'set', 'TILL0001', '--confirmation', 'next'], 1, /stays explicit for now: first akart terminal set TILL0001 --state inactive/],
    [['terminal', 'import', bad], 1, /^akart: \S+bad.csv:3: TILL0003 belongs to no store: there is no store SHOP\n\S+:4: terminal must be [^\n]*\nnothing was saved$/],
    [['terminal', 'import', join(home, 'none.csv')], 2, /^akart: \S+none.csv: can't be read: no such file or directory \(ENOENT\)$/],
  ] // prettier-ignore
  const before = (await akart('terminal', 'list')).said
  for (const [words, code, said] of rows) t.match(await akart(...words), { code, said }, words.join(' '))
  t.equal((await akart('terminal', 'list')).said, before, 'nothing half done')
})

t.test('a chain at once', async (t) => {
  const stores = await file('stores.csv', 'store;name;time-zone\nLON;London;Europe/London\nGDA;Gdańsk;\n')
  t.same(await akart('store', 'import', stores), { code: 0, said: '2 stores added' })
  const lines = Array.from({ length: 1_500 }, (_, i) => `G${i},GDA,${i % 2 === 0 ? 'next' : ''},yes\n`)
  const tills = await file('tills.csv', `terminal,store,confirmation,unauthenticated\n${lines.join('')}`)
  const dry = await akart('terminal', 'import', tills, '--dry-run')
  t.same(dry, { code: 0, said: '1500 terminals could be added; nothing was saved' })
  t.same(await akart('terminal', 'list', '--store', 'GDA'), { code: 0, said: 'no terminals' })
  t.same(await akart('terminal', 'import', tills, '--who', 'ola'), { code: 0, said: '1500 terminals added' })
  t.match(await akart('terminal', 'import', tills), { code: 1, said: /\nand 1400 more\nnothing was saved$/ })
  t.equal(await eventually('G1499', '00'), '00')
  t.match((await akart('terminal', 'show', 'G1498')).said, /\nconfirmation +next\n[^]*added {4}ola {2}store GDA, /)
})

/** The two components together, as the till has it. */
async function keyOf(terminal: string): Promise<Buffer> {
  const parts = await Promise.all(
    [1, 2].map((n) => readFile(join(home, 'usb', `${terminal}-mac-component-${n}-of-2.txt`), 'utf8')),
  )
  const [one, other] = parts.map((text) => Buffer.from(text.split(' ')[0] ?? '', 'hex'))
  return Buffer.from((one ?? Buffer.alloc(0)).map((byte, i) => byte ^ (other?.[i] ?? 0)))
}

t.test('cards are made, one is sold and pays', async (t) => {
  await mkdir(join(home, 'usb'))
  const created = await akart('keys', 'create', 'TILL0001', 'mac', '--algorithm', 'aes', '--into', join(home, 'usb'))
  t.equal(created.code, 0, created.said)
  const key = await keyOf('TILL0001')
  const sealed = (unsealed: Message): Buffer => {
    // The last field of the bitmaps that there are.
    const last = unsealed.fields[90] === undefined ? 64 : 128
    const blank = pack(ASCII, { ...unsealed, fields: { ...unsealed.fields, [last]: '0'.repeat(16) } }).subarray(0, -8)
    return Buffer.concat([blank, mac('aes-cmac', key, blank)])
  }
  await mkdir(join(home, 'makers'), { recursive: true })
  await file('makers/maker.yaml', 'format: csv\nheader: true\nlineEnd: lf\ncolumns: [number, track2]\n')
  const issue = await file('xmas.yaml', `code: XMAS\nname: Xmas\nprefix: '62991726'\ncount: 3\nsaleMinimum: 20\nsaleMaximum: 500\npacks: no\nsoldIn: ${STORE}\n`) // prettier-ignore
  for (const words of [
    ['issue', 'create', issue],
    ['issue', 'generate', 'XMAS'],
    ['issue', 'export', 'XMAS', '--maker', 'maker', '--to', join(home, 'xmas.csv')],
    ['issue', 'activate', 'XMAS'],
  ]) {
    const { code, said } = await akart(...words)
    t.equal(code, 0, said)
  }
  const track = (await readFile(join(home, 'xmas.csv'), 'utf8')).split('\n')[1]?.split(',')[1] ?? ''
  // Some makers' files have sentinels, tills do not send them.
  const stripe = { 22: '022', 35: track.replace(/^;|\?.*$/gu, ''), 42: STORE, 49: '985' }
  const does = async (processing: string, amount: string): Promise<string> => {
    const request = message('0200', 'TILL0001', { 3: processing, 4: amount, ...stripe })
    const answer = codeOf(await ask(sealed(request)))
    if (answer !== '00') return answer
    const original = `0200${request.fields[11] ?? ''}${request.fields[7] ?? ''}`.padEnd(42, '0')
    const confirmed = await ask(sealed(message('0202', 'TILL0001', { 3: processing, 42: STORE, 90: original })))
    return `${answer}, ${codeOf(confirmed)}`
  }
  let sold = ''
  for (let i = 0; i < 600 && !sold.startsWith('00'); i++) {
    sold = await does('900060', '000000010000')
    if (!sold.startsWith('00')) await sleep(100)
  }
  t.equal(sold, '00, 00', 'sold and confirmed, once the switch knows of key and issue')
  t.equal(await does('006000', '000000003000'), '00, 00', 'it pays')
  t.match(await akart('ledger', 'verify'), {
    code: 0,
    said: /^3 cards, 2 transfers\ncurrency 985: on cards 7000, all other accounts -7000, together 0\nthe books agree(?:\n\d of 9 checks of the books, \d+ %)*$/,
  })
  t.match(await ask(pack(ASCII, message('0200', 'TILL0001', { 3: '006000', 4: '000000003000', ...stripe }))), {
    39: '63',
  })

  const unconfirmed = codeOf(await ask(sealed(message('0200', 'TILL0001', { 3: '006000', 4: '000000000100', ...stripe })))) // prettier-ignore
  t.equal(unconfirmed, '00')
})

t.test('closed and open, inactive and active again', async (t) => {
  const closed = await akart('store', 'set', STORE, '--state', 'closed', '--who', 'jan')
  t.match(closed, { code: 0, said: /^store 0+101: state open → closed\nnot confirmed yet: 1\. The timer reverses/ })
  const till = await akart('terminal', 'add', 'TILL0002', '--store', STORE, '--unauthenticated')
  t.equal(till.code, 0, 'before it opens again')
  t.equal(await eventually('TILL0002', '03 STORE'), '03 STORE')
  t.same(await akart('store', 'set', STORE, '--state', 'open'), {
    code: 0,
    said: `store ${STORE}: state closed → open`,
  })
  t.equal(await eventually('TILL0002', '00'), '00')
  const off = await akart('terminal', 'set', 'TILL0002', '--state', 'inactive')
  t.same(off, { code: 0, said: 'TILL0002: state active → inactive' })
  t.equal(await eventually('TILL0002', '58 TERMINAL'), '58 TERMINAL')
  t.same(await akart('terminal', 'set', 'TILL0002', '--state', 'inactive'), { code: 0, said: 'TILL0002: as it was' })
  t.equal((await akart('terminal', 'set', 'TILL0002', '--state', 'active')).code, 0)
  t.equal(await eventually('TILL0002', '00'), '00')
})

t.test(
  'what a name says does not steer the terminal that it is shown on, whoever wrote it into the database',
  async (t) => {
    const evil = '\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202etxt.exe \r\n fake'
    for (const word of [evil, 'a\u202eb', 'a\u200bb']) {
      t.match(await akart('store', 'set', STORE, '--name', word), { code: 2, said: /a name of up to 100 characters/ })
      t.match(await akart('counterparty', 'add', 'EVIL', '--name', word), { code: 2, said: /no control characters/ })
    }
    const database = await createConnection({
      socketPath: join(home, 'mariadb', 'socket', 'mariadb.sock'),
      user: 'root',
      database: 'akart',
    })
    await database.execute('UPDATE stores SET name = ? WHERE code = ?', [evil, STORE])
    await database.end()
    const { code, said } = await akart('store', 'list')
    t.equal(code, 0)
    t.notMatch(said.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    t.match(said, /\\u001b\[2J/)
  },
)

t.test('a long list reaches a slow reader whole', async (t) => {
  const words = ['terminal', 'list', '--store', 'GDA', '--json', '--home', home]
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: 'pipe' })
  let said = ''
  // Long enough for a program that does not wait for its reader to have gone; one that does is not hurried.
  await sleep(1_000)
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  t.equal(said.trim().split('\n').length, 1500)
  t.ok(said.length > 100_000)
})

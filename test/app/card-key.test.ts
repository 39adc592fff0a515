import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { copyFile, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { openNumber } from '../../src/cards/seal.ts'
import { deriveCardKeys, deriveNumberKeys } from '../../src/cards/keys.ts'
import { readSecrets } from '../../src/home/secrets.ts'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import type { Answer } from '../conformance/line.ts'
import { openTill, type Till } from '../conformance/till.ts'
import type { Message } from '../conformance/wire.ts'
import { MAY_BE_SILENT } from '../database.ts'
import { everyChangeIsAudited } from '../office/audit-watch.ts'
import { productionDatabase } from '../production.ts'
import { upForTest, type RunningAkart } from '../up.ts'
import { AKART } from '../programs.ts'

/*
 * Card numbers move to a new key while two switches on two machines pay with these cards, the mover is killed in the
 * middle, and one machine gets the new key too late.
 */

const MORE_CARDS = 1_500
const PAYING = 60
const near = await mkdtemp(join(tmpdir(), 'akart-near-'))
const far = await mkdtemp(join(tmpdir(), 'akart-far-'))
const { access, cards } = await productionDatabase(t, join(near, 'secrets.json'), MORE_CARDS)
const environment = { AKART_DATABASE_URL: toUrl(access) }
await copyFile(join(near, 'secrets.json'), join(far, 'secrets.json'))
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())
await everyChangeIsAudited(t, access, connection)
// Traces of one of them: what tells a frame's way tells no number.
const traces: string[] = []
const collector = createServer((request, response) => {
  void text(request).then((body) => {
    traces.push(body)
    response.end('{}')
  })
}).listen(0, '127.0.0.1')
await once(collector, 'listening')
t.teardown(() => void collector.close())
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`
let here = await upForTest(t, { ...environment, AKART_TRACING_ENDPOINT: endpoint }, near)
const there = await upForTest(t, environment, far)
const paying = cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN').slice(0, PAYING)

const tillAt = ({ iso }: RunningAkart, name: string): Promise<Till> =>
  openTill(
    {
      address: () => `${iso.host}:${iso.port}`,
      terminal: (terminal) => ({ terminal, store: '000000000000001', mac: 'none', key: '' }),
    },
    name,
  )

const pay = (till: Till, i: number): Message =>
  till.message('0200', { 3: '006000', 4: '000000000010', 22: '022', 35: paying[i % PAYING]?.track2, 49: '985' })

type Run = { readonly child: ReturnType<typeof spawn>; readonly said: string[]; readonly ended: Promise<number | null> }

function cardKey(words: readonly string[], heard: (line: string) => void = () => {}): Run {
  const child = spawn(process.execPath, [AKART, 'card-key', ...words, '--home', near], {
    env: { ...process.env, ...environment },
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line)
      heard(line)
    })
  }
  return { child, said, ended: once(child, 'close').then(([code]) => code as number | null) }
}

async function under(): Promise<Record<string, number>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT number_key AS id, COUNT(*) AS cards FROM cards GROUP BY number_key',
  )
  return Object.fromEntries(rows.map(({ id, cards }) => [String(id), Number(cards)]))
}

void t.test('numbers move to a new key beside traffic', { timeout: 400_000 }, async (t) => {
  const till = await tillAt(here, 'DEMO0004')
  const first: { readonly message: Message; readonly answer: Answer }[] = []
  const codes = new Map<string, number>()
  let going = true
  const traffic = (async () => {
    for (let i = 0; going; i++) {
      const message = pay(till, i)
      const answer = await till.send(message)
      if (i < PAYING) first.push({ message, answer })
      codes.set(answer.fields[39] ?? '', (codes.get(answer.fields[39] ?? '') ?? 0) + 1)
      await sleep(2)
    }
  })()

  // The last number waits for this lock, so that the mover cannot end before it is killed.
  await connection.query(MAY_BE_SILENT)
  await connection.query('BEGIN')
  await connection.query('SELECT id FROM cards ORDER BY id DESC LIMIT 1 FOR UPDATE')
  const killed = cardKey(['rotate'], (line) => {
    if (/^\d+00 of \d+ numbers moved/.test(line)) killed.child.kill('SIGKILL')
  })
  t.equal(await killed.ended, null, 'killed in the middle')
  const halfway = await under()
  await connection.query('ROLLBACK')
  t.ok((halfway['1'] ?? 0) > 0 && (halfway['2'] ?? 0) > 0, JSON.stringify(halfway))
  const listed = cardKey(['list'])
  await listed.ended
  t.match(listed.said, [
    /^KEY +CHECK +STATE +CARDS$/,
    /^ *2 {2}[0-9a-f]{6} {2}current +\d+$/,
    /^ *1 {2}[0-9a-f]{6} {2}leaving +\d+$/,
  ])

  const again = cardKey(['rotate'])
  t.equal(await again.ended, 0, again.said.join('\n'))
  t.match(again.said.join('\n'), /^\d+ of \d+ numbers moved from key 1 to key 2, 100 %/m)
  t.match(again.said.join('\n'), /the table of cards was rewritten/)
  t.match(
    again.said.join('\n'),
    // The log of the test's MariaDB, that of an installed one, and that of config/my.cnf on MySQL.
    /The redo log still has old seals until (?:(?:96|256) MiB more are written to it:\nuntil Innodb_lsn_current|256 MiB more are written to it:\nuntil Innodb_redo_log_current_lsn)/,
  )
  t.match(again.said.join('\n'), /^no card number is kept under key 1 any more/m)
  const payments = codes.get('00') ?? 0
  // Every process looks at the keys once a second: so many more payments that it has looked, however slow the machine.
  const looked = performance.now() + 1_500
  while (performance.now() < looked || (codes.get('00') ?? 0) < payments + 20) await sleep(20)
  going = false
  await traffic
  t.same([...codes.keys()], ['00'], `${payments} payments, none declined for the change of keys`)
  t.same(await under(), { '2': cards.length + MORE_CARDS })

  for (const { message, answer } of first) {
    const repeat = await till.send({ ...message, mti: '0201' })
    if (!repeat.bytes.equals(answer.bytes)) t.fail('a repeat is answered as before the change')
  }
  const [one, two] = first
  const other = { ...one?.message, fields: { ...one?.message.fields, 35: two?.message.fields[35] } } as Message
  t.equal((await till.send(other)).fields[39], '94', 'the same key with another card')
  till.line().end()
  t.same((await verifyLedger(access)).faults, [])
})

void t.test('another machine without the key', async (t) => {
  const till = await tillAt(there, 'DEMO0001')
  const message = pay(till, 0)
  t.equal((await till.send(message)).fields[39], '96', 'not known to be no card: try again')
  const unready = await fetch(`http://${there.http.host}:${there.http.port}/readyz`)
  t.equal(unready.status, 503)
  t.match(await unready.text(), /a PAN key is missing/)
  t.match(there.errors(), /numberKeys\.2 is missing; numbers are kept under it/)

  await copyFile(join(near, 'secrets.json'), join(far, 'secrets.json'))
  const isReady = async () => (await fetch(`http://${there.http.host}:${there.http.port}/readyz`)).status === 200
  while (!(await isReady())) await sleep(50)
  t.equal((await till.send({ ...message, mti: '0201' })).fields[39], '00', 'without a restart')
  till.line().end()
})

void t.test('the old key can be removed', async (t) => {
  const text = await readFile(join(near, 'secrets.json'), 'utf8')
  const unasked = cardKey(['remove'])
  t.equal(await unasked.ended, 2, 'nobody can be asked')
  t.match(unasked.said, [/^akart: Remove key 1 from .*secrets\.json for good\? .* Say --yes/])
  t.equal(await readFile(join(near, 'secrets.json'), 'utf8'), text)
  const removed = cardKey(['remove', '--yes'])
  t.equal(await removed.ended, 0)
  t.same(removed.said, ['removed: key 1'])
  const { cardMaster, numberKeys } = await readSecrets(join(near, 'secrets.json'))
  t.same([...numberKeys.keys()], [2])
  t.match(text, cardMaster.toString('hex'), 'the card master stays')
  await here.stop()
  const all = traces.join('')
  for (const name of ['frame', 'wait', 'decide', 'commit']) t.match(all, `"name":"${name}"`)
  for (const { number } of paying) t.notOk(all.includes(number), 'no number in a trace')
  if (process.getuid?.() === 0) {
    const asRoot = upForTest(t, { ...environment, AKART_ALLOW_ROOT: 'false' }, near)
    await t.rejects(asRoot, /does not serve a production database as root: start it as a user of its own/u)
  }
  here = await upForTest(t, environment, near)
  const till = await tillAt(here, 'DEMO0004')
  t.equal((await till.send(pay(till, 1))).fields[39], '00', 'after a restart with the new key alone')
  till.line().end()

  const keys = deriveCardKeys(cardMaster, deriveNumberKeys(numberKeys.get(2) ?? Buffer.alloc(0), 2))
  const [rows] = await connection.query<RowDataPacket[]>('SELECT number_sealed, first_six, last_four FROM cards')
  const opened = new Set(
    rows.map((row) => {
      const number = openNumber(keys, row['number_sealed'] as Buffer)
      return number.startsWith(String(row['first_six'])) && number.endsWith(String(row['last_four'])) ? number : ''
    }),
  )
  t.equal(opened.size, cards.length + MORE_CARDS, 'every number opens, and is the one it was')
  for (const { number } of cards) if (!opened.has(number)) t.fail('a number is lost')
})

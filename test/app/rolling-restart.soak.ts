import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Akart, Card } from '../conformance/akart.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { SQL_DIRECTORY } from '../../src/db/migration-files.ts'
import { migrate } from '../../src/db/migrations.ts'
import { openTill, type Till } from '../conformance/till.ts'
import type { Message } from '../conformance/wire.ts'
import { verifyLedger } from '../simulators/akart-up.ts'
import { onTestServer, upForTest, type RunningAkart } from '../up.ts'

/**
 * docs/several-machines.md, with its configuration and a real HAProxy: two processes on one database are restarted one
 * after the other under load, and every client gets its right answer, also while a later release's migration runs; then
 * this version comes back.
 */

const TILLS = 4
const HAPROXY = '/usr/sbin/haproxy'
const SAMPLE = fileURLToPath(new URL('../../../config/haproxy/haproxy.cfg', import.meta.url))
const isThere = await access(HAPROXY).then(
  () => true,
  () => false,
)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The sample with the addresses of here, and nothing else changed. */
async function configuration(machines: readonly RunningAkart[], ports: { terminals: number; shops: number }) {
  const [one, two] = machines
  const replaced: readonly (readonly [RegExp, string])[] = [
    [/maxconn 20000/u, 'maxconn 200'],
    [/bind :8583/u, `bind 127.0.0.1:${ports.terminals}`],
    // A demo speaks plain http on loopback.
    [/bind :443 ssl crt \/etc\/haproxy\/cards\.pem/u, `bind 127.0.0.1:${ports.shops}`],
    [/ {4}http-request set-header X-Forwarded-Proto https\n/u, ''],
    [/10\.0\.4\.1:8583 check port 8082/u, `127.0.0.1:${one?.iso.port} check port ${one?.http.port}`],
    [/10\.0\.4\.2:8583 check port 8082/u, `127.0.0.1:${two?.iso.port} check port ${two?.http.port}`],
    [/10\.0\.4\.1:8081 check port 8082/u, `127.0.0.1:${one?.web.port} check port ${one?.http.port}`],
    [/10\.0\.4\.2:8081 check port 8082/u, `127.0.0.1:${two?.web.port} check port ${two?.http.port}`],
  ]
  return replaced.reduce(
    (text, [what, by]) => {
      if (!what.test(text)) throw new Error(`${SAMPLE} has no ${what.source}`)
      return text.replace(what, by)
    },
    await readFile(SAMPLE, 'utf8'),
  )
}

/** One payment after the other until it is stopped; a request whose line was lost is repeated on a new one. */
async function sell(till: Till, card: Card, goesOn: () => boolean, sold: { count: number; repeats: number }) {
  const send = async (request: Message): Promise<string | undefined> => (await till.send(request)).fields[39]
  while (goesOn()) {
    const request = till.message('0200', { 3: '006000', 4: '000000000001', 22: '022', 35: card.track2, 49: '985' })
    let code = await send(request).catch(() => null)
    for (let tries = 0; code === null && tries < 50; tries++) {
      sold.repeats += 1
      await till.reconnect().catch(() => sleep(20))
      code = await send({ ...request, mti: '0201' }).catch(() => null)
    }
    if (code !== '00') throw new Error(`a payment was answered ${code ?? 'by nobody'}`)
    sold.count += 1
  }
  till.line().end()
}

async function shop(base: string, key: string, card: Card, goesOn: () => boolean, sold: { count: number }) {
  for (let i = 0; goesOn(); i++) {
    const body = { card: { number: card.number, ecode: card.ecode }, amount: { value: 1, currency: 'PLN' } }
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': `k-${i}` }
    const pay = (): Promise<number | null> =>
      fetch(`${base}/api/v1/payments`, { method: 'POST', headers, body: JSON.stringify(body) }).then(
        async (answer) => {
          await answer.text()
          return answer.status
        },
        () => null,
      )
    let status = await pay()
    // The behaviour of a client that does not know the outcome: the same request with the same key.
    for (let tries = 0; (status === null || status >= 500) && tries < 50; tries++) {
      await sleep(20)
      status = await pay()
    }
    if (status !== 201) throw new Error(`the shop got ${status ?? 'no answer'}`)
    sold.count += 1
  }
}

t.test('a rolling restart under load', { skip: isThere ? false : `${HAPROXY} is not installed` }, async (t) => {
  const environment = await onTestServer(t)
  const directory = await mkdtemp(join(tmpdir(), 'akart-rolling-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const settings = join(directory, 'akart.yaml')
  await writeFile(
    settings,
    'listeners:\n  - { name: iso, profile: iso87-ascii, host: 127.0.0.1, port: 8583, proxyFrom: [127.0.0.1] }\n',
  )
  const machine = (home: string | null, options: readonly string[] = []): Promise<RunningAkart> =>
    upForTest(t, environment, home, ['--config', settings, ...options])
  const one = await machine(null)
  const home = await mkdtemp(join(tmpdir(), 'akart-up-'))
  await cp(join(one.home, 'demo'), join(home, 'demo'), { recursive: true })
  const two = await machine(home)

  const ports = { terminals: await freePort(), shops: await freePort() }
  const file = join(directory, 'haproxy.cfg')
  await writeFile(file, await configuration([one, two], ports))
  const balancer = spawn(HAPROXY, ['-f', file, '-db'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  balancer.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  t.teardown(async () => {
    balancer.kill('SIGTERM')
    if (balancer.exitCode === null) await once(balancer, 'exit')
  })

  const read = async (name: string): Promise<string[][]> =>
    (await readFile(join(one.home, 'demo', name), 'utf8'))
      .trim()
      .split(/\r?\n/u)
      .map((line) => line.split(','))
  const cards = (await read('cards.csv'))
    .filter((row) => row[5] === 'OPEN' && row[6] === 'sold')
    .map(([number = '', track1 = '', track2 = '', barcode = '', ecode = '']) => ({
      number,
      track1,
      track2,
      barcode,
      ecode,
    }))
  const terminals = await read('terminals.csv')
  const akart: Pick<Akart, 'address' | 'terminal'> = {
    address: () => `127.0.0.1:${ports.terminals}`,
    terminal: (name) => {
      const [terminal = '', store = '', , mac = 'none', key = ''] = terminals.find(([first]) => first === name) ?? []
      return { terminal, store, mac: mac as 'none', key }
    },
  }
  const open = async (name: string): Promise<Till> => {
    for (let tries = 0; tries < 200; tries++) {
      const till = await openTill(akart, name).catch(() => null)
      if (till !== null) return till
      if (balancer.exitCode !== null) throw new Error(complaints)
      await sleep(20)
    }
    throw new Error(`the balancer takes no line: ${complaints}`)
  }

  const sold = { count: 0, repeats: 0 }
  const online = { count: 0 }
  let isOpen = true
  const goesOn = (): boolean => isOpen
  const key = (await read('api-keys.csv')).find(([name]) => name === 'webshop')?.[1] ?? ''
  const none: Card = { number: '', track1: '', track2: '', barcode: '', ecode: '' }
  const tills = terminals.filter(([name = '', , , mac]) => name.startsWith('DEMO') && mac === 'none').slice(0, TILLS)
  t.ok(tills.length > 1)
  const work = [
    ...tills.map(async ([name = ''], i) => sell(await open(name), cards[i] ?? none, goesOn, sold)),
    shop(`http://127.0.0.1:${ports.shops}`, key, cards[tills.length] ?? none, goesOn, online),
  ]
  let failed: unknown = null
  for (const one of work) one.catch((error: unknown) => (failed ??= error))

  /** Both doors have sold this many more. */
  const more = async (count: number): Promise<void> => {
    const [till, web] = [sold.count + count, online.count + 5]
    while (failed === null && (sold.count < till || online.count < web)) await sleep(10)
    if (failed !== null) throw failed
  }
  await more(25)
  // The next release's migration is additive: what runs works on, and this version may be started again, which it is below.
  const sql = join(directory, 'sql')
  await cp(SQL_DIRECTORY, sql, { recursive: true })
  await writeFile(join(sql, '9999_later.up.sql'), '-- Additive: new.\nCREATE TABLE later (id INT PRIMARY KEY);\n')
  const later = await migrate(parseDatabaseUrl(environment['AKART_DATABASE_URL'] ?? ''), sql)
  t.same(later.applied, ['9999_later'])
  let [first, second] = [one, two]
  for (let round = 0; round < 2; round++) {
    const at = (name: 'iso' | 'http' | 'menu' | 'web'): string[] => [`--${name}-port`, String(first[name].port)]
    t.equal(await first.stop(), 0)
    await more(25)
    const again = await machine(first.home, [...at('iso'), ...at('http'), ...at('menu'), ...at('web')])
    await more(25)
    ;[first, second] = [second, again]
  }
  t.ok(second.pid > 0)
  isOpen = false
  await Promise.all(work)
  t.comment(`${sold.count} payments at tills, ${sold.repeats} repeats; ${online.count} on the web`)
  t.ok(sold.count >= 125 && online.count >= 25)
  t.match(await verifyLedger({ home: one.home, environment }), { code: 0 })
})

import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { workerConnection } from '../../src/db/connection.ts'
import type { Akart } from '../conformance/akart.ts'
import { makeTestDirectory } from '../server.ts'
import { verifyLedger } from '../simulators/akart-up.ts'
import { upForTest, type RunningAkart } from '../up.ts'
import { sell, type Sales } from './load.ts'
import { startCluster, whyNoCluster, type ClusterNode } from './nodes.ts'

/**
 * `make cluster-test`: two switches on a Galera cluster of three nodes, and tills that pay without a pause. The writer
 * is killed, cut off, frozen; then all are killed. Nothing acknowledged is missing afterwards, and no till waits 5 s.
 */

const GAP_MS = 5_000
const CARD_CENTS = 15_000
const HOSTS = ['10.77.0.1', '10.77.0.2', '10.77.0.3']
const url = (hosts: readonly string[]): string => `mysql://akart@${hosts.join(',')}/akart?tls=off`

const skip = (await whyNoCluster()) ?? false

/** Figures of a run that passes. */
const tell = (text: string): void => console.error(`# ${text}`)

void t.test('a cluster that loses nodes', { skip, timeout: 600_000 }, async (t) => {
  const directory = await makeTestDirectory()
  const { nodes, stop } = await startCluster(directory)
  t.teardown(async () => {
    await stop()
    await rm(directory, { recursive: true, force: true })
  })
  const nodeOf = (name: string): ClusterNode => {
    const node = nodes.find((one) => one.name === name)
    if (node === undefined) throw new Error(name)
    return node
  }
  const ask = async (node: ClusterNode, sql: string): Promise<RowDataPacket[]> => {
    const connection = await node.connect()
    try {
      const [rows] = await connection.query<RowDataPacket[]>(sql)
      return rows
    } finally {
      connection.destroy()
    }
  }
  await ask(nodeOf('n1'), "CREATE USER akart@'%'")
  await ask(nodeOf('n1'), "GRANT ALL ON akart.* TO akart@'%'")

  // The second one has the nodes in another order: which one is written to is not a matter of the URL.
  const [first, ...others] = HOSTS
  // No timer reverses anything meanwhile: everything acknowledged must exist.
  const environment = { AKART_CONFIRM_TIMEOUT_SECONDS: '86400' }
  const one = await upForTest(t, { ...environment, AKART_DATABASE_URL: url(HOSTS) })
  const home = await mkdtemp(join(tmpdir(), 'akart-up-'))
  await cp(join(one.home, 'demo'), join(home, 'demo'), { recursive: true })
  const two = await upForTest(t, { ...environment, AKART_DATABASE_URL: url([...others.reverse(), first ?? '']) }, home)

  const read = async (file: string): Promise<string[][]> =>
    (await readFile(join(one.home, 'demo', file), 'utf8'))
      .trim()
      .split(/\r?\n/u)
      .map((line) => line.split(','))
  const terminals = await read('terminals.csv')
  const at = (akart: RunningAkart): Pick<Akart, 'address' | 'terminal'> => ({
    address: () => `127.0.0.1:${akart.iso.port}`,
    terminal: (name) => {
      const [terminal = '', store = '', , , key = ''] = terminals.find(([first]) => first === name) ?? []
      return { terminal, store, mac: 'none', key }
    },
  })
  const cards = (await read('cards.csv')).filter((row) => row[5] === 'OPEN' && row[6] === 'sold')
  const tills = terminals.filter(([name = '', , , mac]) => name.startsWith('DEMO') && mac === 'none').slice(0, 4)
  let isOpen = true
  const all: Sales[] = []
  const work = tills.map(([name = ''], i) => {
    const [number = '', track1 = '', track2 = '', barcode = '', ecode = ''] = cards[i] ?? []
    const card = { number, track1, track2, barcode, ecode }
    const sales = { card, approved: 0, refused: 0, repeats: 0, last: performance.now(), gap: 0 }
    all.push(sales)
    return sell(at(i % 2 === 0 ? one : two), name, sales, () => isOpen)
  })
  let failed: unknown = null
  for (const each of work) each.catch((error: unknown) => (failed ??= error))
  const more = async (count: number): Promise<void> => {
    const wanted = all.map(({ approved }) => approved + count)
    while (failed === null && all.some(({ approved }, i) => approved < (wanted[i] ?? 0))) await sleep(10)
    if (failed !== null) throw failed
  }
  const writer = async (among: readonly ClusterNode[]): Promise<ClusterNode> => {
    const [row] = await ask(among[0] ?? nodeOf('n1'), 'SELECT node FROM akart.database_writer')
    return nodeOf(/^akart-(n\d):/u.exec(String(row?.['node']))?.[1] ?? '')
  }
  /** ms between a moment and the last change of the writer's record, by the same clock. */
  const recordedAfter = async (among: readonly ClusterNode[], moment: number): Promise<number> => {
    const since = "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', since) DIV 1000 AS since FROM akart.database_writer"
    const [row] = await ask(among[0] ?? nodeOf('n1'), since)
    return Number(row?.['since']) - moment
  }
  /** The nodes that commit by themselves during 20 payments of each till. */
  const writing = async (among: readonly ClusterNode[]): Promise<string[]> => {
    const count = (): Promise<number[]> =>
      Promise.all(among.map(async (node) => Number(await node.status('wsrep_local_commits'))))
    const before = await count()
    await more(20)
    const after = await count()
    return among.filter((_, i) => after[i] !== before[i]).map(({ name }) => name)
  }
  const others_ = (node: ClusterNode): ClusterNode[] => nodes.filter((one) => one !== node)

  await more(50)
  t.same(await writing(nodes), [(await writer(nodes)).name], 'one node is written to')

  const faults: readonly (readonly [
    string,
    (node: ClusterNode) => Promise<void> | void,
    (node: ClusterNode) => Promise<void> | void,
  ])[] = [
    ['killed', (node) => node.kill(), (node) => node.start()],
    ['cut off', (node) => node.cable('down'), (node) => node.cable('up')],
    ['frozen', (node) => node.signal('SIGSTOP'), (node) => node.signal('SIGCONT')],
  ]
  for (const [what, strike, heal] of faults) {
    const old = await writer(nodes)
    for (const sales of all) [sales.gap, sales.last] = [0, performance.now()]
    const [struck, since] = [Date.now(), performance.now()]
    await strike(old)
    const expelled = (async () => {
      while (
        (await others_(old)[0]
          ?.status('wsrep_cluster_size')
          .catch(() => '')) !== '2'
      )
        await sleep(20)
      return Math.round(performance.now() - since)
    })()
    await more(50)
    tell(`the writer is ${what}: the others go on without it after ${await expelled} ms`)
    const gap = Math.round(Math.max(...all.map((sales) => sales.gap)))
    const left = others_(old)
    tell(`the writer is ${what}: another one is asked for after ${await recordedAfter(left, struck)} ms`)
    tell(`the writer is ${what}: ${gap} ms without an approval at worst`)
    t.ok(gap < GAP_MS, `the writer is ${what}: ${gap} ms without an approval at worst`)
    const next = await writer(left)
    t.not(next.name, old.name)
    t.same(await writing(left), [next.name], 'both switches write to the same node')
    if (what === 'cut off') {
      await t.rejects(ask(old, 'SELECT COUNT(*) FROM akart.cards'), /WSREP has not yet prepared node/u)
    }
    await heal(old)
    await old.untilSynced()
    t.same(await writing(nodes), [next.name], 'and stays the writer when the old one is back')
  }

  const old = await writer(nodes)
  const [target = old] = others_(old)
  await t.test('who writes to the old writer is ended, and writes to the new one afterwards', async (t) => {
    const access = parseDatabaseUrl(url(HOSTS))
    const connection = workerConnection(access)
    const before = await connection.send(
      'SELECT id, ledger FROM akart.cards WHERE id = (SELECT MIN(id) FROM akart.cards)',
    )
    await connection.send('BEGIN')
    await connection.send(
      'UPDATE akart.cards SET seq = seq + 1 WHERE id = (SELECT m FROM (SELECT MIN(id) AS m FROM akart.cards) AS x)',
    )
    await ask(
      target,
      `UPDATE akart.database_writer SET node = 'akart-${target.name}:3306', epoch = epoch + 1, since = UTC_TIMESTAMP(3)`,
    )
    await t.rejects(connection.send('COMMIT'), 'its transaction is ended')
    await connection.rollback()
    const seq = 'SELECT seq FROM akart.cards WHERE id = (SELECT MIN(id) FROM akart.cards)'
    const [kept] = await ask(target, seq)
    for (let tries = 0; ; tries++) {
      try {
        await connection.send('BEGIN')
        break
      } catch (error) {
        if (tries === 20) throw error
        await connection.rollback()
      }
    }
    const [[row] = []] = await connection.send('SELECT @@hostname')
    t.equal(row?.[0], `akart-${target.name}`, 'the next one begins on the new writer')
    await connection.rollback()
    await connection.close()
    t.ok(before.length > 0 && kept !== undefined)
  })
  await more(50)
  t.same(await writing(nodes), [target.name], 'the switches went there by themselves')

  await t.test('a switch that is told one node only, and the wrong one, does not start', async (t) => {
    await t.rejects(upForTest(t, { AKART_DATABASE_URL: url([old.host]) }), /is written to: name all nodes/u)
  })

  await Promise.all(nodes.map((node) => node.kill()))
  const ends = new Map<ClusterNode, number>()
  for (const node of nodes) ends.set(node, Number((await node.recovered()).split(':')[1]))
  const [ahead = old, ...behind] = [...nodes].sort((a, b) => (ends.get(b) ?? 0) - (ends.get(a) ?? 0))
  await ahead.start(true)
  const served = performance.now()
  for (const sales of all) [sales.gap, sales.last] = [0, served]
  await more(20)
  t.ok(
    performance.now() - served < 2 * GAP_MS,
    `all were killed: ${Math.round(performance.now() - served)} ms after the first is back`,
  )
  for (const node of behind) await node.start()
  await more(50)

  isOpen = false
  await Promise.all(work)
  const sum = (of: (sales: Sales) => number): number => all.reduce((total, sales) => total + of(sales), 0)
  tell(
    `${sum((s) => s.approved)} payments, ${sum((s) => s.refused)} refused for a while, ${sum((s) => s.repeats)} repeats`,
  )
  t.match(await verifyLedger({ home: one.home, environment: { AKART_DATABASE_URL: url(HOSTS) } }), { code: 0 })
  for (const node of nodes) {
    await ask(node, 'SET SESSION wsrep_sync_wait = 1')
    const rows = await ask(node, 'SELECT DISTINCT ledger FROM akart.cards WHERE ledger BETWEEN 1 AND 14999')
    const found = rows.map((row) => Number(row['ledger']))
    for (const { approved } of all)
      t.ok(found.includes(CARD_CENTS - approved), `${node.name}: ${approved} payments were acknowledged and are there`)
  }
})

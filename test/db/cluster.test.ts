import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { parseDatabaseUrl, placeOf, toUrl } from '../../src/db/access.ts'
import { createCluster, NoWriter, type DatabaseNode, type NodeReport, type Probe } from '../../src/db/cluster.ts'
import { sendFenced } from '../../src/db/fence.ts'
import { isWritable } from '../../src/db/sql/writer.ts'

/** The choice of a cluster's writer; `make cluster-test` does the same with three real nodes. */

const NODES: readonly DatabaseNode[] = ['one', 'two', 'three'].map((host) => ({ host, port: 3306 }))

/** The nodes' reports, by host; a missing one does not answer. */
function nodes(reports: Record<string, Partial<NodeReport>>, claims = true) {
  const claimed: string[] = []
  const probe: Probe = {
    ask({ host }) {
      const report = reports[host]
      if (report === undefined) return Promise.reject(new Error('ECONNREFUSED'))
      return Promise.resolve({ identity: `${host}:3306`, isWritable: true, record: { node: '', epoch: 0 }, ...report })
    },
    claim(_, identity, epoch) {
      claimed.push(`${identity} after ${epoch}`)
      return Promise.resolve(claims)
    },
  }
  return { probe, claimed }
}

const record = (node: string, epoch = 3): Partial<NodeReport> => ({ record: { node, epoch } })
const stale = { isWritable: false }

t.test('the writer: the one of the record while it takes writes, else the first that does', async (t) => {
  const rows: readonly (readonly [string, Record<string, Partial<NodeReport>>, string, string[]])[] = [
    ['nobody was yet', { one: {}, two: {}, three: {} }, 'one', ['one:3306 after 0']],
    ['the record', { one: record('two:3306'), two: record('two:3306'), three: record('two:3306') }, 'two', []],
    ['an older record', { one: record('one:3306', 2), two: record('two:3306'), three: record('two:3306') }, 'two', []],
    ['it is gone', { one: record('two:3306'), three: record('two:3306') }, 'one', ['one:3306 after 3']],
    [
      'it is cut off',
      { one: record('two:3306'), two: { ...record('two:3306'), ...stale } },
      'one',
      ['one:3306 after 3'],
    ],
    ['nobody was yet, in another order', { three: {}, two: {} }, 'three', ['three:3306 after 0']],
    ['before the first migration', { two: { record: null }, three: { record: null } }, 'three', []],
  ]
  for (const [what, reports, writer, claims] of rows) {
    const { probe, claimed } = nodes(reports)
    t.match(await createCluster(NODES).writer(probe), { host: writer }, what)
    t.same(claimed, claims, what)
  }
})

t.test('another process was faster: its record counts, and a silent node is not waited for again', async (t) => {
  const asked: string[] = []
  let epoch = 3
  const probe: Probe = {
    ask({ host }) {
      asked.push(host)
      if (host === 'two') return Promise.reject(new Error('silent'))
      const node = epoch === 3 ? 'two:3306' : 'three:3306'
      return Promise.resolve({ identity: `${host}:3306`, isWritable: true, record: { node, epoch } })
    },
    claim() {
      epoch += 1
      return Promise.resolve(false)
    },
  }
  t.match(await createCluster(NODES).writer(probe), { host: 'three' })
  t.same(asked, ['one', 'two', 'three', 'one', 'three'])
})

t.test('no writer: each node says why', async (t) => {
  const cluster = createCluster(NODES)
  await t.rejects(cluster.writer(nodes({ two: stale }).probe), {
    code: 'NO_WRITER',
    message: /one:3306 ECONNREFUSED; three:3306 ECONNREFUSED; two:3306 takes no writes/u,
  })
  await t.rejects(cluster.writer(nodes({ one: record('two:3306') }, false).probe), /another process is changing/u)
  const wrongPassword = Object.assign(new Error('Access denied'), { errno: 1045 })
  await t.rejects(cluster.writer({ ...nodes({}).probe, ask: () => Promise.reject(wrongPassword) }), wrongPassword)
})

t.test('a node that is left takes its connections along, and is looked for again', async (t) => {
  const cluster = createCluster(NODES)
  const { probe } = nodes({ one: record('one:3306') })
  const writer = await cluster.writer(probe)
  const ended: unknown[] = []
  const socket = Object.assign(new EventEmitter(), { destroy: (error: unknown) => ended.push(error) })
  cluster.connects(writer, socket as unknown as Socket)
  cluster.doubt({ host: 'two', port: 3306 })
  t.equal(cluster.current(), writer, 'doubt about another one')
  cluster.leave(writer)
  t.equal(cluster.current(), null)
  t.ok(ended[0] instanceof NoWriter)
  socket.emit('close')
  cluster.leave(writer)
  t.equal(ended.length, 1)
})

t.test('which nodes take writes', (t) => {
  const rows: readonly (readonly [Record<string, string>, boolean])[] = [
    [{ wsrep_on: 'OFF', read_only: 'OFF' }, true],
    [{ wsrep_on: 'OFF', read_only: 'ON' }, false],
    [{ read_only: 'OFF', super_read_only: 'ON' }, false],
    [{ wsrep_on: 'ON', read_only: 'OFF', wsrep_ready: 'ON', wsrep_cluster_status: 'Primary' }, true],
    [{ wsrep_on: 'ON', read_only: 'OFF', wsrep_ready: 'OFF', wsrep_cluster_status: 'Primary' }, false],
    [{ wsrep_on: 'ON', read_only: 'OFF', wsrep_ready: 'ON', wsrep_cluster_status: 'non-Primary' }, false],
  ]
  for (const [variables, may] of rows) t.equal(isWritable(new Map(Object.entries(variables))), may)
  t.end()
})

const HERE = 'one:3306'
const FENCE = /^(?:BEGIN;)?SELECT node, .* FROM database_writer WHERE id = 1 LOCK IN SHARE MODE$/u

t.test('a packet in a cluster: the fence first, COMMIT alone', async (t) => {
  const rows: readonly (readonly [string, boolean, string[]])[] = [
    ['BEGIN', false, ['fence']],
    ['BEGIN;SELECT 1;SELECT 2', false, ['fence', 'SELECT 1;SELECT 2']],
    ['UPDATE t;COMMIT', true, ['UPDATE t', 'COMMIT']],
    ['COMMIT', true, ['COMMIT']],
    ['INSERT i', true, ['INSERT i']],
    ['DELETE d', false, ['fence', 'DELETE d', 'COMMIT']],
    ['SELECT 1', false, ['SELECT 1']],
  ]
  for (const [sql, begun, packets] of rows) {
    const sent: string[] = []
    await sendFenced(
      (packet) => {
        const isFence = FENCE.test(packet)
        sent.push(isFence ? 'fence' : packet)
        return Promise.resolve(isFence ? [[[HERE, HERE]]] : [[[packet]]])
      },
      HERE,
      sql,
      begun,
    )
    t.same(sent, packets, sql)
  }
})

t.test('nothing is sent to who is not the writer; a COMMIT that failed', async (t) => {
  const refused = Object.assign(new Error('Deadlock'), { errno: 1213 })
  const cases: readonly (readonly [string, string, object])[] = [
    ['BEGIN', 'two:3306', { code: 'NO_WRITER' }],
    ['COMMIT', HERE, { errno: 1213 }],
    ['COMMIT', 'two:3306', { code: 'PROTOCOL_CONNECTION_LOST' }],
  ]
  for (const [sql, writer, error] of cases) {
    const sending = sendFenced(
      (packet) => (FENCE.test(packet) ? Promise.resolve([[[writer, HERE]]]) : Promise.reject(refused)),
      HERE,
      sql,
      true,
    )
    const thrown: unknown = await sending.then(
      () => null,
      (reason: unknown) => reason,
    )
    t.match(thrown, error, `${sql} while ${writer} is the writer`)
  }
})

t.test('several hosts in the URL', async (t) => {
  const access = parseDatabaseUrl('mysql://u:p@one.example:3307,[::1],three.example/akart?tls=off')
  t.same(access.cluster?.nodes, [
    { host: 'one.example', port: 3307 },
    { host: '::1', port: 3306 },
    { host: 'three.example', port: 3306 },
  ])
  t.equal(placeOf(access), 'one.example:3307,::1:3306,three.example:3306/akart')
  t.same(parseDatabaseUrl(toUrl(access)).cluster?.nodes, access.cluster?.nodes)
  t.ok(parseDatabaseUrl('mysql://u@one,two/akart').tls, 'TLS unless all are of this machine')
  for (const [url, message] of [
    ['mysql://u@one,/d', /an empty host in the list/],
    ['mysql://u@one,two:99999/d', /host two:99999 in the list/],
    ['mysql://u@one,two,one/d', /host one:3306 is listed twice/],
    ['mysql://u@one,10.0.0.2/d', /write the name of the host instead of 10\.0\.0\.2/],
    ['mysql://u@one,two/d?socket=/x', /several hosts and a socket/],
  ] as const) {
    t.throws(() => parseDatabaseUrl(url), { name: 'SetUpError', message })
  }
})

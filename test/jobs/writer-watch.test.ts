import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { Access } from '../../src/db/access.ts'
import { createCluster, type DatabaseNode } from '../../src/db/cluster.ts'
import { LONG, workerConnection } from '../../src/db/connection.ts'
import { watchWriter } from '../../src/jobs/writer-watch.ts'
import { testDatabase } from '../database.ts'

/* One server behind two addresses plays two nodes, of which one becomes silent; `make cluster-test` has real nodes. */

/** Less than a connection may take to open. */
const OPEN_MS = 2_900

type Road = { readonly node: DatabaseNode; readonly freeze: () => void }

/** A proxy to the server. While it is frozen, connections stay open and new ones are accepted, but nothing is transmitted. */
async function road(t: Test, access: Access): Promise<Road> {
  const open = new Set<Socket>()
  let isFrozen = false
  const server = createServer((client) => {
    open.add(client)
    client.on('error', () => undefined) // the client went: that is what is tested
    if (isFrozen) return
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    open.add(database)
    database.on('error', () => undefined)
    client.on('data', (chunk) => isFrozen || database.write(chunk))
    database.on('data', (chunk) => isFrozen || client.write(chunk))
    client.on('close', () => database.destroy())
    database.on('close', () => isFrozen || client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {
    node: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    freeze() {
      isFrozen = true
    },
  }
}

void t.test(
  'a silent writer is left by all connections, those that wait and those that are being opened',
  async (t) => {
    const direct = await testDatabase(t)
    const [one, two] = [await road(t, direct), await road(t, direct)]
    const cluster = createCluster([one.node, two.node])
    const access: Access = { ...direct, socketPath: null, ...one.node, cluster }
    const [waiting, opening] = [workerConnection(access, LONG), workerConnection(access, LONG)]
    t.teardown(async () => {
      await waiting.close()
      await opening.close()
    })
    t.same(await waiting.send('SELECT 1'), [[[1]]])
    t.equal(cluster.current(), one.node)

    const moves: DatabaseNode[] = []
    const watch = watchWriter({ access, moved: (to) => moves.push(to), trouble: () => undefined })
    t.teardown(async () => watch?.stop())
    one.freeze()
    const frozen = performance.now()
    const [statement, open] = await Promise.all([waiting, opening].map(async (connection) => ({
    error: await connection.send('SELECT 2').then(() => null, (error: { code?: unknown }) => error.code),
    after: performance.now() - frozen,
  }))) // prettier-ignore
    // LONG waits for 30 s, but for a connection 3 s: that a very slow machine does not prove it.
    t.equal(statement?.error, 'NO_WRITER', 'a statement without its answer')
    if (open !== undefined && open.after < OPEN_MS)
      t.equal(open.error, 'NO_WRITER', 'a connection that is being opened')
    else t.comment('this machine is too slow to tell who ended the connection that was being opened')
    t.same(await waiting.send('SELECT 3'), [[[3]]])
    t.same(await opening.send('SELECT 3'), [[[3]]])
    t.equal(cluster.current(), two.node)
    t.same(moves, [two.node])
  },
)

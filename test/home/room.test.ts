import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { keepRunning } from '../../src/home/keep-running.ts'
import { bootstrapDataDirectory } from '../../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../../src/home/mariadb-program.ts'
import { startMariadb } from '../../src/home/mariadb-server.ts'
import { makeTestDirectory } from '../server.ts'

const SIZES = { bufferPool: '32M', logFile: '16M', maxConnections: 20 }

// A disk that is really full: disk-full.soak.ts.
void t.test('a server that ended while its disk is full waits for room, however often it ended', async (t) => {
  const program = await findMariadb()
  const directory = await makeTestDirectory()
  const data = join(directory, 'data')
  await bootstrapDataDirectory(program, data, { logFileSize: SIZES.logFile })
  const start = () => startMariadb(program, data, SIZES)
  const told: string[] = []
  const first = await start()
  let pid = first.pid
  let isFull = false
  const server = keepRunning(first, start, async () => !isFull, {
    ended: () => void told.push('ended'),
    full: () => void told.push('full'),
    restarted(again) {
      pid = again
      told.push('restarted')
    },
    notStarted: (error) => void told.push(String(error)),
  })
  t.teardown(async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })

  isFull = true
  process.kill(pid, 'SIGKILL')
  while (told.length < 2) await sleep(10)
  await t.rejects(openConnection(first.access, { multipleStatements: false }), 'it is not started')
  isFull = false
  while (told.length < 3) await sleep(10)
  t.same(told, ['ended', 'full', 'restarted'], 'said once')
  const connection = await openConnection(first.access, { multipleStatements: false })
  await connection.end()
  t.pass('and serves')

  isFull = true
  process.kill(pid, 'SIGKILL')
  while (told.length < 5) await sleep(10)
  await server.stop()
  t.same(told.slice(3), ['ended', 'full'], 'stopped while it waits')
})

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import type { Access } from '../../src/db/access.ts'
import { makeTestDirectory } from '../server.ts'

/**
 * Where a switch dies, by what it and its database say to each other: the cards are locked, the rows are written, COMMIT
 * is on its way, COMMIT is done and nobody has been told.
 */
export const CRASH_POINTS = ['locked', 'written', 'committing', 'committed'] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

const POINTS: Readonly<Record<CrashPoint, { readonly statement: string; readonly at: 'sent' | 'answered' }>> = {
  locked: { statement: 'FOR UPDATE', at: 'answered' },
  written: { statement: 'INSERT INTO transactions', at: 'answered' },
  committing: { statement: ';COMMIT', at: 'sent' },
  committed: { statement: ';COMMIT', at: 'answered' },
}

/** Between this process and the database; when the point is reached, this process ends itself by SIGKILL. */
export async function crashingProxy(access: Access, point: CrashPoint): Promise<Access> {
  const { statement, at } = POINTS[point]
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL')
  }
  const server = createServer((client) => {
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    let isReached = false
    client.on('data', (chunk) => {
      isReached ||= chunk.includes(statement)
      database.write(chunk, () => {
        if (isReached && at === 'sent') die()
      })
    })
    database.on('data', (chunk) => {
      if (isReached && at === 'answered') die()
      else client.write(chunk)
    })
  })
  const socketPath = join(await makeTestDirectory(), 'crash.sock')
  server.listen(socketPath)
  await once(server, 'listening')
  return { ...access, socketPath }
}

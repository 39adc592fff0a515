import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import type { Access } from '../../src/db/access.ts'
import { makeTestDirectory } from '../server.ts'

/**
 * The points at which a switch dies, in its conversation with the database: the cards are locked, the rows are written,
 * COMMIT is on its way, COMMIT is done and no answer was sent.
 */
export const CRASH_POINTS = ['locked', 'written', 'committing', 'committed'] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/**
 * A point in the conversation of one connection: these statements have been sent one after the other, and the last one
 * is `held` back, has been `sent` on, or is `answered` by the database without the answer arriving.
 */
export type Place = { readonly statements: readonly string[]; readonly at: 'held' | 'sent' | 'answered' }

const POINTS: Readonly<Record<CrashPoint, Place>> = {
  locked: { statements: ['FOR UPDATE'], at: 'answered' },
  written: { statements: ['INSERT INTO transactions'], at: 'answered' },
  committing: { statements: [';COMMIT'], at: 'sent' },
  committed: { statements: [';COMMIT'], at: 'answered' },
}

export const crashingProxy = (access: Access, point: CrashPoint): Promise<Access> => crashingAt(access, POINTS[point])

/** A proxy between this process and the database; when the place is reached, this process ends itself by SIGKILL. */
export async function crashingAt(access: Access, { statements, at }: Place): Promise<Access> {
  const directory = await makeTestDirectory()
  // At once: the process ends before its loop turns again.
  const clear = (): void => rmSync(directory, { recursive: true, force: true })
  process.once('exit', clear)
  const die = (): void => {
    clear()
    process.kill(process.pid, 'SIGKILL')
  }
  const server = createServer((client) => {
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    let passed = 0
    const isReached = (): boolean => passed === statements.length
    client.on('data', (chunk) => {
      for (let next = statements[passed]; next !== undefined && chunk.includes(next); next = statements[passed])
        passed++
      if (isReached() && at === 'held') return die()
      database.write(chunk, () => {
        if (isReached() && at === 'sent') die()
      })
    })
    database.on('data', (chunk) => {
      if (isReached() && at === 'answered') die()
      else client.write(chunk)
    })
  })
  const socketPath = join(directory, 'crash.sock')
  server.listen(socketPath)
  await once(server, 'listening')
  return { ...access, socketPath }
}

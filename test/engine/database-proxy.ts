import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Access } from '../../src/db/access.ts'
import { makeTestDirectory } from '../server.ts'

/**
 * The fault at the next COMMIT. The line breaks: it never arrives, it arrives and the line is gone at once, or the OK
 * of the database does not arrive. Or the packet that it ends is `refused` (1205), and what was sent before it in the
 * same transaction remains.
 */
export type Break = 'before' | 'during' | 'after' | 'refused'

const LOCK_WAIT = errorPacket(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction')

/** As the server says it to the first packet of a command: length, number 1, then the error. */
function errorPacket(errno: number, state: string, message: string): Buffer {
  const body = Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from(`#${state}${message}`)])
  return Buffer.concat([Buffer.from([body.length, 0, 0, 1]), body])
}

/** A command that came in one piece; only such a command can be answered instead of by the server. */
const isWhole = (chunk: Buffer): boolean => chunk.length > 4 && chunk.readUIntLE(0, 3) === chunk.length - 4

/** The server greets with its version, which ends with a zero, and the number of the thread that will serve. */
const threadIn = (greeting: Buffer): number => greeting.readUInt32LE(greeting.indexOf(0, 5) + 1)

export type DatabaseProxy = {
  /** The database by way of this proxy. */
  readonly access: Access
  readonly breakNextCommit: (where: Break) => void
  /** While shut, new connections are refused. */
  readonly shut: (isShut: boolean) => void
  /** Open connections stay open but carry nothing in either direction; new connections are not affected. */
  readonly swallow: () => void
  /** While held, the packets of the engine wait here: its workers are busy, and nothing is lost. Must be shorter than a deadline. */
  readonly hold: (isHeld: boolean) => void
  /** Ends all connections and refuses new ones; `shut(false)` is the end of the outage. */
  readonly cut: () => void
  readonly breaks: () => number
  /** Of the database's threads those that it has been connected to. */
  readonly threads: () => readonly number[]
}

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/** Stands between an engine and the database, on a socket of its own. */
export async function databaseProxy(t: Teardown, access: Access): Promise<DatabaseProxy> {
  const directory = await makeTestDirectory()
  const socketPath = join(directory, 'proxy.sock')
  const open = new Set<Socket>()
  const swallows = new Set<() => void>()
  const threads: number[] = []
  let armed: Break | null = null
  let isShut = false
  let isHeld = false
  let held: (() => void)[] = []
  let broken = 0

  const server = createServer((client) => {
    if (isShut) {
      client.destroy()
      return
    }
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    let isDeaf = false
    let isSwallowed = false
    let isGreeted = false
    swallows.add(() => (isSwallowed = true))
    const end = (): void => {
      client.destroy()
      database.destroy()
    }
    for (const socket of [client, database]) {
      open.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        open.delete(socket)
        end()
      })
    }
    const pass = (chunk: Buffer): void => {
      if (isSwallowed) return
      const where = armed
      if (where === null || !chunk.includes('COMMIT')) {
        database.write(chunk)
        return
      }
      if (where === 'refused' && !isWhole(chunk)) {
        database.write(chunk)
        return
      }
      armed = null
      broken += 1
      if (where === 'refused') {
        client.write(LOCK_WAIT)
        return
      }
      if (where === 'before') return end()
      isDeaf = true
      database.write(chunk, () => {
        if (where === 'during') end()
      })
    }
    client.on('data', (chunk: Buffer) => {
      if (isHeld) held.push(() => pass(chunk))
      else pass(chunk)
    })
    database.on('data', (chunk: Buffer) => {
      if (!isGreeted) threads.push(threadIn(chunk))
      isGreeted = true
      if (isSwallowed) return
      if (isDeaf) end()
      else client.write(chunk)
    })
  })
  server.listen(socketPath)
  await once(server, 'listening')

  t.teardown(async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    access: { ...access, socketPath },
    breakNextCommit(where) {
      armed = where
    },
    shut(value) {
      isShut = value
    },
    hold(value) {
      isHeld = value
      const waiting = held
      held = []
      for (const passes of value ? [] : waiting) passes()
      if (value) held = waiting
    },
    swallow() {
      for (const swallow of swallows) swallow()
      swallows.clear()
    },
    cut() {
      isShut = true
      for (const socket of open) socket.destroy()
    },
    breaks: () => broken,
    threads: () => threads,
  }
}

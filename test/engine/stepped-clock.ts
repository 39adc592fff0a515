/** A database clock that a test can set. */

import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Access } from '../../src/db/access.ts'
import { makeTestDirectory } from '../server.ts'

export type SteppedClock = {
  /** The database, whose clock is shifted for connections through this proxy. */
  readonly access: Access
  /** Sets it forward by so many ms, back where negative. */
  readonly step: (ms: number) => void
}

const TIMES = /\b(?:UTC_TIMESTAMP|NOW)\(3\)/gu
const HEADER = 4

/**
 * A database server whose clock can be set: a proxy that shifts the times in statements. Statements without times pass
 * unchanged; those with times are short and come in one piece.
 */
export async function steppedClock(
  t: { readonly teardown: (handler: () => Promise<void>) => void },
  access: Access,
): Promise<SteppedClock> {
  const directory = await makeTestDirectory()
  const socketPath = join(directory, 'clock.sock')
  const open = new Set<Socket>()
  let by = 0

  const shifted = (chunk: Buffer): Buffer => {
    const isWhole = chunk.length > HEADER && chunk.readUIntLE(0, 3) === chunk.length - HEADER
    if (by === 0 || !isWhole) return chunk
    const text = chunk.subarray(HEADER).toString('latin1')
    if (text.search(TIMES) < 0) return chunk
    const body = Buffer.from(
      text.replace(TIMES, (time) => `(${time} + INTERVAL ${by * 1_000} MICROSECOND)`),
      'latin1',
    )
    const header = Buffer.from(chunk.subarray(0, HEADER))
    header.writeUIntLE(body.length, 0, 3)
    return Buffer.concat([header, body])
  }
  const server = createServer((client) => {
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
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
    client.on('data', (chunk: Buffer) => database.write(shifted(chunk)))
    database.on('data', (chunk) => client.write(chunk))
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
    step(ms) {
      by += ms
    },
  }
}

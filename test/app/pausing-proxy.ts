import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { Access } from '../../src/db/access.ts'
import type { Place } from '../engine/crashing-proxy.ts'
import { makeTestDirectory } from '../server.ts'

export type PausingProxy = {
  readonly access: Access
  /** Stops a process (SIGSTOP) when it comes to this place; resolves then. */
  readonly pauseAt: (place: Place, pid: () => number) => Promise<void>
  /** Lets the process and what it was saying go on. */
  readonly resume: (pid: number) => void
  readonly stop: () => Promise<void>
}

type Armed = { readonly place: Place; readonly pid: () => number; readonly reached: () => void }

/** A proxy between a process and its database. It holds the packet that a paused process was sending until the process continues. */
export async function pausingProxy(access: Access): Promise<PausingProxy> {
  let armed: Armed | null = null
  let waiting: (() => void)[] = []
  let paused = false

  const pause = (one: Armed): void => {
    armed = null
    paused = true
    process.kill(one.pid(), 'SIGSTOP')
    one.reached()
  }
  /** In order, at once or when the process goes on. */
  const pass = (what: () => void): void => {
    if (paused) waiting.push(what)
    else what()
  }
  const server = createServer((client) => {
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    let of: Armed | null = null
    let passed = 0
    const isReached = (): boolean => of !== null && of === armed && passed === of.place.statements.length
    client.on('data', (chunk) => {
      if (of !== armed) {
        of = armed
        passed = 0
      }
      const statements = of?.place.statements ?? []
      for (let next = statements[passed]; next !== undefined && chunk.includes(next); next = statements[passed])
        passed++
      if (of !== null && isReached() && of.place.at === 'held') pause(of)
      pass(() => database.write(chunk))
      if (of !== null && isReached() && of.place.at === 'sent') pause(of)
    })
    database.on('data', (chunk) => {
      if (of !== null && isReached() && of.place.at === 'answered') pause(of)
      pass(() => client.write(chunk))
    })
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => pass(() => other.destroy()))
    }
  })
  const directory = await makeTestDirectory()
  const socketPath = join(directory, 'pause.sock')
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    access: { ...access, socketPath },
    pauseAt: (place, pid) =>
      new Promise((reached) => {
        armed = { place, pid, reached }
      }),
    resume(pid) {
      paused = false
      process.kill(pid, 'SIGCONT')
      const all = waiting
      waiting = []
      for (const what of all) what()
    },
    async stop() {
      server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

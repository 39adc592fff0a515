import { EventEmitter, once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { Access } from '../../src/db/access.ts'
import { makeTestDirectory } from '../server.ts'

/** A point in the conversation of one connection: the last of these statements is answered, and the answer is on its way. */
export type HeldPlace = readonly string[]

export type HoldingProxy = {
  readonly access: Access
  /** Resolves when a connection has reached this place; answers to it are then held back. */
  readonly reached: (name: string) => Promise<void>
  /** Whether all these places are reached now. A connection that its client has closed must reach its place again. */
  readonly areHeld: (names: readonly string[]) => boolean
  /** Delivers the answers that were held back; nothing is held from then on. */
  readonly release: () => void
  /** Resolves when this text was sent to the database this number of times since the release. */
  readonly said: (text: string, times?: number) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A proxy between a process and its database. It holds the answers of the database back at one place in each of several connections. */
export async function holdingProxy(access: Access, places: Readonly<Record<string, HeldPlace>>): Promise<HoldingProxy> {
  const held = new Map<string, (() => void)[]>()
  const news = new EventEmitter()
  const heard: string[] = []
  let isOver = false

  const server = createServer((client) => {
    const database = access.socketPath === null ? connect(access.port, access.host) : connect(access.socketPath)
    const passed = new Map(Object.keys(places).map((name) => [name, 0]))
    let at: string | null = null
    client.on('data', (chunk) => {
      for (const [name, statements] of Object.entries(places)) {
        let n = passed.get(name) ?? 0
        for (let next = statements[n]; next !== undefined && chunk.includes(next); next = statements[n]) n++
        passed.set(name, n)
      }
      if (isOver) {
        heard.push(chunk.toString('latin1'))
        news.emit('said')
      }
      database.write(chunk)
    })
    database.on('data', (chunk) => {
      const pass = (): void => void client.write(chunk)
      if (isOver) return pass()
      at ??= Object.keys(places).find((name) => passed.get(name) === places[name]?.length && !held.has(name)) ?? null
      if (at === null) return pass()
      held.set(at, [...(held.get(at) ?? []), pass])
      news.emit('held')
    })
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => {
        if (at !== null && !isOver) held.delete(at)
        other.destroy()
      })
    }
  })
  const directory = await makeTestDirectory()
  const socketPath = join(directory, 'hold.sock')
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    access: { ...access, socketPath },
    async reached(name) {
      while (!held.has(name)) await once(news, 'held')
    },
    areHeld: (names) => names.every((name) => held.has(name)),
    release() {
      isOver = true
      for (const passes of held.values()) for (const pass of passes) pass()
    },
    async said(text, times = 1) {
      while (heard.join('\n').split(text).length - 1 < times) await once(news, 'said')
    },
    async stop() {
      server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

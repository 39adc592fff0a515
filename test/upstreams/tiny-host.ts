/** A minimal upstream host for tests. */

import { readFile } from 'node:fs/promises'
import { createServer as createTcp, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTls, type TlsOptions } from 'node:tls'
import { createDeframer, encodeFrame, type FrameSettings } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { responseMti } from '../../src/iso8583/mti.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { UPSTREAM_KINDS } from '../../src/upstreams/kinds.ts'
import { openUpstream, type Upstream, type UpstreamSettings } from '../../src/upstreams/upstream.ts'

const file = 'config/iso8583/iso87-ascii.yaml'
export const profile = parseProfile(await readFile(file, 'utf8'), file)
const frame: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 4096 }

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

export type TinyHost = {
  readonly port: number
  readonly heard: Message[]
  readonly sockets: Set<Socket>
  /** Connections so far. */
  readonly opened: () => number
}

/** `answer` is what a request gets, on whichever socket it came; the answer may come at any time, or never. */
export async function tinyHost(
  t: Teardown,
  answer: (request: Message, send: (response: Message) => void, socket: Socket) => void,
  tls: TlsOptions | null = null,
): Promise<TinyHost> {
  const heard: Message[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  const welcome = (socket: Socket): void => {
    opened++
    sockets.add(socket)
    const deframer = createDeframer(frame)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      deframer.push(chunk, (body) => {
        const read = unpack(profile, body)
        if (!read.ok) return
        heard.push(read.message)
        answer(read.message, (response) => socket.write(encodeFrame(frame, pack(profile, response), null)), socket)
      })
    })
  }
  const server = tls === null ? createTcp(welcome) : createTls(tls, welcome)
  server.on('tlsClientError', () => {}) // a client that did not like us
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, heard, sockets, opened: () => opened }
}

export const approve = ({ mti, fields }: Message): Message => ({
  mti: responseMti(mti),
  fields: { ...fields, 39: '00' },
})

/** A well-behaved host: everything is 00 at once. */
export const wellBehaved = (request: Message, send: (response: Message) => void): void => send(approve(request))

let stan = 0
export const nextStan = (): number => ++stan

export const asked = (terminal = 'DEMO0001'): Message => ({
  mti: '0200',
  fields: { 3: '006000', 7: '1125101208', 11: String(nextStan()).padStart(6, '0'), 41: terminal },
})

export type Watched = { readonly upstream: Upstream; readonly failures: string[] }

/**
 * An upstream of that host, quick to give up a silent host, and patient until it has a connection; `pool` and the rest
 * stand over what is usual.
 */
export function upstreamOf(
  t: Teardown,
  port: number,
  {
    pool,
    ...more
  }: Partial<Omit<UpstreamSettings, 'pool'>> & { readonly pool?: Partial<UpstreamSettings['pool']> } = {},
): Watched {
  const failures: string[] = []
  const upstream = openUpstream(
    {
      name: 'partner',
      kind: UPSTREAM_KINDS['partner-gift'],
      fixed: new Map(),
      host: '127.0.0.1',
      port,
      tls: null,
      profile,
      frame,
      connectTimeoutMs: 30_000,
      timeoutMs: 200,
      breaker: { after: 1_000, pause: 200 },
      terminal: 'AKART',
      ...more,
      pool: {
        min: 1,
        max: 2,
        perLink: 16,
        acquireTimeoutMs: 30_000,
        idleTimeoutMs: 60_000,
        echoAfterMs: 60_000,
        ...pool,
      },
    },
    {
      nextStan,
      now: Date.now,
      watch: { failed: (_name, what, why) => void failures.push(`${what}: ${why}`), closed: () => {} },
    },
  )
  t.teardown(upstream.stop)
  return { upstream, failures }
}

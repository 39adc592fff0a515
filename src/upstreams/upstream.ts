/** One upstream host: connections, circuit breaker, trace numbers, and matching of answers. */

import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { FrameSettings } from '../iso8583/frame.ts'
import type { Message } from '../iso8583/message.ts'
import type { Profile } from '../iso8583/profile.ts'
import { type BreakerState, createBreaker } from './breaker.ts'
import type { FixedFields, UpstreamKind } from './kind.ts'
import { createLink, type Link } from './link.ts'
import type { Exchange } from './pending-answers.ts'
import { createLinkPool, type LinkPool, type PoolSettings } from './pool.ts'

export type UpstreamSettings = {
  readonly name: string
  readonly kind: UpstreamKind
  readonly fixed: FixedFields
  readonly host: string
  readonly port: number
  /** PEM texts; null: no TLS. */
  readonly tls: TlsSettings | null
  readonly profile: Profile
  readonly frame: FrameSettings
  readonly pool: PoolSettings
  /** ms to connect, and in which the host has to answer. */
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
  /** Failures in a row after which nothing is tried, and for how many ms. */
  readonly breaker: { readonly after: number; readonly pause: number }
  /** DE 41 of our 0800. */
  readonly terminal: string
}

export type TlsSettings = {
  /** The authority of the host's certificate; null: the authorities that Node trusts. */
  readonly ca: string | null
  /** Our own certificate and key, where the host asks for them. */
  readonly cert: string | null
  readonly key: string | null
  /** The name in the host's certificate; null: `host`. */
  readonly serverName: string | null
}

export type UpstreamParts = {
  /** An unused trace number (1 to 999999); null: none is free. */
  readonly nextStan: () => number | null
  readonly now: () => number
  readonly watch: UpstreamWatch
}

export type UpstreamWatch = {
  readonly failed: (upstream: string, what: 'connect' | 'silent' | 'unmatched' | 'not_sent', why: string) => void
  readonly closed: (upstream: string, why: string) => void
}

export type UpstreamState = {
  /** Connections that are signed on. */
  readonly up: number
  /** Messages that wait for their answer. */
  readonly inFlight: number
  readonly breaker: BreakerState
}

/** An upstream host: sends a message over one of its connections and returns the answer. */
export type Upstream = {
  readonly settings: UpstreamSettings
  readonly exchange: (message: Message, late: (answer: Message) => void) => Promise<Exchange>
  /** Whether the host answers an echo. */
  readonly echo: () => Promise<boolean>
  readonly state: () => UpstreamState
  readonly stop: () => Promise<void>
}

const SIGN_ON = '001'
const ECHO = '301'
const nobody = (): void => {}

export function openUpstream(settings: UpstreamSettings, { nextStan, now, watch }: UpstreamParts): Upstream {
  const { name, timeoutMs, profile, frame } = settings
  const breaker = createBreaker(settings.breaker.after, settings.breaker.pause)
  let inFlight = 0

  const network = async (link: Link, purpose: string): Promise<boolean> => {
    const stan = nextStan()
    if (stan === null) return false
    const exchange = await link.exchange(networkMessage(settings.terminal, purpose, stan, now()), timeoutMs, nobody)
    return exchange.sent && exchange.answer !== null && exchange.answer.fields[39] === '00'
  }

  const signedOn = async (closed: (link: Link) => void): Promise<Link> => {
    const link = createLink(
      await connect(settings),
      { profile, frame },
      {
        closed(why, which) {
          closed(which)
          watch.closed(name, why)
        },
        unmatched: (what) => watch.failed(name, 'unmatched', what),
      },
    )
    if (await network(link, SIGN_ON)) return link
    link.close('sign-on was not answered 00')
    throw new Error('sign-on was not answered 00')
  }

  const pool = createLinkPool(settings.pool, {
    open: signedOn,
    echo: (link) => network(link, ECHO),
    failed(error) {
      breaker.failed(performance.now())
      watch.failed(name, 'connect', error instanceof Error ? error.message : String(error))
    },
  })

  const notSent = (why: string): Exchange => {
    watch.failed(name, 'not_sent', why)
    return { sent: false, why }
  }

  return {
    settings,
    async exchange(message, late) {
      if (!breaker.admits(performance.now())) return notSent('the circuit is open')
      inFlight++
      const exchange = await over(pool, (link) => link.exchange(message, timeoutMs, late)).finally(() => inFlight--)
      if (!exchange.sent) {
        breaker.failed(performance.now())
        return notSent(exchange.why)
      }
      if (exchange.answer === null) {
        breaker.failed(performance.now())
        watch.failed(name, 'silent', `${nameOf(message)}: ${exchange.why}`)
      } else {
        breaker.succeeded()
      }
      return exchange
    },
    async echo() {
      let lives = false
      await over(pool, async (link) => {
        lives = await network(link, ECHO)
        return { sent: false, why: '' }
      })
      return lives
    },
    state: () => ({ up: pool.up(), inFlight, breaker: breaker.state(performance.now()) }),
    stop: pool.stop,
  }
}

/** Over a connection that is lent for it. */
async function over(pool: LinkPool, work: (link: Link) => Promise<Exchange>): Promise<Exchange> {
  let link: Link
  try {
    link = await pool.lend()
  } catch (error) {
    return { sent: false, why: error instanceof Error ? error.message : String(error) }
  }
  try {
    return await work(link)
  } finally {
    pool.giveBack(link)
  }
}

/** @throws where it does not connect in time, or the host's certificate is not one to be trusted */
async function connect({ host, port, tls, connectTimeoutMs }: UpstreamSettings): Promise<Socket> {
  const socket =
    tls === null
      ? connectTcp({ host, port })
      : connectTls({
          host,
          port,
          servername: tls.serverName ?? host,
          ...(tls.ca === null ? {} : { ca: tls.ca }),
          ...(tls.cert === null ? {} : { cert: tls.cert }),
          ...(tls.key === null ? {} : { key: tls.key }),
        })
  try {
    await once(socket, tls === null ? 'connect' : 'secureConnect', { signal: AbortSignal.timeout(connectTimeoutMs) })
    return socket
  } catch (error) {
    socket.on('error', () => {}) // it is told by the error that is thrown
    socket.destroy()
    throw asReason(error, host, port)
  }
}

const asReason = (error: unknown, host: string, port: number): Error =>
  (error as { code?: unknown }).code === 'ABORT_ERR'
    ? new Error(`${host}:${port} does not accept connections in time`)
    : error instanceof Error
      ? error
      : new Error(String(error))

const nameOf = ({ mti, fields }: Message): string => `${mti} ${fields[11] ?? ''} ${fields[41] ?? ''}`

function networkMessage(terminal: string, purpose: string, stan: number, at: number): Message {
  const iso = new Date(at).toISOString().replaceAll(/\D/gu, '')
  return {
    mti: '0800',
    fields: {
      7: iso.slice(4, 14),
      11: String(stan).padStart(6, '0'),
      12: iso.slice(8, 14),
      13: iso.slice(4, 8),
      41: terminal.padEnd(8),
      70: purpose,
    },
  }
}

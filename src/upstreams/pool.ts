/** A pool of connections to one upstream host. */

import { setTimeout as sleep } from 'node:timers/promises'
import { createPool, type Pool } from 'generic-pool'
import { backOff } from './back-off.ts'
import type { Link } from './link.ts'
import { createLinkWaiters } from './link-waiters.ts'
import { createSharedLinks } from './shared-links.ts'

export type PoolSettings = {
  /** Minimum and maximum number of open connections. */
  readonly min: number
  readonly max: number
  /** Messages at the same time on one connection; 1: one at a time. */
  readonly perLink: number
  /** ms: how long a message waits for a connection, how long an idle one stays, and after what silence it is asked. */
  readonly acquireTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly echoAfterMs: number
}

export type PoolParts = {
  /** Connects and signs on. */
  readonly open: (closed: (link: Link) => void) => Promise<Link>
  /** Tests a connection with an echo. */
  readonly echo: (link: Link) => Promise<boolean>
  readonly failed: (error: unknown) => void
}

export type LinkPool = {
  /** Lends a connection that has room, for one message. @throws where none can be had in time */
  readonly lend: () => Promise<Link>
  readonly giveBack: (link: Link) => void
  /** Connections that are signed on. */
  readonly up: () => number
  readonly stop: () => Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 15_000
const POLL_INTERVAL_MS = 1_000
// Below `min` too an idle line is renewed: one that a firewall forgot is as good as none.
const RENEWED_AFTER = 4

/**
 * Connections to one host. generic-pool opens, checks and evicts them; it lends each to one borrower at a time, so what
 * is borrowed from it is shared here among as many messages as a connection may carry.
 */
export function createLinkPool(settings: PoolSettings, parts: PoolParts): LinkPool {
  const { min, max, perLink, acquireTimeoutMs } = settings
  const stopping = new AbortController()
  const shared = createSharedLinks(perLink)
  const waiters = createLinkWaiters(acquireTimeoutMs, max * perLink)
  const opener = createOpener(parts, stopping.signal)
  let acquiring = 0

  const pool = poolOf(settings, parts, opener.open)

  const returned = (link: Link): void => {
    shared.remove(link)
    void (link.usable() ? pool.release(link) : pool.destroy(link))
  }

  /** Hands out what there is, and borrows as many more as the rest needs. */
  const pump = (): void => {
    while (waiters.count() > 0) {
      const link = shared.take()
      if (link === null) break
      waiters.serve(link)
    }
    while (acquiring < Math.min(Math.ceil(waiters.count() / perLink), max - shared.count())) borrow()
  }
  const borrow = (): void => {
    acquiring++
    pool.acquire().then(
      (link) => {
        acquiring--
        shared.add(link)
        pump()
        if (shared.isIdle(link)) returned(link)
      },
      () => {
        acquiring-- // not in time; each waiter has a time of its own
        if (!stopping.signal.aborted) pump()
      },
    )
  }

  // Opens a lost connection again without waiting for the next request.
  const looking = setInterval(() => {
    if (opener.live() < min && acquiring === 0 && shared.count() < max) borrow()
  }, POLL_INTERVAL_MS)

  return {
    lend() {
      const link = waiters.count() === 0 ? shared.take() : null
      if (link !== null) return Promise.resolve(link)
      if (stopping.signal.aborted) return Promise.reject(new Error('stopping'))
      const lent = waiters.add()
      pump()
      return lent
    },
    giveBack(link) {
      shared.giveBack(link)
      pump()
      if (shared.isIdle(link)) returned(link)
    },
    up: opener.live,
    async stop() {
      stopping.abort()
      clearInterval(looking)
      waiters.rejectAll(new Error('stopping'))
      opener.closeAll('stopping')
      // Connections that are being borrowed time out by themselves.
      const emptied = pool.drain().then(() => pool.clear())
      await Promise.race([emptied, sleep(POLL_INTERVAL_MS, undefined, { ref: false })])
    },
  }
}

function poolOf(
  { min, max, acquireTimeoutMs, idleTimeoutMs, echoAfterMs }: PoolSettings,
  { echo }: PoolParts,
  open: () => Promise<Link>,
): Pool<Link> {
  return createPool<Link>(
    {
      create: open,
      async destroy(link) {
        link.close('not needed any more')
      },
      async validate(link) {
        if (!link.usable()) return false
        return performance.now() - link.heard() < echoAfterMs || echo(link)
      },
    },
    {
      min,
      max,
      testOnBorrow: true,
      acquireTimeoutMillis: acquireTimeoutMs,
      evictionRunIntervalMillis: POLL_INTERVAL_MS,
      numTestsPerEvictionRun: max,
      softIdleTimeoutMillis: idleTimeoutMs,
      idleTimeoutMillis: idleTimeoutMs * RENEWED_AFTER,
    },
  )
}

/** Opens links, with a growing pause after each failure, and knows those that live. */
function createOpener({ open, failed }: PoolParts, stopping: AbortSignal) {
  const live = new Set<Link>()
  let failures = 0
  return {
    open: async (): Promise<Link> => {
      // The pool retries at once while somebody waits, so we pause here, also before a refusal.
      await sleep(backOff(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, Math.random()), undefined, {
        signal: stopping,
      }).catch(() => sleep(FIRST_PAUSE_MS))
      if (stopping.aborted) throw new Error('stopping')
      try {
        const link = await open((closed) => live.delete(closed))
        if (!link.usable()) throw new Error('closed while signing on')
        live.add(link)
        failures = 0
        return link
      } catch (error) {
        failures++
        failed(error)
        throw error
      }
    },
    live: () => live.size,
    closeAll(why: string): void {
      for (const link of live) link.close(why)
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { createPool } from 'generic-pool'
import { backOff } from './back-off.ts'
import type { Link } from './link.ts'

export type PoolSettings = {
  /** Connections that are kept open, and at most. */
  readonly min: number
  readonly max: number
  /** Messages at the same time on one connection; 1: one at a time. */
  readonly perLink: number
  /** ms: how long a message waits for a connection, how long an idle one stays, and after what silence it is asked. */
  readonly acquireTimeout: number
  readonly idleTimeout: number
  readonly echoAfter: number
}

export type PoolParts = {
  /** Connects and signs on. */
  readonly open: (closed: (link: Link) => void) => Promise<Link>
  /** Whether the host still answers there. */
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
// Waiters at the most, for each message that could be on its way, and where those are few: more have no chance to be
// sent in time.
const QUEUED_PER_PLACE = 4
const QUEUED_AT_LEAST = 256

type Waiter = { readonly resolve: (link: Link) => void; readonly reject: (error: Error) => void; timer: NodeJS.Timeout }

/**
 * Connections to one host. generic-pool opens, checks and evicts them; it lends each to one borrower at a time, so what
 * is borrowed from it is shared here among as many messages as a connection may carry.
 */
export function createLinkPool(settings: PoolSettings, parts: PoolParts): LinkPool {
  const { min, max, perLink, acquireTimeout, idleTimeout, echoAfter } = settings
  const stopping = new AbortController()
  const live = new Set<Link>()
  /** Borrowed from the pool: link → messages on it. */
  const shared = new Map<Link, number>()
  const waiters = new Set<Waiter>()
  let failures = 0
  let acquiring = 0

  const create = async (): Promise<Link> => {
    // The pool asks again at once for as long as somebody waits: the pause is ours, also before a refusal.
    await sleep(backOff(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, Math.random()), undefined, {
      signal: stopping.signal,
    }).catch(() => sleep(FIRST_PAUSE_MS))
    if (stopping.signal.aborted) throw new Error('stopping')
    try {
      const link = await parts.open((closed) => live.delete(closed))
      if (!link.usable()) throw new Error('closed while signing on')
      live.add(link)
      failures = 0
      return link
    } catch (error) {
      failures++
      parts.failed(error)
      throw error
    }
  }

  const pool = createPool<Link>(
    {
      create,
      async destroy(link) {
        link.close('not needed any more')
      },
      async validate(link) {
        if (!link.usable()) return false
        return performance.now() - link.heard() < echoAfter || parts.echo(link)
      },
    },
    {
      min,
      max,
      testOnBorrow: true,
      acquireTimeoutMillis: acquireTimeout,
      evictionRunIntervalMillis: POLL_INTERVAL_MS,
      numTestsPerEvictionRun: max,
      softIdleTimeoutMillis: idleTimeout,
      idleTimeoutMillis: idleTimeout * RENEWED_AFTER,
    },
  )

  const withRoom = (): Link | null => {
    let best: Link | null = null
    let least = perLink
    for (const [link, load] of shared) if (load < least && link.usable()) [best, least] = [link, load]
    return best
  }
  const load = (link: Link, by: 1 | -1): number => {
    const now = (shared.get(link) ?? 0) + by
    shared.set(link, now)
    return now
  }
  const settle = (waiter: Waiter): Waiter => {
    clearTimeout(waiter.timer)
    waiters.delete(waiter)
    return waiter
  }
  const returned = (link: Link): void => {
    shared.delete(link)
    void (link.usable() ? pool.release(link) : pool.destroy(link))
  }

  /** Hands out what there is, and borrows as many more as the rest needs. */
  const pump = (): void => {
    for (const waiter of waiters) {
      const link = withRoom()
      if (link === null) break
      load(link, 1)
      settle(waiter).resolve(link)
    }
    while (acquiring < Math.min(Math.ceil(waiters.size / perLink), max - shared.size)) borrow()
  }
  const borrow = (): void => {
    acquiring++
    pool.acquire().then(
      (link) => {
        acquiring--
        shared.set(link, 0)
        pump()
        if (shared.get(link) === 0) returned(link)
      },
      () => {
        acquiring-- // not in time; each waiter has a time of its own
        if (!stopping.signal.aborted) pump()
      },
    )
  }

  // A line that was lost while nobody used it is opened again without waiting for somebody who does.
  const looking = setInterval(() => {
    if (live.size < min && acquiring === 0 && shared.size < max) borrow()
  }, POLL_INTERVAL_MS)

  return {
    lend() {
      const link = waiters.size === 0 ? withRoom() : null
      if (link !== null) {
        load(link, 1)
        return Promise.resolve(link)
      }
      if (stopping.signal.aborted) return Promise.reject(new Error('stopping'))
      if (waiters.size >= Math.max(QUEUED_AT_LEAST, max * perLink * QUEUED_PER_PLACE)) {
        return Promise.reject(new Error('too many wait for a connection'))
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(waiter).reject(new Error('no connection in time')), acquireTimeout)
        const waiter: Waiter = { resolve, reject, timer }
        waiters.add(waiter)
        pump()
      })
    },
    giveBack(link) {
      load(link, -1)
      pump()
      if (shared.get(link) === 0) returned(link)
    },
    up: () => live.size,
    async stop() {
      stopping.abort()
      clearInterval(looking)
      for (const waiter of waiters) settle(waiter).reject(new Error('stopping'))
      for (const link of live) link.close('stopping')
      // What is being borrowed gives up by itself.
      const emptied = pool.drain().then(() => pool.clear())
      await Promise.race([emptied, sleep(POLL_INTERVAL_MS, undefined, { ref: false })])
    },
  }
}

import { assert } from '../core/assert.ts'
import type { Link } from './link.ts'

/** Links that are borrowed from the pool, each with the number of messages on it. */
export type SharedLinks = {
  readonly add: (link: Link) => void
  readonly remove: (link: Link) => void
  /** The one with the fewest messages, with one more on it; null: none has room. */
  readonly take: () => Link | null
  /** Called when a message on the connection is finished. */
  readonly giveBack: (link: Link) => void
  readonly isIdle: (link: Link) => boolean
  readonly count: () => number
}

/** @param most messages at the same time on one link */
export function createSharedLinks(most: number): SharedLinks {
  const messages = new Map<Link, number>()
  return {
    add(link) {
      assert(!messages.has(link), 'a link is borrowed twice')
      messages.set(link, 0)
    },
    remove: (link) => void messages.delete(link),
    take() {
      let best: Link | null = null
      let least = most
      for (const [link, number] of messages) if (number < least && link.usable()) [best, least] = [link, number]
      if (best !== null) messages.set(best, least + 1)
      return best
    },
    giveBack(link) {
      const number = messages.get(link) ?? 0
      assert(number > 0, 'a link is given back more often than it was lent')
      messages.set(link, number - 1)
    },
    isIdle: (link) => messages.get(link) === 0,
    count: () => messages.size,
  }
}

import type { Waiting } from './lanes.ts'
import { recentKeys } from './recent-keys.ts'

/** Keys of requests that are in work or were booked recently. */
export type BookedKeys = {
  readonly has: (key: string) => boolean
  /** Remembers the key of a request, and returns the request. */
  readonly followed: (waiting: Waiting, key: string) => Waiting
}

// Keys of the latest answers: 2 MB, at 1,000 a second two minutes.
const ANSWERED = 100_000

export function createBookedKeys(): BookedKeys {
  /** Key → number of requests under it in work: a request and its repeats do not end at the same time. */
  const working = new Map<string, number>()
  const ended = (key: string): void => {
    const left = (working.get(key) ?? 0) - 1
    if (left > 0) working.set(key, left)
    else working.delete(key)
  }
  const answered = recentKeys(ANSWERED)
  return {
    has: (key) => working.has(key) || answered.has(key),
    followed(waiting, key) {
      working.set(key, (working.get(key) ?? 0) + 1)
      return {
        ...waiting,
        resolve(answer) {
          ended(key)
          if (answer.row !== null) answered.add(key)
          waiting.resolve(answer)
        },
        reject(reason) {
          ended(key)
          waiting.reject(reason)
        },
      }
    },
  }
}

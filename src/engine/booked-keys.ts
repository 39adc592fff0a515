import type { Waiting } from './lanes.ts'
import { recentKeys } from './recent-keys.ts'

/** Keys under which something is in work, or was booked a short while ago. */
export type BookedKeys = {
  readonly has: (key: string) => boolean
  /** The same request, which is known under its key from now on. */
  readonly followed: (waiting: Waiting, key: string) => Waiting
}

// Keys of the latest answers: 2 MB, at 1,000 a second two minutes.
const ANSWERED = 100_000

export function createBookedKeys(): BookedKeys {
  const working = new Set<string>()
  const answered = recentKeys(ANSWERED)
  return {
    has: (key) => working.has(key) || answered.has(key),
    followed(waiting, key) {
      working.add(key)
      return {
        ...waiting,
        resolve(answer) {
          working.delete(key)
          if (answer.row !== null) answered.add(key)
          waiting.resolve(answer)
        },
        reject(reason) {
          working.delete(key)
          waiting.reject(reason)
        },
      }
    },
  }
}

import { isConnectionLost } from '../db/connection-lost.ts'
import { Unanswered } from '../engine/refusal.ts'
import type { Log } from '../log.ts'

/** Logs internal errors, at most one line a second of each kind. */
export type TroubleLog = {
  readonly note: (what: string, error: unknown, details?: object) => void
}

const SECOND_MS = 1_000
const AWAY = 'the database does not answer'

/** `what` → how often in the current second. */
type Sort = { readonly counts: Map<string, number>; last: object }

/**
 * Logs the first error of a kind at once and the following ones as one line at the end of each second with any. Errors
 * from an unavailable database are one kind, whichever part reports them: 130 s of them were 6.9 MB. Only errors of our
 * own code have a stack, because other stacks say nothing.
 *
 * @param afterASecond calls back once
 */
export function createTroubleLog(
  log: Log,
  afterASecond = (run: () => void): void => void setTimeout(run, SECOND_MS).unref(),
): TroubleLog {
  const sorts = new Map<string, Sort>()

  const sumUp = (message: string): void => {
    const sort = sorts.get(message)
    if (sort === undefined) return
    const more = [...sort.counts.values()].reduce((sum, count) => sum + count, 0)
    if (more === 0) {
      sorts.delete(message)
      return
    }
    log.error(message, { ...sort.last, more, what: Object.fromEntries(sort.counts) })
    sort.counts.clear()
    afterASecond(() => sumUp(message))
  }

  return {
    note(what, error, details = {}) {
      const root = rootOf(error)
      const isDatabaseUnavailable = root instanceof Unanswered || (isDriverError(root) && isConnectionLost(root))
      const message = isDatabaseUnavailable ? AWAY : what
      const fields = { ...details, ...(isOurs(root) && !isDatabaseUnavailable ? { error } : { why: whyOf(root) }) }
      const sort = sorts.get(message)
      if (sort !== undefined) {
        sort.counts.set(what, (sort.counts.get(what) ?? 0) + 1)
        sort.last = fields
        return
      }
      sorts.set(message, { counts: new Map(), last: fields })
      log.error(message, isDatabaseUnavailable ? { ...fields, what } : fields)
      afterASecond(() => sumUp(message))
    },
  }
}

/** The original error under the errors that wrap it. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error
}

const isDriverError = (error: unknown): boolean => typeof (error as { code?: unknown } | null)?.code === 'string'

/** An error that is neither the database's nor the system's. */
const isOurs = (error: unknown): boolean => error instanceof Error && !isDriverError(error)

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import type { Request } from '../core/request.ts'
import type { Waiting } from './lanes.ts'

/** Decides which requests of a batch are looked up under their keys before any decision. */
export type KnownKeys = {
  /** The requests of the batch whose keys are assumed to be free, at this try (from 1). */
  readonly takenAsFree: (batch: readonly Waiting[], tries: number, now: number) => ReadonlySet<Request>
  /** Called when the unique key refused a row (error 1062) whose key was assumed to be free. */
  readonly wasThere: (now: number) => void
}

// If new requests repeat old ones without being marked as repeats, each makes its batch run again; then all keys are queried.
const WARY_MS = 1_000

/**
 * A new operation always leaves a row, and the unique key detects an existing one: error 1062, the batch is rolled back
 * and run again with a query for all keys. Without the query a payment saves 8 to 15 µs of the database's time, as long
 * as repeats are few; keys of repeats (x1), of requests that this process has answered before, and of settling requests
 * are always queried.
 */
export function createKnownKeys(): KnownKeys {
  let waryUntil = -Infinity
  return {
    takenAsFree: (batch, tries, now) =>
      tries > 1 || now < waryUntil ? new Set() : new Set(batch.filter(isNewOperation).map(({ request }) => request)),
    wasThere(now) {
      waryUntil = now + WARY_MS
    },
  }
}

const isNewOperation = ({ lane, request }: Waiting): boolean => lane === 'new' && FREE.has(request.ask.act)
/** Staging or applying a load leaves no row under its key: an existing load is found by batch and line. */
const FREE: ReadonlySet<Request['ask']['act']> = new Set(['operation', 'forward', 'stage', 'apply_staged'])

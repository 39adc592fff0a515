import type { Request } from '../core/request.ts'

/** Callbacks for metrics and log. */
export type EngineWatch = {
  readonly batch: (size: number, ms: number) => void
  /** The same step by step, if tracing is on. */
  readonly traced?: (steps: BatchSteps) => void
  readonly trouble: (what: string, error: unknown, requests: readonly Request[]) => void
}

/** The times of the steps of a batch, by `performance.now()`. */
export type BatchSteps = {
  readonly requests: readonly Request[]
  /** When each request arrived. */
  readonly since: readonly number[]
  readonly began: number
  /** The COMMIT was sent. */
  readonly committing: number
  readonly ended: number
}

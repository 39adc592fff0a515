import type { Request } from '../core/request.ts'

/** Callbacks for metrics and log. */
export type EngineWatch = {
  readonly batch: (size: number, ms: number) => void
  readonly trouble: (what: string, error: unknown, requests: readonly Request[]) => void
}

import type { Request } from '../core/request.ts'

/** Who hears of what the engine does: metrics and the log. */
export type EngineWatch = {
  readonly batch: (size: number, ms: number) => void
  readonly trouble: (what: string, error: unknown, requests: readonly Request[]) => void
}

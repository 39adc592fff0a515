/** A call of a web shop that was refused before it reached the books. */
export type RefusedCall = {
  readonly at: number
  readonly method: string
  /** As the interface names it: `/payments/{id}/confirm`, without ids. */
  readonly path: string
  readonly status: number
  /** The code of the problem in the answer. */
  readonly problem: string
  readonly requestId: string
}

/** The latest of each shop, in the memory of this process: a flood of wrong calls writes nothing to the database. */
export type RefusedCalls = {
  readonly note: (shop: string, call: RefusedCall) => void
  /** The newest first. */
  readonly of: (shop: string) => readonly RefusedCall[]
}

const KEPT = 30

export function createRefusedCalls(): RefusedCalls {
  const byShop = new Map<string, RefusedCall[]>()
  return {
    note(shop, call) {
      const calls = byShop.get(shop) ?? []
      calls.unshift(call)
      calls.length = Math.min(calls.length, KEPT)
      byShop.set(shop, calls)
    },
    of: (shop) => byShop.get(shop) ?? [],
  }
}

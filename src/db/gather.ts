/** Loads what several callers want at once with one statement. */
export type Gather<Value> = (key: string) => Promise<Value | null>

type Wanted<Value> = {
  readonly resolve: (value: Value | null) => void
  readonly reject: (error: unknown) => void
}

/** Keys of one statement. */
const MOST = 256

/**
 * Collects the callers of one turn of the event loop into one statement; later callers wait for the next statement. So
 * every caller gets data read after its call, and a burst costs one statement per round trip instead of one per caller.
 * Without waiting for the end of the turn, the first of 16 callers went alone and the other 15 one round trip later,
 * which also split their batch in the engine.
 */
export function gather<Value>(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>): Gather<Value> {
  const waiting = new Map<string, Wanted<Value>[]>()
  let isRunning = false

  const run = async (): Promise<void> => {
    while (waiting.size > 0) {
      const lot = [...waiting].slice(0, MOST)
      for (const [key] of lot) waiting.delete(key)
      try {
        const found = await load(lot.map(([key]) => key))
        for (const [key, all] of lot) for (const { resolve } of all) resolve(found.get(key) ?? null)
      } catch (error) {
        for (const [, all] of lot) for (const { reject } of all) reject(error)
      }
    }
    isRunning = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const all = waiting.get(key)
      if (all === undefined) waiting.set(key, [{ resolve, reject }])
      else all.push({ resolve, reject })
      if (isRunning) return
      isRunning = true
      setImmediate(() => void run())
    })
}

/** One for each database. */
export function oneForEach<Source extends object, One>(open: (source: Source) => One): (source: Source) => One {
  const known = new WeakMap<Source, One>()
  return (source) => {
    const there = known.get(source)
    if (there !== undefined) return there
    const made = open(source)
    known.set(source, made)
    return made
  }
}

/** A MAC key of a terminal; its generations are a list, the newest first. */
export type MacKey = {
  /** The higher the newer. */
  readonly id: number
  /** 16 or 32; never logged. */
  readonly bytes: Buffer
  /** Loaded by a person; else handed out by a key exchange. */
  readonly loaded: boolean
  /** ms of the first message under it; null: none yet. */
  readonly usedAt: number | null
  /** ms from which on it is refused; null: not yet known. */
  readonly endsAt: number | null
}

export type MacKeys = readonly MacKey[]

/** How long the older keys are good after the first message under a new one, ms (docs/spec/terminal.md, section 7). */
export const GRACE = 60_000

/**
 * How many keys that no message came under yet are kept, the newest: the answer to an exchange may be lost, and its repeat
 * brings another key.
 */
export const UNUSED_KEPT = 3

export const isAlive = ({ endsAt }: MacKey, now: number): boolean => endsAt === null || endsAt > now

/**
 * The keys that a message may be MACed with. For a key exchange the newest loaded key is one of them also when it has ended:
 * a terminal that lost its session key asks for a new one with it, and gets nothing but a key block.
 */
export function acceptable(keys: MacKeys, now: number, exchange: boolean): MacKeys {
  const loaded = exchange ? keys.find((key) => key.loaded) : undefined
  return keys.filter((key) => isAlive(key, now) || key === loaded)
}

/** Whether a message under `key` ends older ones; to be recorded then. */
export const isFirstUse = (keys: MacKeys, key: MacKey): boolean =>
  key.usedAt === null && keys.some((older) => older.id < key.id && older.endsAt === null)

/** Ids of what need not be kept when another key is handed out in answer to a message under `inUse`. */
export function surplus(keys: MacKeys, inUse: number, now: number): number[] {
  const loaded = keys.find((key) => key.loaded)
  const unused = keys.filter(({ loaded, usedAt, id }) => !loaded && usedAt === null && id !== inUse)
  const kept = new Set(unused.slice(0, UNUSED_KEPT - 1).map(({ id }) => id))
  return keys
    .filter((key) => key !== loaded && key.id !== inUse)
    .filter((key) => !isAlive(key, now) || (unused.includes(key) && !kept.has(key.id)))
    .map(({ id }) => id)
}

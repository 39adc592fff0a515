/** A map of bounded size that drops the least recently used entry. A lookup counts as use. */
export type LruMap<Value> = {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/**
 * Two generations of a Map: when the young one is full it becomes the old one, and the old one is dropped. Cheaper
 * than a linked list (two lookups at worst), and between `size` and twice `size` entries are kept.
 */
export function lruMap<Value>(size: number): LruMap<Value> {
  let young = new Map<string, Value>()
  let old = new Map<string, Value>()
  const set = (key: string, value: Value): void => {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const aged = old.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    set,
  }
}

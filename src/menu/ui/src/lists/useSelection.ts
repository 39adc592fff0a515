import { useEffect, useState } from 'react'

/** The ticked rows of this page, or all matching rows. Another page or search begins without a selection. */
export function useSelection(ids: readonly string[]) {
  const page = ids.join()
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const [all, setAll] = useState(false)
  const clear = (): void => {
    setKeys(new Set())
    setAll(false)
  }
  useEffect(clear, [page])
  return {
    keys,
    all,
    takeAll: () => {
      setKeys(new Set(ids))
      setAll(true)
    },
    clear,
    toggle: (key: string): void => {
      setAll(false)
      setKeys((now) => {
        const next = new Set(now)
        if (!next.delete(key)) next.add(key)
        return next
      })
    },
    toggleAll: () => (keys.size === ids.length ? clear() : setKeys(new Set(ids))),
  }
}

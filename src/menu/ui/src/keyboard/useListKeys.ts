import { useState } from 'react'
import { useKeys } from './keys.ts'

type Acts = {
  readonly open: (index: number) => void
  readonly select: (index: number) => void
}

/** j and k move, Enter opens, x selects. The row comes into view. */
export function useListKeys(length: number, { open, select }: Acts): number {
  const [cursor, setCursor] = useState(-1)
  useKeys({
    j: () => setCursor((now) => Math.min(now + 1, length - 1)),
    k: () => setCursor((now) => Math.max(now - 1, 0)),
    Enter: () => open(cursor),
    x: () => select(cursor),
  })
  return cursor
}

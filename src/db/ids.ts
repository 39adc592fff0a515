import type { Access } from './access.ts'
import { integer, text } from './sql/literal.ts'
import { onConnection } from './unit-of-work.ts'

/**
 * Ids for new rows: blocks are taken from the database in a transaction of their own and given out from memory, so
 * that they are unique over all processes without a clock or a number per process, and rise with time.
 */
export type Ids = {
  /** The next id; null while the database could not give a new block and the last one is used up (then: overload). */
  readonly next: () => number | null
  readonly stop: () => Promise<void>
}

// At 25,000 requests a second with two ids each, a block lasts a second; the next one is fetched when half of it is
// used. Trace numbers wrap after 999,999: their blocks are small, so that restarts do not use them up.
const BLOCKS = { row: 50_000, stan: 10_000 } as const

/** @param series `row` for rows; `stan` for trace numbers towards other hosts */
export async function createIds(
  access: Access,
  trouble: (error: unknown) => void,
  series: keyof typeof BLOCKS = 'row',
  size: number = BLOCKS[series],
): Promise<Ids> {
  let current = await takeBlock(access, series, size)
  let reserve: IdBlock | null = null
  let fetching: Promise<void> | null = null

  const fetchReserve = (): void => {
    fetching ??= takeBlock(access, series, size)
      .then((block) => {
        reserve = block
      }, trouble)
      .finally(() => {
        fetching = null
      })
  }

  return {
    next() {
      if (reserve === null && current.end - current.next < size / 2) fetchReserve()
      if (current.next === current.end) {
        if (reserve === null) return null
        current = reserve
        reserve = null
      }
      return current.next++
    },
    async stop() {
      await fetching
    },
  }
}

type IdBlock = { next: number; readonly end: number }

/** `LAST_INSERT_ID(expr)` gives back what this connection's UPDATE read, so that one statement is enough. */
async function takeBlock(access: Access, series: keyof typeof BLOCKS, size: number): Promise<IdBlock> {
  const next = await takeIds(access, series, size)
  return { next, end: next + size }
}

/** Passes over `count` ids, which are never given out. */
export const skipIds = (series: keyof typeof BLOCKS, count: number): string =>
  `UPDATE id_blocks SET next_id = next_id + ${integer(count)} WHERE name = ${text(series)}`

/** Reserves `count` ids of a series and returns the first. */
export async function takeIds(
  access: Access,
  series: 'row' | 'account' | 'pack' | 'stan' | 'welfare',
  count: number,
): Promise<number> {
  return onConnection(access, async (connection) => {
    const [[row] = []] = await connection.send(
      `UPDATE id_blocks SET next_id = LAST_INSERT_ID(next_id) + ${integer(count)} WHERE name = ${text(series)};
       SELECT LAST_INSERT_ID()`,
    )
    return Number(row?.[0])
  })
}

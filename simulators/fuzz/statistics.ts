/** The state of a run. */
export type Statistics = {
  frames: number
  connections: number
  /** By mutation. */
  readonly changes: Map<string, number>
  /** Answers by DE39. */
  readonly codes: Map<string, number>
  /** Frames that got no answer because nothing of them could be read, or because they were answers themselves. */
  silent: number
  /** Lines that the switch ended, as it has to. */
  closed: number
  /** Frames that never ended. */
  pending: number
}

export const newStatistics = (): Statistics => ({
  frames: 0,
  connections: 0,
  changes: new Map(),
  codes: new Map(),
  silent: 0,
  closed: 0,
  pending: 0,
})

export const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)

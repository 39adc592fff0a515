export type Job = () => Promise<void>

/** Jobs, started in order by workers of their own. */
export type Lane = { readonly workers: number; readonly jobs: readonly Job[] }

/** Runs all jobs. Workers whose lane is empty continue with later lanes, never with earlier ones. */
export async function runLanes(lanes: readonly Lane[], stopped: () => boolean): Promise<void> {
  const waiting = lanes.map(({ jobs }) => [...jobs])
  const worker = async (lane: number): Promise<void> => {
    for (;;) {
      const job = stopped()
        ? undefined
        : waiting
            .slice(lane)
            .find(({ length }) => length > 0)
            ?.shift()
      if (job === undefined) return
      await job()
    }
  }
  await Promise.all(lanes.flatMap(({ workers }, lane) => Array.from({ length: workers }, () => worker(lane))))
}

/** Looks for work at an interval until it is stopped. */
export type Poller = {
  /** Resolves when the current poll has ended and its resources are closed. */
  readonly stop: () => Promise<void>
}

export type PollerParts = {
  /** ms between the end of a poll and the next one. */
  readonly every: number
  /** ms before the first poll; default: `every`. */
  readonly first?: number
  /** One poll. Long polls check `isStopping`. */
  readonly look: (isStopping: () => boolean) => Promise<void>
  /** Called when a poll throws; it rolls back and reports. Polling continues. */
  readonly failed: (error: unknown) => Promise<void> | void
  readonly close: () => Promise<void>
}

export function startPoller({ every, first = every, look, failed, close }: PollerParts): Poller {
  let stopping = false
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> = Promise.resolve()

  const lookOnce = async (): Promise<void> => {
    try {
      await look(() => stopping)
    } catch (error) {
      await failed(error)
    }
    if (!stopping) schedule(every)
  }
  const schedule = (ms: number): void => {
    timer = setTimeout(() => {
      running = lookOnce()
    }, ms)
  }
  schedule(first)

  return {
    async stop() {
      stopping = true
      if (timer !== null) clearTimeout(timer)
      await running
      await close()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit, RunningMariadb } from './mariadb-server.ts'

/** A server that is started again whenever it ends by itself, within bounds. */
export type KeptServer = {
  readonly stop: () => Promise<void>
  /** Resolves when it has ended for good: it was stopped, or it does not stay up. */
  readonly exited: Promise<Exit>
}

export type KeptServerWatch = {
  readonly ended: (exit: Exit) => void
  readonly restarted: (pid: number, ms: number) => void
  readonly notStarted: (error: unknown) => void
  /** Called once each time the server must wait for free disk space before it is started. */
  readonly full: () => void
}

/** Ends within this time that are taken for bad luck (a kill, no memory); after more something is wrong with it. */
export const RESTARTS_AT_MOST = 5
const WITHIN_MS = 60_000
const PAUSE_MS = 200
const LOOK_FOR_ROOM_MS = 500

export function keepRunning(
  first: RunningMariadb,
  start: () => Promise<RunningMariadb>,
  hasRoom: () => Promise<boolean>,
  watch: KeptServerWatch,
): KeptServer {
  let current = first
  let starting: Promise<RunningMariadb> | null = null
  let isStopping = false
  let ends: readonly number[] = []

  const mayRestart = (): boolean => {
    const now = performance.now()
    ends = [...ends.filter((at) => now - at < WITHIN_MS), now]
    return !isStopping && ends.length <= RESTARTS_AT_MOST
  }
  /** A full disk is no fault of the server: it waits for space, and such an exit does not count as a failure. */
  const room = async (): Promise<void> => {
    if (await hasRoom()) return
    watch.full()
    while (!isStopping && !(await hasRoom())) await sleep(LOOK_FOR_ROOM_MS)
    ends = []
  }
  /** False: it is not started any more. */
  const restart = async (): Promise<boolean> => {
    for (;;) {
      await room()
      if (!mayRestart()) return false
      const began = performance.now()
      try {
        starting = start()
        current = await starting
        watch.restarted(current.pid, Math.round(performance.now() - began))
        return true
      } catch (error) {
        watch.notStarted(error)
        await sleep(PAUSE_MS)
      }
    }
  }
  const keep = async (): Promise<Exit> => {
    for (;;) {
      const exit = await current.exited
      if (isStopping) return exit
      watch.ended(exit)
      if (!(await restart())) return exit
    }
  }
  const exited = keep()

  return {
    exited,
    async stop() {
      isStopping = true
      const late = starting?.then((server) => server.stop()).catch(() => undefined) // it did not start
      await Promise.all([current.stop(), late])
    },
  }
}

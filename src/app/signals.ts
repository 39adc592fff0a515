import { closeSync, openSync } from 'node:fs'

/** The action of each signal on a running Akart. */
export type Signals = {
  /** Resolves at the first one that stops; further ones change nothing, since stopping is bounded anyway. */
  readonly stop: Promise<NodeJS.Signals>
  /** Called at each SIGHUP that does not stop. */
  readonly onRenew: (renew: () => void) => void
}

/**
 * SIGINT and SIGTERM stop Akart. SIGHUP makes it read certificates again, as daemons do, unless the terminal from which
 * Akart was started has hung up: then Akart stops, so that a closed window leaves no process behind.
 */
export function listenForSignals(hasTerminal: () => boolean = hasControllingTerminal): Signals {
  const hadTerminal = hasTerminal()
  let renew = (): void => {}
  const stop = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal))
    process.on('SIGHUP', () => {
      if (hadTerminal && !hasTerminal()) resolve('SIGHUP')
      else renew()
    })
  })
  return { stop, onRenew: (how) => (renew = how) }
}

/**
 * `/dev/tty` is the controlling terminal of the process that opens it; the open fails if there is none or if it is
 * gone.
 */
function hasControllingTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

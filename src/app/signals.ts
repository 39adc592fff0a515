import { closeSync, openSync } from 'node:fs'

/** What each signal makes a running Akart do. */
export type Signals = {
  /** Resolves at the first one that stops; further ones change nothing, since stopping is bounded anyway. */
  readonly stop: Promise<NodeJS.Signals>
  /** Called at each SIGHUP that does not stop. */
  readonly onRenew: (renew: () => void) => void
}

/**
 * SIGINT and SIGTERM stop. SIGHUP reads certificates again, as daemons do, unless it means what its name says: the
 * terminal that Akart was started from has hung up. Then it stops, so that a window that is closed leaves nothing behind.
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

/** `/dev/tty` is the terminal of whoever opens it, and cannot be opened where there is none or it is gone. */
function hasControllingTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

import { openDatabaseServer } from '../home/database-server.ts'
import { openHome } from '../home/home-directory.ts'
import { openLog } from '../log.ts'
import { listenForSignals } from './signals.ts'

/**
 * Runs the private database of a home alone, until SIGINT or SIGTERM, for a dump without concurrent bookings.
 *
 * @param ready called with the path of its socket and the name of the database
 * @throws a set-up error: the home is in use, has no private database, or its server does not start
 */
export async function serveDatabase(
  directory: string,
  ready: (socket: string, database: string) => void,
): Promise<void> {
  const signals = listenForSignals()
  const home = await openHome(directory)
  try {
    const { access, stop } = await openDatabaseServer(home, openLog({ level: 'warn', file: null }), undefined)
    ready(access.socketPath ?? '', access.database)
    await signals.stop
    await stop()
  } finally {
    await home.release()
  }
}

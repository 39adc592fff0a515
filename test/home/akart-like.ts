// Locks a home and serves its database like akart, prints a line, and waits: a process that tests can kill.
import { openDatabaseServer } from '../../src/home/database-server.ts'
import { openHome } from '../../src/home/home-directory.ts'
import { isSetUpError } from '../../src/config/set-up-error.ts'
import { openLog } from '../../src/log.ts'

const [directory = ''] = process.argv.slice(2)
try {
  const home = await openHome(directory)
  const server = await openDatabaseServer(home, openLog({ level: 'silent', file: null }), undefined)
  process.once('SIGTERM', () => {
    void server.stop().then(() => process.exit(0))
  })
  console.log('ready')
} catch (error) {
  console.log(isSetUpError(error) ? error.message : error)
  process.exitCode = 1
}

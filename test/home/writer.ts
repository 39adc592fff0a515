// Locks a home like akart and commits numbers, printing each once it is committed: a process for a soak to kill.
import { openDatabaseServer } from '../../src/home/database-server.ts'
import { openHome } from '../../src/home/home-directory.ts'
import { openLog } from '../../src/log.ts'
import { openConnection } from '../../src/db/access.ts'

const [directory = '', first = '0'] = process.argv.slice(2)
const home = await openHome(directory)
const server = await openDatabaseServer(home, openLog({ level: 'silent', file: null }), undefined)
const connection = await openConnection(server.access, { multipleStatements: false })
await connection.query('CREATE TABLE IF NOT EXISTS said (n INT PRIMARY KEY) ENGINE = InnoDB')
for (let n = Number(first); ; n++) {
  await connection.query('INSERT INTO said VALUES (?)', [n])
  process.stdout.write(`${n}\n`)
}

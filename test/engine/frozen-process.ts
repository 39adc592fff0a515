// A process that is frozen in the middle of a transaction: locks a card as an engine does, says so, and stops itself.
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { lockCards } from '../../src/db/sql/cards.ts'

const [url = '', card] = process.argv.slice(2)
const connection = workerConnection(parseDatabaseUrl(url))
await connection.send(`BEGIN;${lockCards([Number(card)])}`)
process.kill(process.pid, 'SIGSTOP')

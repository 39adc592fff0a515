// A process that makes cards, to be killed: soon after so many are made, where a number is given; it waits for that.
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { generation } from '../../src/jobs/generation.ts'
import { type JobKind, startJobRunner } from '../../src/jobs/runner.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { GENERATION } from '../../src/office/generation-order.ts'

const [url = '', enough = ''] = process.argv.slice(2)
const keys = deriveCardKeys(DEMO_MASTER)
const make = generation(() => keys)

/** Begins no lot once `most` cards are made: a killer that stands still meanwhile finds its victim alive. */
const upTo =
  (most: number): JobKind =>
  (job, { connection, ...work }) => {
    const send = async (sql: string) => {
      if (sql.startsWith('BEGIN')) {
        const [[row] = []] = await connection.send('SELECT COALESCE(SUM(done), 0) FROM jobs')
        if (Number(row?.[0]) >= most) await new Promise(() => {})
      }
      return connection.send(sql)
    }
    return make(job, { ...work, connection: { ...connection, send } })
  }

const runner = startJobRunner({
  access: parseDatabaseUrl(url),
  kinds: { [GENERATION]: enough === '' ? make : upTo(Number(enough)) },
  trouble: (what, error) => console.error(what, error),
})
process.on('disconnect', () => void runner.stop().then(() => process.exit(0)))

// A process that makes cards, to be killed.
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { generation } from '../../src/jobs/generation.ts'
import { startJobRunner } from '../../src/jobs/runner.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { GENERATION } from '../../src/office/generation-order.ts'

const [url = ''] = process.argv.slice(2)
const keys = deriveCardKeys(DEMO_MASTER)
const runner = startJobRunner({
  access: parseDatabaseUrl(url),
  kinds: { [GENERATION]: generation(() => keys) },
  trouble: (what, error) => console.error(what, error),
})
process.on('disconnect', () => void runner.stop().then(() => process.exit(0)))

// A process that folds or chains beside others. If a place is named, it dies there by SIGKILL; else it ends when its parent disconnects.
import process from 'node:process'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { startAuditChain } from '../../src/jobs/audit-chain.ts'
import { startFolding } from '../../src/jobs/folding.ts'
import { crashingAt, type Place } from '../engine/crashing-proxy.ts'
import { SUMS } from '../engine/folded-sums.ts'
import { CHAIN_KEY } from '../engine/foundations-checks.ts'

export type UpkeepJob = 'folding' | 'chaining'

const [url = '', job = '', place] = process.argv.slice(2)
const direct = parseDatabaseUrl(url)
const access = place === undefined ? direct : await crashingAt(direct, JSON.parse(place) as Place)
const trouble = (error: unknown): void => console.error(job, error)

const unanchored = { seen: () => Promise.resolve(null), grown: () => undefined, cut: () => Promise.resolve() }

const poller =
  (job as UpkeepJob) === 'folding'
    ? startFolding({ access, folds: [SUMS, SEARCH_ROWS], trouble })
    : startAuditChain({ access, key: () => CHAIN_KEY, ...unanchored, trouble })
process.on('disconnect', () => void poller.stop().then(() => process.exit(0)))
process.send?.('ready')

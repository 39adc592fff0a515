import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as booksModule from './books.ts'
import type * as trafficModule from './traffic.ts'
import type * as closedLoopModule from './closed-loop.ts'
import type * as engineModule from '../src/engine/engine.ts'
import type * as configModule from '../src/config/read-config.ts'
import type * as foldingModule from '../src/jobs/folding.ts'
import type * as chainModule from '../src/jobs/audit-chain.ts'
import type * as searchModule from '../src/db/search-rows.ts'
import type * as reportsModule from '../src/db/reports/folding.ts'
import type * as foldOnceModule from '../src/db/folding.ts'
import type * as unitModule from '../src/db/unit-of-work.ts'
import type { Access } from '../src/db/access.ts'
import type { Books } from './books.ts'
import type { Round } from './closed-loop.ts'

/**
 * One side of `before-after.ts`, in a process of its own: the engine of the checkout given as argument, with its own
 * books and traffic. It receives the plays and returns their results.
 */

export type Order = { readonly mix: number; readonly callers: number; readonly ms: number } | 'end'
export type Said = { readonly round: Round; readonly unfolded: number } | 'ready'

const [root = ''] = process.argv.slice(2)
const load = async <Module>(file: string): Promise<Module> =>
  (await import(pathToFileURL(join(root, 'build', file)).href)) as Module

const { openBooks } = await load<typeof booksModule>('bench/books.js')
const { createTraffic, MIXES } = await load<typeof trafficModule>('bench/traffic.js')
const { closedLoop } = await load<typeof closedLoopModule>('bench/closed-loop.js')
const { createEngine } = await load<typeof engineModule>('src/engine/engine.js')
const { readConfig } = await load<typeof configModule>('src/config/read-config.js')

type Upkeep = { readonly start: () => { readonly stop: () => Promise<void> }; readonly unfolded: () => Promise<number> }

/** The upkeep that runs beside the engine; older checkouts have none. */
async function upkeepOf({ access }: Books): Promise<Upkeep | null> {
  try {
    const { startFolding } = await load<typeof foldingModule>('src/jobs/folding.js')
    const { startAuditChain } = await load<typeof chainModule>('src/jobs/audit-chain.js')
    const { SEARCH_ROWS } = await load<typeof searchModule>('src/db/search-rows.js')
    const { REPORT_SUMS } = await load<typeof reportsModule>('src/db/reports/folding.js')
    const { onConnection } = await load<typeof unitModule>('src/db/unit-of-work.js')
    const trouble = (error: unknown): void => console.error('bench:', error)
    await foldAll(access, [SEARCH_ROWS, REPORT_SUMS])
    return {
      start() {
        // AKART_BENCH_UPKEEP=0: the engine without upkeep.
        if (process.env['AKART_BENCH_UPKEEP'] === '0') return { stop: () => Promise.resolve() }
        const jobs = [
          startFolding({ access, folds: [SEARCH_ROWS, REPORT_SUMS], trouble }),
          startAuditChain({
            access,
            key: () => Buffer.alloc(32, 1),
            seen: () => Promise.resolve(null),
            grown: () => undefined,
            cut: () => Promise.resolve(),
            trouble,
          }),
        ]
        return { stop: async () => void (await Promise.all(jobs.map((job) => job.stop()))) }
      },
      unfolded: () =>
        onConnection(access, async (connection) =>
          Number((await connection.send('SELECT COUNT(*) FROM unfolded'))[0]?.[0]?.[0]),
        ),
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}

/**
 * The sales of the seeded cards, in ten batches of 2,000: a chain's cards were sold long before, so payments must not
 * fold them.
 */
async function foldAll(access: Access, folds: readonly foldOnceModule.Fold[]): Promise<void> {
  const { foldOnce } = await load<typeof foldOnceModule>('src/db/folding.js')
  const { onConnection } = await load<typeof unitModule>('src/db/unit-of-work.js')
  await onConnection(access, async (connection) => {
    while ((await foldOnce(connection, folds, { batches: 10, ids: 2_000 }))?.isMore === true);
  })
}

const say = (said: Said): void => void process.send?.(said)

// An older checkout calls `timeoutMs` and `queueWaitMs` by these names.
const NAMED_BEFORE = { patience: 60_000, queueWait: 60_000 }

const books = await openBooks()
const { engine: settings } = await readConfig({ environment: process.env })
const engine = createEngine(
  books.access,
  () => books.registry().issues,
  { ...settings, ...NAMED_BEFORE, timeoutMs: 60_000, queueWaitMs: 60_000 },
  { batch: () => undefined, trouble: (what: string, error: unknown) => console.error('bench:', what, error) },
)
const traffic = createTraffic(books)
const upkeep = await upkeepOf(books)
let answered = 0

async function play({ mix, callers, ms }: Exclude<Order, 'end'>): Promise<void> {
  const played = MIXES[mix]
  if (played === undefined) throw new Error(`there is no mix ${mix}`)
  const running = upkeep?.start()
  const round = await closedLoop(engine.submit, traffic, played, callers, ms, books.serverCpu)
  await running?.stop()
  answered += round.answered
  say({ round, unfolded: (await upkeep?.unfolded()) ?? 0 })
}

process.on('message', (order: Order) => {
  const done = order === 'end' ? end() : play(order)
  done.catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
// A parent that failed leaves nothing running: with this process its database server ends too.
let isDone = false
process.once('disconnect', () => process.exit(isDone ? 0 : 1))
say('ready')

async function end(): Promise<void> {
  await engine.stop()
  await books.prove(answered)
  await books.close()
  isDone = true
  process.disconnect()
}

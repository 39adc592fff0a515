import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { type Break, databaseProxy } from './database-proxy.ts'
import { HISTORY, OPENING, playHistory, terminalsOf } from './engine-history.ts'
import { type EngineSetting, STORE } from './engine-setting.ts'
import { wrongSequences } from './sequences.ts'
import { wrongUnfolded } from './unfolded-check.ts'

/**
 * A fault of the engines while histories run: one is replaced by a new one, the database drops its connections, or
 * something happens at an engine's next COMMIT.
 */
type Trouble = { readonly after: number; readonly what: 'restart' | 'cut' | Break; readonly engine: number }

const TROUBLE: fc.Arbitrary<Trouble> = fc.record({
  after: fc.nat(200),
  what: fc.constantFrom('restart', 'cut', 'before', 'during', 'after', 'refused', 'refused'),
  engine: fc.nat(1),
})

// The ledger is verified as a whole: after every run only while it is small.
const LEDGER_AT_FIRST = 8
const LEDGER_EVERY = 20

/** Histories that run beside each other through the same two engines, so that batches mix what the histories do. */
const AT_ONCE = 25

export type RunReport = {
  readonly histories: number
  readonly requests: number
  readonly restarts: number
  /** COMMITs that something happened to. */
  readonly broken: number
  /** The checker's finding, with a way to repeat it; null: everything is explained. */
  readonly finding: string | null
}

/**
 * Plays at least `histories` histories in runs of some that share two engines on one database, and verifies the ledger
 * between. Ends with the first run in which something cannot be explained. @throws what goes wrong in the harness itself
 */
export async function runModel(setting: EngineSetting, histories: number, seed: number): Promise<RunReport> {
  const ends: (() => Promise<void>)[] = []
  const openProxy = () => databaseProxy({ teardown: (end) => ends.push(end) }, setting.access)
  const proxies = [await openProxy(), await openProxy()] as const
  const unsettled = new Set<number>()
  const trouble = (what: string, _: unknown, requests: readonly Request[]): void => {
    if (what === 'outcome not known, settling') for (const { id } of requests) unsettled.add(id)
  }
  const newEngine = (i: number): Engine => setting.engine({ workers: 2, batchMax: 16 }, { trouble }, proxies[i]?.access)
  const engines: Engine[] = [newEngine(0), newEngine(1)]
  const current = [0, 1].map((i) => () => engines[i] ?? newEngine(i))
  const stopped: Promise<void>[] = []
  const restart = (i: number): void => {
    const old = engines[i]
    engines[i] = newEngine(i)
    if (old !== undefined) stopped.push(old.stop())
  }
  let number = 0
  let requests = 0
  let runs = 0
  let finding: string | null = null

  const run = async (
    batch: readonly (typeof HISTORY extends fc.Arbitrary<infer H> ? H : never)[],
    troubles: readonly Trouble[],
  ) => {
    const numbers = batch.map(() => ++number)
    const cards = await prepare(setting, current, numbers)
    const trouble = Promise.all(
      troubles.map(async ({ after, what, engine }) => {
        await sleep(after)
        if (what === 'restart') restart(engine)
        else if (what === 'cut') await cut(setting)
        else proxies[engine]?.breakNextCommit(what)
      }),
    )
    const played = await Promise.all(
      batch.map((history, i) => playHistory(setting, current, history, numbers[i] ?? 0, cards[i] ?? [], unsettled)),
    )
    await trouble
    requests += played.reduce((sum, one) => sum + one.requests, 0)
    finding = played.find(({ wrong }) => wrong !== null)?.wrong ?? null
    runs += 1
    if (finding === null && (runs <= LEDGER_AT_FIRST || runs % LEDGER_EVERY === 0)) finding = await unbalanced(setting)
    return finding === null
  }

  try {
    // A failure depends on timing, and its message tells the one history that went wrong: shrinking would only take time.
    const checked = await fc.check(
      fc.asyncProperty(
        fc.array(HISTORY, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        fc.array(TROUBLE, { minLength: 4, maxLength: 8 }),
        run,
      ),
      { numRuns: Math.ceil(histories / AT_ONCE), seed, endOnFailure: true },
    )
    if (checked.failed && finding === null) {
      throw new Error(`AKART_MODEL_SEED=${seed}, run ${checked.numRuns}`, { cause: checked.errorInstance })
    }
    finding ??= await unbalanced(setting)
  } finally {
    await Promise.all([...engines.map((engine) => engine.stop()), ...stopped])
    await Promise.all(ends.map((end) => end()))
  }
  const broken = proxies.reduce((sum, { breaks }) => sum + breaks(), 0)
  const again = finding === null ? null : `AKART_MODEL_SEED=${seed}, run ${runs}: ${finding}`
  return { histories: number, requests, restarts: stopped.length, broken, finding: again }
}

/** Two cards for each history, the first one with money on it, and a terminal under policy `next`. */
async function prepare(setting: EngineSetting, engines: readonly (() => Engine)[], numbers: readonly number[]) {
  const cards = await setting.newCards(numbers.length * OPENING.length)
  await setting.connection.query('INSERT INTO terminals (code, store_code, confirmation, mac, state) VALUES ?', [
    numbers.map((number) => [terminalsOf(number)[1], STORE, 'next', 'none', 'active']),
  ])
  await Promise.all(
    cards.map(async (card, i) => {
      const amount = OPENING[i % OPENING.length] ?? 0
      if (amount === 0) return
      const sale = setting.request(setting.operation('sale', card, amount), {
        kind: KIND.financial,
        terminal: 'OPENING',
        stan: card.id % 1_000_000,
        confirmation: 'none',
      })
      const answer = await engines[0]?.().submit(sale)
      if (answer?.result !== 'approved') throw new Error(`the setting is not right: ${answer?.result}`)
    }),
  )
  return numbers.map((_, i) => cards.slice(i * OPENING.length, (i + 1) * OPENING.length))
}

/** Drops every connection to this database but the one that looks. */
async function cut({ connection, access }: EngineSetting): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()',
    [access.database],
  )
  for (const { id } of rows as { id: number }[]) {
    await connection.query('KILL ?', [id]).catch(() => undefined) // it has just ended by itself
  }
}

async function unbalanced({ access, connection }: EngineSetting): Promise<string | null> {
  const { faults } = await verifyLedger(access)
  if (faults.length > 0) return `the ledger does not add up:\n${faults.join('\n')}`
  const wrong = await wrongSequences(connection)
  if (wrong.length > 0) return `the cards' histories are out of order:\n${wrong.join('\n')}`
  const unfolded = await wrongUnfolded(connection)
  return unfolded.length === 0 ? null : `what nobody has looked at is told wrongly:\n${unfolded.join('\n')}`
}

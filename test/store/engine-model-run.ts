import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import { KIND } from '../../src/core/request.ts'
import type { Engine } from '../../src/store/engine.ts'
import { verifyLedger } from '../../src/store/ledger-verification.ts'
import { HISTORY, OPENING, playHistory, terminalsOf } from './engine-history.ts'
import { type EngineSetting, STORE } from './engine-setting.ts'

/** What befalls the engines while histories run: one is replaced by a new one, or the database drops its connections. */
type Trouble = { readonly after: number; readonly what: 'restart' | 'cut'; readonly engine: number }

const TROUBLE: fc.Arbitrary<Trouble> = fc.record({
  after: fc.nat(30),
  what: fc.constantFrom('restart', 'cut'),
  engine: fc.nat(1),
})

/** Histories that run beside each other through the same two engines, so that batches mix what the histories do. */
const AT_ONCE = 25

export type RunReport = { readonly histories: number; readonly requests: number; readonly restarts: number }

/**
 * Plays at least `histories` histories in runs of some that share two engines on one database, and verifies the ledger
 * between. @throws with the seed and the history, when something cannot be explained
 */
export async function runModel(setting: EngineSetting, histories: number, seed: number): Promise<RunReport> {
  const engines: Engine[] = [newEngine(setting), newEngine(setting)]
  const current = [0, 1].map((i) => () => engines[i] ?? newEngine(setting))
  const stopped: Promise<void>[] = []
  const restart = (i: number): void => {
    const old = engines[i]
    engines[i] = newEngine(setting)
    if (old !== undefined) stopped.push(old.stop())
  }
  let number = 0
  let requests = 0
  let runs = 0

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
        else await cut(setting)
      }),
    )
    const played = await Promise.all(
      batch.map((history, i) => playHistory(setting, current, history, numbers[i] ?? 0, cards[i] ?? [])),
    )
    await trouble
    const wrong = played.flatMap(({ wrong }) => (wrong === null ? [] : [wrong]))
    requests += played.reduce((sum, one) => sum + one.requests, 0)
    if (wrong.length > 0) throw new Error(wrong[0])
    if (runs++ % 20 === 0) await mustAddUp(setting)
  }

  try {
    // A failure depends on timing, and its message tells the one history that went wrong: shrinking would only take time.
    const checked = await fc.check(
      fc.asyncProperty(
        fc.array(HISTORY, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        fc.array(TROUBLE, { maxLength: 2 }),
        run,
      ),
      { numRuns: Math.ceil(histories / AT_ONCE), seed, endOnFailure: true },
    )
    if (checked.failed)
      throw new Error(`AKART_MODEL_SEED=${seed}, run ${checked.numRuns}`, { cause: checked.errorInstance })
    await mustAddUp(setting)
  } finally {
    await Promise.all([...engines.map((engine) => engine.stop()), ...stopped])
  }
  return { histories: number, requests, restarts: stopped.length }
}

const newEngine = (setting: EngineSetting): Engine => setting.engine({ workers: 2, batchMax: 16 })

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

async function mustAddUp({ access }: EngineSetting): Promise<void> {
  const { faults } = await verifyLedger(access)
  if (faults.length > 0) throw new Error(`the ledger does not add up:\n${faults.join('\n')}`)
}

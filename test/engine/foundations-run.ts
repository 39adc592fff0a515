import fc from 'fast-check'
import { hash } from 'node:crypto'
import type { RowDataPacket } from 'mysql2/promise'
import type { ToAttach } from '../../src/core/attached.ts'
import { applyStagedRequest } from '../../src/core/own-request.ts'
import type { Request } from '../../src/core/request.ts'
import { type Key, KIND, stageKey } from '../../src/core/key.ts'
import { openAccount } from '../../src/db/accounts.ts'
import { chainOnce } from '../../src/db/audit-chain.ts'
import { workerConnection, type WorkerConnection } from '../../src/db/connection.ts'
import { foldOnce } from '../../src/db/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { insertBatch } from '../../src/db/sql/staged.ts'
import { bookStaged, dropStaged } from '../../src/db/staged-batches.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Answer } from '../../src/engine/executor.ts'
import type { Verdict } from '../planting.ts'
import { databaseProxy } from './database-proxy.ts'
import { type EngineSetting, keyOf, type TestCard } from './engine-setting.ts'
import { FOLDED_SUMS, SUMS } from './folded-sums.ts'
import { CHAIN_KEY, Finding, must, mustBeMade } from './foundations-checks.ts'

/** A web shop's requests under one Idempotency-Key, to several endpoints and both engines at once. */
type KeyPlan = {
  readonly asks: readonly (typeof ENDPOINTS)[number][]
  readonly reversal: 'none' | 'before' | 'with' | 'after'
  readonly repeat: boolean
  readonly card: number
}
/** A batch of staged loads, one for each line. */
type BatchPlan = {
  readonly loads: readonly { readonly card: number; readonly amount: number }[]
  readonly decision: 'book' | 'drop'
}
type Round = {
  readonly keys: readonly KeyPlan[]
  readonly batches: readonly BatchPlan[]
  /** COMMITs that break, and after how many statements folding and chaining are killed. */
  readonly breaks: readonly ('before' | 'during' | 'after')[]
  readonly kills: readonly number[]
}

const ENDPOINTS = ['payment', 'too_much', 'top_up', 'refund', 'cash_out'] as const
const EFFECT = { payment: -100, too_much: 0, top_up: 1_000, refund: 7, cash_out: 0 } as const satisfies Record<
  (typeof ENDPOINTS)[number],
  number
>

const ROUND: fc.Arbitrary<Round> = fc.record({
  keys: fc.array(
    fc.record({
      asks: fc.uniqueArray(fc.constantFrom(...ENDPOINTS), { minLength: 1, maxLength: 3 }),
      reversal: fc.constantFrom('none', 'none', 'before', 'with', 'after'),
      repeat: fc.boolean(),
      card: fc.nat(1),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  batches: fc.array(
    fc.record({
      loads: fc.array(fc.record({ card: fc.nat(1), amount: fc.integer({ min: 1, max: 2_000 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      decision: fc.constantFrom('book', 'book', 'drop'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  breaks: fc.array(fc.constantFrom('before', 'during', 'after'), { maxLength: 2 }),
  kills: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
})

const AUDIT: ToAttach = {
  kind: 'audit',
  where: 'approved',
  row: {
    who: 'webshop',
    channel: 'web',
    action: 'web.ask',
    object: { kind: 'key', id: '1' },
    store: null,
    outcome: 'done',
    details: {},
  },
}
const OPENING = 10_000
const PAID = 500

/**
 * Plays the promises of the foundations against two engines: one key over several endpoints, reversals before their
 * originals, staged loads applied by any process, folding and chaining that are killed at every step. After each round
 * the books must follow from the answers, and search rows, sums, audit and chain from the books.
 */
export async function runFoundations(setting: EngineSetting, rounds: number, seed: number): Promise<Verdict> {
  const ends: (() => Promise<void>)[] = []
  const later = { teardown: (end: () => Promise<void>) => void ends.push(end) }
  const proxies = await Promise.all([databaseProxy(later, setting.access), databaseProxy(later, setting.access)])
  const engines = proxies.map((proxy) => setting.engine({ workers: 2, batchMax: 16 }, {}, proxy.access))
  await setting.connection.query(FOLDED_SUMS)
  const account = await openAccount(setting.access, 'counterparty_receivable', 'ACME', 985)
  const world = { setting, engines, account, stan: 0 }
  let played = 0
  let finding: string | null = null
  try {
    await fc.check(
      fc.asyncProperty(ROUND, async (round) => {
        played += 1
        round.breaks.forEach((where, i) => proxies[i % 2]?.breakNextCommit(where))
        try {
          await play(world, round)
        } catch (error) {
          finding = `AKART_MODEL_SEED=${seed}, round ${played}: ${error instanceof Finding ? error.message : String(error)}`
        }
        return finding === null
      }),
      { numRuns: rounds, seed, endOnFailure: true },
    )
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()))
    await Promise.all(ends.map((end) => end()))
  }
  return { finding, histories: played }
}

type World = {
  readonly setting: EngineSetting
  readonly engines: readonly Engine[]
  readonly account: number
  stan: number
}

async function play(world: World, round: Round): Promise<void> {
  const cards = await openCards(world)
  const batches = await Promise.all(round.batches.map((batch) => stageBatch(world, batch, cards)))
  const [keys] = await Promise.all([
    Promise.all(round.keys.map((plan) => playKey(world, plan, cards))),
    ...batches.map((id, i) => decide(world, id, round.batches[i])),
    ...round.kills.flatMap((step) => [killed(world, step, fold), killed(world, step, chain)]),
    ...cards.map(({ card }) => touch(world, card)),
  ])
  for (const { card } of cards) await touch(world, card)
  for (const [i, id] of batches.entries()) await refusesMore(world, id, cards[0]?.card, i)
  await drained(world)
  await mustBeBooked(world, round, cards, keys)
  await mustBeMade(world.setting)
}

type OpenCard = { readonly card: TestCard; readonly payment: number }

const submit = async ({ engines }: World, request: Request, engine = 0): Promise<Answer> => {
  const answer = await (engines[engine % engines.length] ?? engines[0])?.submit(request)
  if (answer === undefined) throw new Error('no engine')
  must(answer.result !== 'malfunction' && answer.result !== 'overloaded', `${request.ask.act} is a ${answer.result}`)
  return answer
}

const web = (world: World, ask: Request['ask'], key: Key): Request => ({
  ...world.setting.request(ask, { kind: KIND.web, terminal: 'SHOP', stan: 0, confirmation: 'explicit' }),
  key,
  content: hash('sha256', JSON.stringify(ask)).slice(0, 32),
  requester: { channel: 'web', who: 'webshop' },
  attached: [AUDIT],
})

async function openCards(world: World): Promise<readonly OpenCard[]> {
  const cards = await world.setting.newCards(2)
  return Promise.all(
    cards.map(async (card) => {
      const at = (): { kind: number; terminal: string; stan: number; confirmation: 'none' } => ({
        kind: KIND.financial,
        terminal: 'OPENING',
        stan: ++world.stan,
        confirmation: 'none',
      })
      await submit(world, world.setting.request(world.setting.operation('sale', card, OPENING), at()))
      const paid = await submit(world, world.setting.request(world.setting.operation('payment', card, PAID), at()))
      return { card, payment: paid.row?.id ?? 0 }
    }),
  )
}

async function stageBatch(world: World, { loads }: BatchPlan, cards: readonly OpenCard[]): Promise<number> {
  const id = world.setting.nextId()
  await world.setting.connection.query(
    insertBatch({ id, operation: 'welfare_load', account: world.account, loads: loads.length }),
  )
  const answers = await Promise.all(
    loads.flatMap(({ card, amount }, line) =>
      [0, 1].map((engine) => submit(world, staging(world, id, line, cards[card]?.card, amount), engine)),
    ),
  )
  must(
    answers.every(({ result }) => result === 'approved'),
    `staging is ${answers.map(({ result }) => result).join(' ')}`,
  )
  return id
}

function staging(world: World, batchId: number, line: number, card: TestCard | undefined, amount: number): Request {
  if (card === undefined) throw new Error('no card')
  const load = world.setting.operation('welfare_load', card, amount)
  const about = { kind: KIND.office, terminal: 'STAGE', stan: 0, confirmation: 'none' } as const
  return {
    ...world.setting.request({ act: 'stage', batchId, line, load, dry: false }, about),
    key: stageKey(batchId, line),
    requester: { channel: 'job', who: 'welfare' },
  }
}

async function decide({ setting }: World, id: number, plan: BatchPlan | undefined): Promise<void> {
  const booking = { at: Date.now(), businessDate: '2026-11-22', channel: 'menu', who: 'ola' } as const
  const isBooked = plan?.decision === 'book'
  const decided = await unitOfWork(setting.access, (one) =>
    isBooked ? bookStaged(one, id, booking) : dropStaged(one, id),
  )
  must(decided === (isBooked ? 'booked' : 'dropped'), `batch ${id} is ${decided}`)
}

async function refusesMore(world: World, id: number, card: TestCard | undefined, engine: number): Promise<void> {
  const { result } = await submit(world, staging(world, id, 99, card, 1), engine)
  must(result === 'original_done', `a load is staged after the decision: ${result}`)
}

const touch = (world: World, { id }: TestCard): Promise<Answer> =>
  submit(world, applyStagedRequest(world.setting.nextId(), id, Date.now()), id)

type PlayedKey = {
  readonly key: Key
  readonly plan: KeyPlan
  readonly ids: readonly number[]
  readonly approved: boolean
}

/** All of one key at once; what comes back must be one request's answer, and 422 or `reversed` for the rest. */
async function playKey(world: World, plan: KeyPlan, cards: readonly OpenCard[]): Promise<PlayedKey> {
  const open = cards[plan.card]
  if (open === undefined) throw new Error('no card')
  const key = { ...keyOf(KIND.web, 'SHOP', ++world.stan), digest: String(world.stan).padStart(64, '0') }
  const askOf = (endpoint: (typeof ENDPOINTS)[number]): Request['ask'] => {
    const { operation } = world.setting
    if (endpoint === 'refund') return { ...operation('refund', open.card, 7), receipt: { id: open.payment } }
    if (endpoint === 'too_much') return operation('payment', open.card, 999_999)
    return operation(endpoint, open.card, endpoint === 'top_up' ? 1_000 : 100)
  }
  const reverse = (): Promise<Answer> =>
    submit(
      world,
      web(
        world,
        { act: 'reversal', by: 'terminal', original: key, amount: null, presented: null },
        keyOf(KIND.web, 'SHOP', ++world.stan),
      ),
      world.stan,
    )
  if (plan.reversal === 'before') await reverse()
  const requests = plan.asks.map((endpoint) => web(world, askOf(endpoint), key))
  const asking = requests.map((request, i) => submit(world, request, i))
  const reversing = plan.reversal === 'with' ? reverse() : null
  const answers = await Promise.all(asking)
  await reversing
  const results = answers.map(({ result }) => result)
  // Values seen before must be seen again.
  if (plan.reversal === 'after') await foldedOnce(world)
  if (plan.reversal === 'after') must((await reverse()).result === 'approved', 'a reversal is not approved')
  if (plan.repeat) {
    for (const request of requests)
      await submit(world, { ...request, id: world.setting.nextId(), spareId: world.setting.nextId() }, 1)
  }
  const decided = results.filter((result) => !UNDECIDED.has(result))
  must(decided.length <= 1, `one key had ${results.join(' and ')}`)
  if (plan.reversal === 'before') must(decided.length === 0, `reversed before it came: ${results.join(' ')}`)
  const cashOut = results[plan.asks.indexOf('cash_out')]
  must(cashOut === undefined || UNDECIDED.has(cashOut), `a web shop may take no cash, and is told ${cashOut}`)
  return { key, plan, ids: requests.map(({ id }) => id), approved: results.includes('approved') }
}

// An unauthorised caller is refused before any look-up.
const UNDECIDED: ReadonlySet<string> = new Set(['key_reused', 'original_reversed', 'unsupported'])

async function foldedOnce({ setting }: World): Promise<void> {
  const connection = workerConnection(setting.access)
  try {
    await foldOnce(connection, [SUMS, SEARCH_ROWS], { batches: 500, ids: 5_000 })
  } finally {
    await connection.rollback()
    await connection.close()
  }
}

const fold = (connection: WorkerConnection): Promise<unknown> =>
  foldOnce(connection, [SUMS, SEARCH_ROWS], { batches: 8, ids: 50 })
const chain = (connection: WorkerConnection): Promise<unknown> => chainOnce(connection, CHAIN_KEY, 3)

/** Dies right before a statement: its connection is gone, as its process would be. */
async function killed(
  { setting }: World,
  step: number,
  work: (connection: WorkerConnection) => Promise<unknown>,
): Promise<void> {
  const dying = workerConnection(setting.access)
  let sent = 0
  const connection: WorkerConnection = {
    ...dying,
    async send(sql) {
      if (++sent === step) await dying.close()
      if (sent >= step) throw new Error('killed')
      return dying.send(sql)
    },
  }
  await work(connection).catch(() => undefined) // it is dead
  await dying.close()
}

/** Until nothing is left to fold and to chain. */
async function drained({ setting }: World): Promise<void> {
  const connection = workerConnection(setting.access)
  const deadline = Date.now() + 20_000
  const left = async (): Promise<boolean> => {
    const [rows] = await setting.connection.query<RowDataPacket[]>(
      'SELECT 1 FROM unfolded UNION ALL SELECT 1 FROM audit_unchained LIMIT 1',
    )
    return rows.length > 0
  }
  try {
    while (await left()) {
      must(Date.now() < deadline, 'what nobody has looked at does not end')
      await fold(connection)
      await chain(connection)
    }
  } finally {
    await connection.rollback()
    await connection.close()
  }
}

/** The cards hold what follows from the answers and the decisions. */
async function mustBeBooked(
  { setting }: World,
  round: Round,
  cards: readonly OpenCard[],
  keys: readonly PlayedKey[],
): Promise<void> {
  const [results] = await setting.connection.query<RowDataPacket[][]>(
    `SELECT id, ledger, staged FROM cards WHERE id IN (?) ORDER BY id; SELECT id, stan, state, amount, debit_account FROM transactions
     WHERE transmitted = ? AND stan IN (?) AND terminal_code = 'SHOP' AND kind = ?; SELECT id FROM audit WHERE id IN (?)`,
    [
      cards.map(({ card }) => card.id),
      keys[0]?.key.transmitted,
      keys.map(({ key }) => key.stan),
      KIND.web,
      keys.flatMap(({ ids }) => ids),
    ],
  )
  const [found = [], rows = [], audited = []] = results
  const expected = cards.map(() => OPENING - PAID)
  for (const { plan, key, approved, ids } of keys) {
    const row = rows.find(({ stan }) => stan === key.stan)
    must(row !== undefined, `nothing stands under key ${key.stan}`)
    if (plan.reversal !== 'none' && row?.['state'] !== 'declined')
      must(row?.['state'] === 'reversed', `${key.stan} was reversed and is ${row?.['state']}`)
    if (plan.reversal === 'none' && row?.['state'] === 'unconfirmed') {
      const endpoint = plan.asks.find((one) => Math.abs(EFFECT[one]) === row['amount'])
      expected[plan.card] = (expected[plan.card] ?? 0) + (endpoint === undefined ? Number.NaN : EFFECT[endpoint])
    }
    const acts = audited.filter(({ id }) => ids.includes(Number(id))).length
    must(
      acts === Number(approved) || (approved === false && acts <= 1 && row?.['state'] === 'reversed'),
      `key ${key.stan} has ${acts} audit rows`,
    )
  }
  for (const { loads, decision } of round.batches) {
    if (decision === 'book') for (const { card, amount } of loads) expected[card] = (expected[card] ?? 0) + amount
  }
  found.forEach((card, i) => {
    must(card['ledger'] === expected[i], `card ${card['id']} has ${card['ledger']}, its answers give ${expected[i]}`)
    must(card['staged'] === 0, `card ${card['id']} still leaves room for ${card['staged']}`)
  })
}

import { randomBytes } from 'node:crypto'
import type { Connection } from 'mysql2/promise'
import { accountName } from '../../src/core/registry.ts'
import { TERMINAL } from '../../src/core/channel.ts'
import type { Ask, NumberHashes, OperationAsk, Presented, Request } from '../../src/core/request.ts'
import { KIND, type Key, timerKey } from '../../src/core/key.ts'
import type { Access } from '../../src/db/access.ts'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { createEngine, type Engine, type EngineSettings } from '../../src/engine/engine.ts'
import type { EngineWatch } from '../../src/engine/engine-watch.ts'
import { createGuesses, type Guesses } from '../../src/engine/guesses.ts'
import { createIds } from '../../src/db/ids.ts'
import { insertCardMoves } from '../../src/db/sql/card-counts.ts'
import { keepRegistry } from '../../src/db/registry.ts'
import { testDatabase } from '../database.ts'

/** Stores, issues and accounts of the demo set in a real database, and as many fresh cards and keys as a test wants. */
export type EngineSetting = {
  readonly access: Access
  /** For reading the database beside the engines. */
  readonly connection: Connection
  readonly nextId: () => number
  readonly engine: (
    settings?: Partial<EngineSettings>,
    watch?: Partial<EngineWatch>,
    access?: Access,
    guesses?: Guesses,
  ) => Engine
  /** Sellable cards of the demo issue OPEN. */
  readonly newCards: (count: number) => Promise<readonly TestCard[]>
  readonly request: (ask: Ask, about: About) => Request
  readonly operation: (
    operation: OperationAsk['operation'],
    card: TestCard,
    amount: number,
    more?: Partial<OperationAsk>,
  ) => OperationAsk
  readonly timer: (original: { readonly id: number; readonly key: Key }) => Request
}

export type TestCard = { readonly id: number; readonly numberHash: string }

export type About = {
  readonly kind: number
  readonly terminal: string
  readonly stan: number
  readonly confirmation: Request['confirmation']
  readonly rrn?: string
}

export const STORE = '000000000000001'
const PLN = 985
/** Of the requests of a test: keys differ by terminal and STAN, and each numbered terminal has a moment of its own. */
const TRANSMITTED = 20261122173005

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/** @param access a database that is set up already, for a second process; null: one of its own, dropped at the end */
export async function engineSetting(t: Teardown, shared: Access | null = null): Promise<EngineSetting> {
  const access = shared ?? (await testDatabase(t))
  if (shared === null) await seedDemo(access, Date.now())
  // A test that cuts connections cuts these too: both try again by themselves.
  const trouble = (): void => undefined
  const registry = await keepRegistry(access, trouble)
  const ids = await createIds(access, trouble)
  const connection = await openConnection(access, { multipleStatements: true })
  t.teardown(async () => {
    await connection.end()
    await registry.stop()
    await ids.stop()
  })
  const { issues, accounts } = registry.current()
  const contra = (kind: 'store_receivable' | 'store_payable') => accounts.get(accountName(kind, STORE, PLN)) ?? null
  const issueId = [...issues.values()].find(({ code }) => code === 'OPEN')?.id ?? 0
  const nextId = (): number => ids.next() ?? fail('no ids')
  const request = (ask: Ask, about: About): Request => requestOf(ask, about, nextId(), nextId())

  return {
    access,
    connection,
    nextId,
    engine: (settings = {}, watch = {}, place = access, guesses = createGuesses()) =>
      createEngine(
        place,
        () => registry.current().issues,
        { workers: 2, batchMax: 16, queueMax: 10_000, timeoutMs: 60_000, queueWaitMs: 60_000, ...settings },
        { batch: () => undefined, trouble: () => undefined, ...watch },
        guesses,
      ),
    async newCards(count) {
      const cards = Array.from({ length: count }, () => ({
        id: nextId(),
        numberHash: randomBytes(16).toString('hex'),
      }))
      // The serial follows from the id, so that two processes do not give the same one.
      const rows = cards.map(({ id, numberHash }) => [
        id, issueId, id % 2_000_000_000, Buffer.from(numberHash, 'hex'), Buffer.alloc(28, 1), '629910', '0000', '4912', 0, 'sellable',
      ]) // prettier-ignore
      await connection.query(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state)
         VALUES ?`,
        [rows],
      )
      await connection.query(insertCardMoves([{ issueId, state: 'sellable', block: null, cards: count, ledger: 0 }]))
      return cards
    },
    request,
    operation: (operation, card, amount, more = {}) => ({
      act: 'operation',
      operation,
      presented: stripe(card),
      nominal: false,
      amount,
      currency: PLN,
      contra: contra(operation === 'sale' || operation === 'top_up' ? 'store_receivable' : 'store_payable'),
      partial: false,
      ontoNew: false,
      block: null,
      successor: null,
      receipt: null,
      office: null,
      ...more,
    }),
    timer: ({ id, key }) => ({
      ...request(
        { act: 'reversal', by: 'timer', original: key, amount: null, presented: null },
        { kind: KIND.reversal, terminal: 'TIMER', stan: 0, confirmation: 'none' },
      ),
      key: timerKey(id),
    }),
  }
}

export const numberOf = ({ numberHash }: Pick<TestCard, 'numberHash'>): NumberHashes => ({
  numberHash,
  otherHash: null,
  newestKey: 1,
})

export const stripe = ({ numberHash }: TestCard): Presented => ({
  ...numberOf({ numberHash }),
  luhn: true,
  shown: '',
  by: 'stripe',
  stripe: { expiry: '4912', version: 0, genuine: true },
  ecodeHash: null,
})

export const keyOf = (kind: number, terminal: string, stan: number): Key => ({
  store: STORE,
  terminal,
  kind,
  stan,
  transmitted: TRANSMITTED + (Number(/\d+$/.exec(terminal)?.[0]) || 0),
})

export function requestOf(
  ask: Ask,
  { kind, terminal, stan, confirmation, rrn }: About,
  id: number,
  spareId: number,
): Request {
  return {
    id,
    spareId,
    key: keyOf(kind, terminal, stan),
    // 32 hex digits of what must stay the same; enough of it for the requests of a test to differ.
    content: Buffer.from(`${ask.act} ${'amount' in ask ? ask.amount : ''}`.padEnd(16))
      .subarray(0, 16)
      .toString('hex'),
    requester: terminal === 'TIMER' ? { channel: 'job', who: 'confirm-timer' } : TERMINAL,
    source: terminal,
    at: Date.now(),
    today: '2026-11-22',
    businessDate: '2026-11-22',
    confirmation,
    confirmTimeoutMs: 120_000,
    lateConfirmWindowMs: 86_400_000,
    cancelWindowMs: null,
    ask,
    attached: [],
    labels: {
      processingCode: '006000',
      localTime: '1122183005',
      rrn: rrn ?? String(stan).padStart(12, '0'),
      approvalCode: 'A7K2Q9',
      entryMode: '022',
      amount: 'amount' in ask ? ask.amount : null,
      currency: PLN,
      echo: null,
      line: 'test',
      trace: `test-${id}`,
    },
  }
}

function fail(why: string): never {
  throw new Error(why)
}

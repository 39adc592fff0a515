/** Verifies the books: `akart ledger verify`. */

import type { Connection } from 'mysql2/promise'
import { openConnection, type Access } from '../db/access.ts'
import type { Actor } from './actor.ts'
import { foldingFaults } from './folding-faults.ts'
import type { Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type LedgerReport = {
  readonly cards: number
  readonly transfers: number
  /** Transfers that are in the archive. */
  readonly archived: number
  /** Per currency: the sum of all card balances as stored, of all other accounts from their transfers, and both together. */
  readonly currencies: readonly {
    readonly currency: number
    readonly cards: string
    readonly others: string
    readonly sum: string
  }[]
  /** Faults, one line each; at most 100 cards. */
  readonly faults: readonly string[]
}

/** Called with the number of finished checks, first with 0. */
export type OnProgress = (done: number, of: number) => void

/** Proves the books. */
export const verifyBooks = async (
  office: Office,
  actor: Actor,
  onProgress: OnProgress = () => undefined,
): Promise<LedgerReport | Refused> => mayDo(actor, 'reports.see') ?? verifyLedger(office.db.access, onProgress)

/**
 * Verifies the books from the transfers, in one consistent snapshot beside running traffic: every card's ledger balance
 * is the sum of its transfers, and its available balance is that less unconfirmed credits; the sum of all accounts is
 * zero in every currency; every transfer names existing accounts of its currency; every load of a booked batch is
 * either applied or still staged; folding has processed every transaction once.
 */
export async function verifyLedger(access: Access, onProgress: OnProgress = () => undefined): Promise<LedgerReport> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
    const of = CHECKS.length + 1
    onProgress(0, of)
    const cards = await rows<{ n: number }>(connection, 'SELECT COUNT(*) AS n FROM cards')
    const transfers = await rows<{ n: number }>(connection, 'SELECT COUNT(*) AS n FROM transactions WHERE amount > 0')
    const archived = await rows<{ n: string }>(connection, 'SELECT SUM(transfers) AS n FROM archived_days')
    const currencies = await rows<LedgerReport['currencies'][number]>(connection, SUMS)
    onProgress(1, of)
    const faults = currencies
      .filter(({ sum }) => Number(sum) !== 0)
      .map(({ currency, sum }) => `currency ${currency}: all accounts together are ${sum}, not 0`)
    for (const [i, faultsOf] of CHECKS.entries()) {
      faults.push(...(await faultsOf(connection)))
      onProgress(i + 2, of)
    }
    return {
      cards: cards[0]?.n ?? 0,
      transfers: transfers[0]?.n ?? 0,
      archived: Number(archived[0]?.n ?? 0),
      currencies,
      faults,
    }
  } finally {
    await connection.end()
  }
}

/** One statement, and a line for each row that it finds. */
const finding =
  <Row>(sql: string, line: (row: Row) => string) =>
  async (connection: Connection): Promise<string[]> =>
    (await rows<Row>(connection, sql)).map(line)

type CardFault = { id: number; ledger: number; available: number; transfers: string; unconfirmed: string }

const balanceFault = (c: CardFault): string =>
  `card ${c.id}: ledger ${c.ledger}, available ${c.available}; its transfers give ${c.transfers}, of which ${c.unconfirmed} unconfirmed`

async function rows<Shape>(connection: Connection, sql: string): Promise<Shape[]> {
  const [result] = await connection.query(sql)
  return result as Shape[]
}

/** Each side of each transfer as a signed movement of one account; of those that are archived, their sums by day. */
const MOVEMENTS = `
  SELECT credit_account AS account, amount FROM transactions WHERE amount > 0
  UNION ALL SELECT debit_account, -amount FROM transactions WHERE amount > 0
  UNION ALL SELECT account, amount FROM archived_moves`

const WRONG_BALANCES = `
  SELECT c.id, c.ledger, c.available, COALESCE(m.total, 0) AS transfers, COALESCE(u.total, 0) AS unconfirmed
  FROM cards c
  LEFT JOIN (SELECT account, SUM(amount) AS total FROM (${MOVEMENTS}) AS sides GROUP BY account) AS m ON m.account = c.id
  LEFT JOIN (SELECT credit_account AS account, SUM(amount) AS total FROM transactions
             WHERE state = 'unconfirmed' GROUP BY credit_account) AS u ON u.account = c.id
  WHERE c.ledger <> COALESCE(m.total, 0) OR c.available <> COALESCE(m.total, 0) - COALESCE(u.total, 0)
  ORDER BY c.id LIMIT 100`

/** A card leaves room for just the loads that are staged for it. */
const WRONG_FLAGS = `
  SELECT c.id, c.staged AS flag, COALESCE(s.total, 0) AS loads FROM cards c
  LEFT JOIN (SELECT card_id, SUM(amount) AS total FROM staged_loads GROUP BY card_id) AS s ON s.card_id = c.id
  WHERE c.staged <> COALESCE(s.total, 0) ORDER BY c.id LIMIT 100`

/** All of a booked batch: each load is a transaction, archived, or still to be applied. */
const SHORT_BATCHES = `
  SELECT b.id, b.loads, COALESCE(s.n, 0) + COALESCE(t.n, 0) + COALESCE(a.n, 0) AS staged FROM staged_batches b
  LEFT JOIN (SELECT batch_id, COUNT(*) AS n FROM staged_loads GROUP BY batch_id) AS s ON s.batch_id = b.id
  LEFT JOIN (SELECT transmitted, COUNT(*) AS n FROM transactions
             WHERE terminal_code = 'STAGED' AND store_code = 'AKART' GROUP BY transmitted) AS t ON t.transmitted = b.id
  LEFT JOIN (SELECT batch_id, COUNT(*) AS n FROM archived_loads GROUP BY batch_id) AS a ON a.batch_id = b.id
  WHERE b.state = 'booked' AND b.loads <> COALESCE(s.n, 0) + COALESCE(t.n, 0) + COALESCE(a.n, 0) ORDER BY b.id LIMIT 100`

const APPLIED_AND_STAGED = `
  SELECT s.id FROM staged_loads s JOIN transactions t ON t.id = s.id ORDER BY s.id LIMIT 100`

const LOADS_OF_NO_CARD = `
  SELECT s.id, s.card_id AS card FROM staged_loads s LEFT JOIN cards c ON c.id = s.card_id
  WHERE c.id IS NULL ORDER BY s.id LIMIT 100`

const APPLIED_UNBOOKED = `
  SELECT t.id, t.transmitted AS batch FROM transactions t LEFT JOIN staged_batches b ON b.id = t.transmitted
  WHERE t.terminal_code = 'STAGED' AND t.store_code = 'AKART' AND COALESCE(b.state, '') <> 'booked' ORDER BY t.id LIMIT 100`

const SUMS = `
  SELECT currency, SUM(cards) AS cards, SUM(others) AS others, SUM(cards) + SUM(others) AS sum FROM (
    SELECT i.currency, SUM(c.ledger) AS cards, 0 AS others FROM cards c JOIN issues i ON i.id = c.issue_id GROUP BY i.currency
    UNION ALL
    SELECT a.currency, 0, SUM(m.amount) FROM (${MOVEMENTS}) AS m JOIN accounts a ON a.id = m.account GROUP BY a.currency
  ) AS both_sides GROUP BY currency ORDER BY currency`

const STRAY_TRANSFERS = `
  SELECT t.id FROM transactions t
  LEFT JOIN cards dc ON dc.id = t.debit_account LEFT JOIN issues di ON di.id = dc.issue_id
  LEFT JOIN accounts da ON da.id = t.debit_account
  LEFT JOIN cards cc ON cc.id = t.credit_account LEFT JOIN issues ci ON ci.id = cc.issue_id
  LEFT JOIN accounts ca ON ca.id = t.credit_account
  WHERE t.amount > 0 AND NOT COALESCE(COALESCE(di.currency, da.currency) = COALESCE(ci.currency, ca.currency), FALSE)
  ORDER BY t.id LIMIT 100`

/** In the order in which faults are named. */
const CHECKS: readonly ((connection: Connection) => Promise<string[]>)[] = [
  finding<CardFault>(WRONG_BALANCES, balanceFault),
  finding<{ id: number; flag: number; loads: string }>(
    WRONG_FLAGS,
    ({ id, flag, loads }) => `card ${id}: leaves room for staged loads of ${flag}, there are ${loads}`,
  ),
  finding<{ id: number; loads: number; staged: number }>(
    SHORT_BATCHES,
    ({ id, loads, staged }) => `batch ${id}: booked with ${loads} loads, ${staged} are there`,
  ),
  finding<{ id: number }>(APPLIED_AND_STAGED, ({ id }) => `staged load ${id}: is applied, and staged still`),
  finding<{ id: number; card: number }>(
    LOADS_OF_NO_CARD,
    ({ id, card }) => `staged load ${id}: there is no card ${card}`,
  ),
  finding<{ id: number; batch: number }>(
    APPLIED_UNBOOKED,
    ({ id, batch }) => `transaction ${id}: is a load of batch ${batch}, which is not booked`,
  ),
  foldingFaults,
  finding<{ id: number }>(
    STRAY_TRANSFERS,
    ({ id }) => `transaction ${id}: an account of its transfer does not exist, or has another currency`,
  ),
]

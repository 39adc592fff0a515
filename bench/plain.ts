import mysql, { type Pool, type PoolConnection } from 'mysql2/promise'
import { stateWithoutHistory } from '../src/core/state-without-history.ts'
import { execute, noChanges } from '../src/core/apply.ts'
import type { Card } from '../src/core/card.ts'
import type { Issue } from '../src/core/issue.ts'
import type { Request } from '../src/core/request.ts'
import { isById, type Key, keyText } from '../src/core/key.ts'
import type { State } from '../src/core/state.ts'
import { connectionOptions, SESSION, type Access } from '../src/db/access.ts'
import type { Answer } from '../src/engine/executor.ts'
import { selectCard, toCard } from '../src/db/sql/cards.ts'
import { binary, inKeys, integer } from '../src/db/sql/literal.ts'
import type { Row } from '../src/db/sql/row.ts'
import { insertTransactions, selectByKeys, toTransaction, updateFates } from '../src/db/sql/transactions.ts'
import { insertUnfolded } from '../src/db/sql/unfolded.ts'
import { originalOf, presentedNumbers } from '../src/engine/card-locator.ts'

const CONNECTIONS = 16

/**
 * The plain design, correct and without optimisation: a database transaction per request on a pool of
 * connections, a statement per round trip: BEGIN, lock the card, look the key up, decide (by the same core), INSERT,
 * UPDATE, COMMIT. Schema, columns, isolation and flushing are the engine's. No retry: one card is locked per request,
 * so nothing can deadlock, and the bench sends no key twice.
 *
 * It keeps nothing in memory, so it locks the card by the hash of its number, or by the original of a
 * confirmation.
 */
export async function createPlain(
  access: Access,
  issues: () => ReadonlyMap<number, Issue>,
): Promise<{ readonly submit: (request: Request) => Promise<Answer>; readonly stop: () => Promise<void> }> {
  const pool = mysql.createPool({
    ...connectionOptions(access, { multipleStatements: false }),
    connectionLimit: CONNECTIONS,
  })
  await prepareSessions(pool)
  return {
    async submit(request) {
      const connection = await pool.getConnection()
      try {
        await connection.query('BEGIN')
        const answer = await decideUnderLock(connection, issues(), request)
        await connection.query('COMMIT')
        return answer
      } catch (error) {
        await connection.query('ROLLBACK').catch(() => connection.destroy())
        throw error
      } finally {
        connection.release()
      }
    },
    stop: () => pool.end(),
  }
}

/** Opens all connections of the pool and gives each the session settings of the engine. */
async function prepareSessions(pool: Pool): Promise<void> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.getConnection()))
  for (const connection of connections) {
    for (const statement of SESSION) await connection.query(statement)
    connection.release()
  }
}

/** The bench's confirmations name their originals by key. */
function keyOfOriginal(request: Request): Key | null {
  const original = originalOf(request)
  return original === null || isById(original) ? null : original
}

/** Locks the presented card, or the card of the original, which a subquery finds. */
function lockCard(request: Request): string {
  const original = keyOfOriginal(request)
  return original === null
    ? `${selectCard} WHERE number_hash = ${binary(presentedNumbers(request)[0]?.numberHash ?? '')} FOR UPDATE`
    : `${selectCard} WHERE id = (SELECT t.card_id FROM transactions t WHERE ${inKeys('t', [original])}) FOR UPDATE`
}

/** The operations of the bench change only the balances of a card. */
const updateCard = ({ id, ledger, available, seq }: Card): string =>
  `UPDATE cards SET ledger = ${integer(ledger)}, available = ${integer(available)}, seq = ${integer(seq)} WHERE id = ${integer(id)}`

async function decideUnderLock(
  connection: PoolConnection,
  issues: ReadonlyMap<number, Issue>,
  request: Request,
): Promise<Answer> {
  const rowsOf = async (sql: string): Promise<readonly Row[]> => {
    const [rows] = await connection.query({ sql, rowsAsArray: true })
    return rows as unknown as readonly Row[]
  }

  const original = keyOfOriginal(request)
  const cards = (await rowsOf(lockCard(request))).map(toCard)
  const rows = (await rowsOf(selectByKeys(original === null ? [request.key] : [request.key, original]))).map(
    toTransaction,
  )
  const numberHash = presentedNumbers(request)[0]?.numberHash ?? ''
  const state: State = {
    ...stateWithoutHistory(
      issues,
      cards.map((card) => ({ card, numberHash })),
      [],
    ),
    transactions: new Map(rows.map((row) => [keyText(row.key), row])),
    transactionsById: new Map(rows.map((row) => [row.id, row])),
  }
  const changes = noChanges()
  const { result, row } = execute(state, changes, request)

  if (changes.rows.length > 0) await connection.query(insertTransactions(changes.rows))
  if (changes.settled.size > 0) await connection.query(updateFates([...changes.settled]))
  const ids = (rows: Iterable<{ readonly id: number }>): number[] => [...rows].map(({ id }) => id)
  await connection.query(insertUnfolded({ settled: ids(changes.rows), touched: ids(changes.settled) }))
  for (const card of cards) if (changes.cards.has(card.id)) await connection.query(updateCard(card))
  return { result, row, forwarding: null }
}

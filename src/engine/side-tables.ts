import type { Card } from '../core/card.ts'
import { isLookup, type Lookups, wasNeverSold } from '../core/lookups.ts'
import { heedsPack, type Pack } from '../core/pack.ts'
import type { Request } from '../core/request.ts'
import type { Tries } from '../core/tries.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { lockLookups, toLookups } from '../db/sql/lookups.ts'
import { shareLockPacks, toPack } from '../db/sql/packs.ts'
import type { Row } from '../db/sql/row.ts'
import { selectTries, toTries } from '../db/sql/tries.ts'

/** What is known beside the rows of the cards, for those few that have it. */
export type Beside = {
  readonly tries: readonly Tries[]
  readonly packs: readonly Pack[]
  readonly lookups: readonly Lookups[]
}

/**
 * One more packet where a batch needs it, none for payments with cards in use: wrong tries of cards that have any, packs
 * of unsold cards, and how often who asks about cards that were never sold has done so.
 */
export async function loadBeside(
  connection: WorkerConnection,
  requests: readonly Request[],
  cards: readonly Card[],
): Promise<Beside> {
  const tried = cards.filter((card) => card.tried).map(({ id }) => id)
  const packs = [...new Set(cards.filter(heedsPack).map(({ packId }) => packId))].filter((id) => id !== null)
  const sources = cards.some(wasNeverSold) ? sourcesOfLookups(requests) : []
  const statements = [
    ...(tried.length > 0 ? [selectTries(tried)] : []),
    ...(packs.length > 0 ? [shareLockPacks(packs)] : []),
    ...(sources.length > 0 ? [lockLookups(sources)] : []),
  ]
  const results = statements.length === 0 ? [] : [...(await connection.send(statements.join(';')))]
  const next = (asked: readonly unknown[]): readonly Row[] => (asked.length > 0 ? (results.shift() ?? []) : [])
  return { tries: next(tried).map(toTries), packs: next(packs).map(toPack), lookups: next(sources).map(toLookups) }
}

const sourcesOfLookups = (requests: readonly Request[]): readonly string[] => [
  ...new Set(requests.filter(({ ask }) => ask.act === 'operation' && isLookup(ask)).map(({ source }) => source)),
]

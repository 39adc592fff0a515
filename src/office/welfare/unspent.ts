import { type Portion, portionsOf } from '../../core/portions.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import {
  selectCardsOf,
  selectMovements,
  selectReplacedBy,
  selectStanding,
  type Standing,
  toMovement,
  toStanding,
} from '../../db/sql/welfare-portions.ts'

/** A card with unspent money of the employer, in its present state. */
export type Unspent = {
  /** The card that was loaded, and the card that has replaced it. */
  readonly loaded: number
  readonly card: Standing
  /** Portions of welfare loads by this account, oldest first; empty: all is spent. */
  readonly portions: readonly Portion[]
}

/**
 * The unspent part of an employer's loads on cards, apart from other money on them. `employees`: the holders. A card
 * with transfers that are not folded yet (a duplicate just made) is left out until the next look.
 */
export async function unspentOn(
  connection: WorkerConnection,
  account: number,
  { loaded, employees }: { readonly loaded: readonly number[]; readonly employees: readonly number[] },
): Promise<Unspent[]> {
  if (loaded.length === 0) return []
  const [linked = []] = employees.length === 0 ? [] : await connection.send(selectCardsOf(employees))
  const known = [...new Set([...loaded, ...linked.map(([card]) => Number(card))])]
  const [rows = []] = await connection.send(selectStanding(known))
  const cards = new Map(rows.map(toStanding).map((card) => [card.id, card]))
  const replaced = [...cards.values()].flatMap(({ id, replacedBy }) =>
    replacedBy === null ? [] : [[replacedBy, id] as const],
  )
  const before = new Map([...(await predecessors(connection, [...cards.keys()])), ...replaced])
  const all = [...new Set([...cards.keys(), ...before.keys(), ...before.values()])]
  const [moved = []] = await connection.send(selectMovements(all))
  const movements = moved.map(toMovement)
  const next = new Map([
    ...[...before].map(([after, old]) => [old, after] as const),
    ...[...cards.values()].flatMap(({ id, replacedBy }) => (replacedBy === null ? [] : [[id, replacedBy] as const])),
  ])
  const seen = new Set<number>()
  return loaded.flatMap((id) => {
    const chain = chainOf(id, next, before)
    const card = cards.get(chain.at(-1) ?? id)
    // Two loaded cards of one chain of replacements are the same card now.
    if (card === undefined || seen.has(card.id)) return []
    seen.add(card.id)
    const mine = new Set(chain)
    const portions = portionsOf(
      chain,
      movements.filter(({ cardId }) => mine.has(cardId)),
    )?.get(card.id)
    if (portions === undefined || sumOf(portions) !== card.available) return []
    const ours = portions.filter(
      ({ origin, left }) => left > 0 && origin.account === account && origin.operation === 'welfare_load',
    )
    return [{ loaded: id, card, portions: ours }]
  })
}

export const sumOf = (portions: readonly Portion[]): number => portions.reduce((sum, { left }) => sum + left, 0)

/** New card → the card that it replaced, back to the first card of each chain. */
async function predecessors(
  connection: WorkerConnection,
  cards: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const before = new Map<number, number>()
  let wanted = cards
  while (wanted.length > 0) {
    const [rows = []] = await connection.send(selectReplacedBy(wanted))
    const found = rows
      .map(([after, old]) => [Number(after), Number(old)] as const)
      .filter(([after]) => !before.has(after))
    for (const [after, old] of found) before.set(after, old)
    wanted = found.map(([, old]) => old)
  }
  return before
}

function chainOf(id: number, next: ReadonlyMap<number, number>, before: ReadonlyMap<number, number>): number[] {
  const chain = [id]
  for (let old = before.get(id); old !== undefined && !chain.includes(old); old = before.get(old)) chain.unshift(old)
  for (let after = next.get(id); after !== undefined && !chain.includes(after); after = next.get(after))
    chain.push(after)
  return chain
}

import type { Fact } from '../../core/reports/fact.ts'
import type { WorkerConnection } from '../connection.ts'
import { selectFacts, toFact } from '../sql/report-facts.ts'
import { selectLinked } from '../sql/report-queries.ts'

const LOT = 500
const LAST_ACCOUNT = 1_000_000

/**
 * All transfers of these cards and of every card linked to them by a duplicate or by a refund of another card's
 * payment. `unfolded`: transactions without a search row, by which such cards are found.
 */
export async function historiesOf(
  connection: WorkerConnection,
  cards: readonly number[],
  unfolded: readonly Fact[],
): Promise<Fact[]> {
  const facts = new Map<number, Fact>()
  const known = new Set<number>()
  let wanted = [...new Set(cards)]
  while (wanted.length > 0) {
    for (const card of wanted) known.add(card)
    for (let i = 0; i < wanted.length; i += LOT) {
      for (const fact of await factsOf(connection, wanted.slice(i, i + LOT))) facts.set(fact.id, fact)
    }
    for (const fact of unfolded) {
      const isLinked = cardsOf(fact).some((card) => known.has(card)) || facts.has(fact.originalId ?? 0)
      if (isLinked) facts.set(fact.id, fact)
    }
    wanted = [...new Set([...facts.values()].flatMap(cardsOf))].filter((card) => !known.has(card))
  }
  return [...facts.values()]
}

const cardsOf = ({ card, debit, credit }: Fact): number[] =>
  [card?.id ?? 0, debit, credit].filter((account) => account > LAST_ACCOUNT)

async function factsOf(connection: WorkerConnection, cards: readonly number[]): Promise<Fact[]> {
  const [own = [], linked = []] = await connection.send(`${selectFacts({ cards })};${selectLinked(cards)}`)
  const ids = linked.map(([id]) => Number(id))
  const [others = []] = ids.length === 0 ? [] : await connection.send(selectFacts({ ids }))
  return [...own, ...others].map(toFact)
}

import type { WorkerConnection } from '../connection.ts'
import type { CardSale } from '../sql/report-facts.ts'
import { selectTransfersOf } from '../sql/report-queries.ts'
import { readFacts } from './sums.ts'

const LOT = 5_000

/** The sales of cards that stood at the end of a day, including those of cards that were sold again since. */
export async function salesUntil(
  connection: WorkerConnection,
  cards: readonly number[],
  day: string,
): Promise<Map<number, CardSale>> {
  const last = new Map<number, { readonly seq: number; readonly sale: CardSale }>()
  for (let i = 0; i < cards.length; i += LOT) {
    const [rows = []] = await connection.send(selectTransfersOf(cards.slice(i, i + LOT), day))
    const { facts, sales } = await readFacts(connection, { ids: rows.map(([id]) => Number(id)) })
    for (const fact of facts) {
      const sale = sales.ofFact(fact)
      if (fact.card === null || sale === null || fact.card.seq < (last.get(fact.card.id)?.seq ?? 0)) continue
      last.set(fact.card.id, { seq: fact.card.seq, sale })
    }
  }
  return new Map([...last].map(([card, { sale }]) => [card, sale]))
}

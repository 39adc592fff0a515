import type { Fact } from '../../core/reports/fact.ts'
import type { WorkerConnection } from '../connection.ts'
import { selectArchivedSales, toArchivedSale } from '../sql/archives.ts'
import { type CardSale, selectFacts, selectSales, selectSalesOf, toFact, toSale } from '../sql/report-facts.ts'

/** A place in a card's history: rows from before places were kept have 0, and go by their ids. */
type Place = { readonly seq: number; readonly id: number }
type Candidate = Place & (Pick<CardSale, 'soldIn' | 'soldOn'> | { readonly before: number; readonly place: Place })

export type Sales = {
  /** The sale that a card had when this fact moved it; null: none is known. */
  readonly ofFact: (fact: Fact) => CardSale | null
  /** Sales among the facts. */
  readonly added: readonly CardSale[]
}

/** How many cards may have replaced one another: a bound on how often is asked. */
const LONGEST_CHAIN = 20

/**
 * Where the cards of these transfers were sold, as of each transfer: by the sales among them, by the latest known sale, and
 * by the history of the few cards that were sold again since.
 */
export async function salesOf(connection: WorkerConnection, facts: readonly Fact[]): Promise<Sales> {
  const candidates = new Map<number, Candidate[]>()
  const add = (cardId: number, candidate: Candidate): void => {
    const known = candidates.get(cardId)
    if (known === undefined) candidates.set(cardId, [candidate])
    else if (!known.some(({ id }) => id === candidate.id)) known.push(candidate)
  }
  const cards = [...new Set(facts.flatMap(({ card }) => card?.id ?? []))]
  const [stored = []] = cards.length === 0 ? [] : await connection.send(selectSales(cards))
  const sold = facts.filter(isSale)
  for (const fact of sold) add(fact.credit, candidateOf(fact))
  for (const sale of stored.map(toSale)) add(sale.cardId, { ...sale, id: sale.transactionId })

  const wanted = facts.flatMap((fact) => (fact.card === null ? [] : [{ cardId: fact.card.id, place: placeOf(fact) }]))
  const asked = new Set<number>()
  for (let round = 0; round < LONGEST_CHAIN; round++) {
    const missing = new Set<number>()
    for (const { cardId, place } of wanted) {
      const found = saleAt(candidates, cardId, place)
      if (typeof found === 'number' && !asked.has(found)) missing.add(found)
    }
    if (missing.size === 0) break
    for (const fact of await historyOf(connection, [...missing])) add(fact.credit, candidateOf(fact))
    const [archived = []] = await connection.send(selectArchivedSales([...missing]))
    for (const sale of archived.map(toArchivedSale)) add(sale.cardId, { ...sale, id: sale.transactionId })
    for (const cardId of missing) asked.add(cardId)
  }
  const resolved = (cardId: number, place: Place): CardSale | null => {
    const found = saleAt(candidates, cardId, place)
    return typeof found === 'number' ? null : found
  }
  return {
    ofFact: (fact) => (fact.card === null ? null : resolved(fact.card.id, placeOf(fact))),
    added: sold.flatMap((fact) => {
      const { id, seq } = candidateOf(fact)
      const sale = resolved(fact.credit, { id, seq })
      return sale === null ? [] : [{ ...sale, transactionId: id, seq }]
    }),
  }
}

/** An extension makes an expired card a sold one again, which is no sale. */
const isSale = ({ sells, operation, role, card }: Fact): boolean =>
  sells && card !== null && operation !== 'extension' && (role === 'books' || role === 'rebooks')

const placeOf = ({ card, id }: Fact): Place => ({ seq: card?.seq ?? 0, id })

function candidateOf(fact: Fact): Candidate {
  const { operation, debit, otherSeq, id, card, contra, store, day } = fact
  return operation === 'duplicate'
    ? { seq: otherSeq, id, before: debit, place: placeOf(fact) }
    : { seq: card?.seq ?? 0, id, soldIn: contra?.owner ?? store, soldOn: day }
}

/** The last sale at or before a place; the card of which no sale is known where there is none. */
function saleAt(
  candidates: ReadonlyMap<number, readonly Candidate[]>,
  cardId: number,
  place: Place,
  depth = 0,
): CardSale | number {
  let last: Candidate | null = null
  for (const candidate of candidates.get(cardId) ?? []) {
    if (isBefore(candidate, place) && (last === null || isBefore(last, candidate))) last = candidate
  }
  if (last === null || depth > LONGEST_CHAIN) return cardId
  if (!('before' in last)) {
    return { cardId, transactionId: last.id, seq: last.seq, soldIn: last.soldIn, soldOn: last.soldOn }
  }
  const sale = saleAt(candidates, last.before, last.place, depth + 1)
  return typeof sale === 'number' ? sale : { ...sale, cardId, transactionId: last.id, seq: last.seq }
}

const isBefore = (a: Place, b: Place): boolean => a.seq < b.seq || (a.seq === b.seq && a.id <= b.id)

async function historyOf(connection: WorkerConnection, cards: readonly number[]): Promise<Fact[]> {
  const [ids = []] = await connection.send(selectSalesOf(cards))
  if (ids.length === 0) return []
  const [rows = []] = await connection.send(selectFacts({ ids: ids.map(([id]) => Number(id)) }))
  return rows.map(toFact).filter(isSale)
}

import type { Fact } from './fact.ts'
import { isCardAccount } from './history.ts'

/**
 * Facts of cards that never touched one another apart from each other: neither a transfer between two cards nor a reference
 * joins two groups. Each group keeps the order of its facts. A group is a card with its duplicates and refunds, a few
 * dozen facts of the hundreds of thousands of a busy month, so that what is done for each of its steps stays small.
 */
export function independentHistories(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  // A tree for each group, by the places of its facts: the root is the place that leads to itself.
  const above = Int32Array.from(facts.keys())
  const rootOf = (place: number): number => {
    let at = place
    for (let next = above[at] ?? at; next !== at; next = above[at] ?? at) {
      // Halves the way for the next search.
      above[at] = above[next] ?? next
      at = above[at] ?? at
    }
    return at
  }
  const join = (a: number, b: number): void => {
    above[rootOf(b)] = rootOf(a)
  }
  const placeOfId = new Map(facts.map(({ id }, place) => [id, place]))
  const placeOfCard = new Map<number, number>()
  for (const [place, { debit, credit, originalId }] of facts.entries()) {
    for (const card of [debit, credit].filter(isCardAccount)) {
      const known = placeOfCard.get(card)
      if (known === undefined) placeOfCard.set(card, place)
      else join(known, place)
    }
    const original = originalId === null ? undefined : placeOfId.get(originalId)
    if (original !== undefined) join(original, place)
  }
  const groups = new Map<number, Fact[]>()
  for (const [place, fact] of facts.entries()) {
    const root = rootOf(place)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [fact])
    else group.push(fact)
  }
  return [...groups.values()]
}

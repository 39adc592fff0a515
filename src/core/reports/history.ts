import type { Fact } from './fact.ts'

/** A step in the history of a card: a transfer, or the moment when its amount becomes available. */
export type Step = { readonly fact: Fact; readonly becomesAvailable: boolean }

/** The place of a transfer in the history of one of its cards. */
export const seqOn = (fact: Fact, card: number): number => (fact.card?.id === card ? fact.card.seq : fact.otherSeq)

/** Whether the amount given can be spent at once. */
export const isAvailableAtOnce = (fact: Fact): boolean =>
  fact.availableSeq !== null && fact.availableSeq === seqOn(fact, fact.credit)

/**
 * The steps of some cards in each card's own order (`Card.seq`). Between different cards, the older transaction comes
 * first, and no transaction comes before one that it refers to. Rows from before places were kept are sorted by their
 * age.
 */
export function stepsOf(facts: readonly Fact[]): Step[] {
  const queues = queuesOf(facts)
  const ids = new Set(facts.map(({ id }) => id))
  const done = new Set<number>()
  const cardsOf = (step: Step): number[] =>
    (step.becomesAvailable ? [step.fact.credit] : [step.fact.debit, step.fact.credit]).filter((card) =>
      queues.has(card),
    )
  const isReady = (step: Step): boolean => {
    const { originalId } = step.fact
    if (!step.becomesAvailable && originalId !== null && ids.has(originalId) && !done.has(originalId)) return false
    return cardsOf(step).every((card) => {
      const queue = queues.get(card)
      return queue?.steps[queue.next] === step
    })
  }
  const steps: Step[] = []
  for (;;) {
    const heads = [...queues.values()].flatMap(({ steps: all, next }) => all[next] ?? [])
    if (heads.length === 0) return steps
    // Histories from before places were kept may contradict one another: then the oldest transaction goes first.
    const step = oldest(heads.filter(isReady)) ?? oldest(heads)
    if (step === null) return steps
    for (const card of cardsOf(step)) remove(queues.get(card), step)
    done.add(step.fact.id)
    steps.push(step)
  }
}

/** Ids tell the age only of what one process booked: each process takes its own blocks of them. */
const byAge = (a: Fact, b: Fact): number => a.at - b.at || a.id - b.id

type Queue = { readonly steps: Step[]; next: number }

type Place = { readonly step: Step; readonly seq: number }

/** What a request makes available has the request's own place: it is there before the request takes anything. */
const byPlace = (a: Place, b: Place): number =>
  a.seq - b.seq || Number(b.step.becomesAvailable) - Number(a.step.becomesAvailable) || byAge(a.step.fact, b.step.fact)

function queuesOf(facts: readonly Fact[]): Map<number, Queue> {
  const places = new Map<number, Place[]>()
  const add = (card: number, step: Step, seq: number): void => {
    if (!isCardAccount(card)) return
    const known = places.get(card)
    if (known === undefined) places.set(card, [{ step, seq }])
    else known.push({ step, seq })
  }
  for (const fact of facts) {
    const step = { fact, becomesAvailable: false }
    add(fact.debit, step, seqOn(fact, fact.debit))
    add(fact.credit, step, seqOn(fact, fact.credit))
    if (fact.availableSeq !== null && !isAvailableAtOnce(fact)) {
      add(fact.credit, { fact, becomesAvailable: true }, fact.availableSeq)
    }
  }
  const queues = new Map<number, Queue>()
  for (const [card, all] of places) {
    all.sort(byPlace)
    queues.set(card, { steps: all.map(({ step }) => step), next: 0 })
  }
  return queues
}

/** Account ids above a million are cards. */
const LAST_ACCOUNT = 1_000_000

export const isCardAccount = (account: number): boolean => account > LAST_ACCOUNT

const oldest = (steps: readonly Step[]): Step | null =>
  steps.reduce<Step | null>((first, step) => (first === null || byAge(step.fact, first.fact) < 0 ? step : first), null)

function remove(queue: Queue | undefined, step: Step): void {
  if (queue === undefined) return
  if (queue.steps[queue.next] === step) queue.next += 1
  else queue.steps.splice(queue.steps.indexOf(step, queue.next), 1)
}

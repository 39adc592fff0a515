import type { Random } from '../random.ts'
import type { Step, TalkStep } from './scenario.ts'

/** A conversation with its random parts fixed. */
export function drawn(step: TalkStep, random: Random): TalkStep {
  const { terminals, cards, entries, amount } = step.draws
  const pick = <T>(list: readonly T[], otherwise: T | null): T | null =>
    list.length > 1 ? random.pick(list) : otherwise
  return {
    ...step,
    terminal: pick(terminals, step.terminal),
    card: pick(cards, step.card),
    entry: pick(entries, step.entry) ?? step.entry,
    amount: amount === null ? step.amount : amount.least + random.below(amount.most - amount.least + 1),
  }
}

/** Whether a step has random parts. */
const draws = (step: Step): boolean => {
  if (step.kind === 'loop' || step.kind === 'together') return step.steps.some(draws)
  if (step.kind !== 'talk') return false
  const { terminals, cards, entries, amount } = step.draws
  return [terminals, cards, entries].some(({ length }) => length > 1) || (amount !== null && amount.least < amount.most)
}

export const drawsAnything = (steps: readonly Step[]): boolean => steps.some(draws)

/** Steps in the order in which they are played, those of loops again and again. */
export function* unrolled(steps: readonly Step[], suffix = ''): Generator<Exclude<Step, { kind: 'loop' }>> {
  for (const step of steps) {
    if (step.kind !== 'loop') {
      yield suffix === '' ? step : { ...step, title: `${step.title}${suffix}` }
      continue
    }
    for (let i = 1; i <= step.times; i++) yield* unrolled(step.steps, `${suffix} (${i} of ${step.times})`)
  }
}

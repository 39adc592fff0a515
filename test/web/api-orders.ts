import { play } from './api-model.ts'
import { due, timedOut } from './api-undoing.ts'
import { copyOf, type Name, nameOf, type Input, type World } from './api-world.ts'

/** One of the ways in which everything so far can have happened; `open` may still happen, or never. */
export type Possible = { readonly world: World; readonly open: readonly Input[] }

/** A sent request. `answer` null: not heard; `sure`: it has happened all the same. */
export type Sent = { readonly input: Input; readonly answer: string | null; readonly sure: boolean }

/**
 * Everything that happened at the same time: the requests, and the minutes by which the clock moved; 0: not at all.
 * `underway`: the keys under which a request may have been in progress.
 */
export type Burst = { readonly sent: readonly Sent[]; readonly minutes: number; readonly underway: ReadonlySet<Name> }

/** Thrown if a burst has too many orders to check, because many unheard requests may have happened at any time. */
export class TooManyOrders extends Error {}

/** Of the orders of a burst: far more than most right ones need, and a bound on a wrong one. */
const MOST = 20_000

type State = Possible & { readonly todo: readonly Sent[]; readonly minutes: number }

/**
 * All ways in which this burst can have gone after those: each answer is the model's at its place in the order, the
 * timer reverses everything due once the clock has moved, and unheard requests happen now, later or never.
 */
export function explain(before: readonly Possible[], { sent, minutes, underway }: Burst): Possible[] {
  const surely = sent.filter(({ answer, sure }) => answer !== null || sure)
  const perhaps = sent.filter(({ answer, sure }) => answer === null && !sure).map(({ input }) => input)
  const ends = new Map<string, Possible>()
  let states: readonly State[] = before.map(({ world, open }) => ({
    world,
    open: openIn(world, [...open, ...perhaps]),
    todo: surely,
    minutes,
  }))
  let seen = 0
  while (states.length > 0) {
    const next = new Map<string, State>()
    for (const state of states) {
      const waiting = state.minutes > 0 ? [] : due(state.world)
      if (state.todo.length === 0 && state.minutes === 0 && waiting.length === 0) {
        const end = { world: state.world, open: state.open }
        ends.set(textOf(end), end)
        continue
      }
      for (const step of stepsFrom(state, waiting, underway)) next.set(textOf(step), step)
    }
    states = widest([...next.values()])
    seen += states.length
    if (seen > MOST) throw new TooManyOrders(`more than ${MOST} orders of ${JSON.stringify(sent)}`)
  }
  return widest([...ends.values()])
}

function stepsFrom(state: State, waiting: readonly string[], underway: Burst['underway']): State[] {
  const { world, open, todo, minutes } = state
  const steps: State[] = []
  if (minutes > 0) {
    const later = copyOf(world)
    later.now += minutes
    steps.push({ ...state, world: later, minutes: 0 })
  }
  for (const name of waiting) {
    const without = copyOf(world)
    timedOut(without, name)
    steps.push({ ...state, world: without, open: openIn(without, open) })
  }
  const tried = new Set<string>()
  todo.forEach(({ input, answer }, i) => {
    const text = JSON.stringify([input, answer])
    if (tried.has(text)) return
    tried.add(text)
    const step = play(world, input)
    const look = lookAfter(input, answer)
    const isSo =
      answer === null ||
      step.answer === answer ||
      (look.length > 0 && step.answer.startsWith('200 ')) ||
      (step.answer === '404 not_found' && answer === '409 in_progress' && isUnderway(input, underway))
    if (!isSo) return
    steps.push({ ...state, world: step.world, open: openIn(step.world, open), todo: [...without(todo, i), ...look] })
  })
  return [...steps, ...openSteps(state)]
}

/**
 * A confirmation is answered with the thing as it is a moment later: another step may have come between, which the shop may
 * know as well.
 */
const lookAfter = (input: Input, answer: string | null): Sent[] =>
  input.act === 'confirm' && answer?.startsWith('200 ') === true
    ? [{ input: { act: 'show', shop: input.shop, of: input.of }, answer, sure: true }]
    : []

/** A query for a request that is in progress or was never booked is answered so. */
const isUnderway = (input: Input, underway: Burst['underway']): boolean =>
  input.act === 'request' && underway.has(nameOf(input.shop, input.of))

/** Applies a possible event now. If it changes nothing, it counts as not having happened. */
function openSteps(state: State): State[] {
  if (state.open.length === 0) return []
  const before = worldText(state.world)
  return state.open.flatMap((input, i) => {
    const { world } = play(state.world, input)
    if (worldText(world) === before) return []
    return [{ ...state, world, open: openIn(world, without(state.open, i)) }]
  })
}

/** Of two that differ only in what may still happen, the one with all of the other's and more explains whatever that does. */
function widest<Some extends Possible>(states: readonly Some[]): Some[] {
  const alike = new Map<string, { readonly state: Some; readonly open: readonly string[] }[]>()
  for (const state of states) {
    const { world, open, ...rest } = state
    const name = `${worldText(world)} ${JSON.stringify(rest)}`
    const one = { state, open: open.map((input) => JSON.stringify(input)).sort() }
    const others = alike.get(name) ?? []
    if (others.some((other) => holdsAll(other.open, one.open))) continue
    alike.set(name, [...others.filter((other) => !holdsAll(one.open, other.open)), one])
  }
  return [...alike.values()].flat().map(({ state }) => state)
}

/** Both in order; what is there twice is needed twice. */
function holdsAll(whole: readonly string[], part: readonly string[]): boolean {
  let at = 0
  for (const one of whole) if (one === part[at]) at++
  return at === part.length
}

const without = <Item>(items: readonly Item[], i: number): Item[] => items.filter((_, j) => j !== i)

/** A request that is booked under its key changes nothing again, and a query never does. */
const openIn = ({ things }: World, open: readonly Input[]): Input[] =>
  open.filter((input) =>
    'key' in input ? things[nameOf(input.shop, input.key)] === undefined : input.act === 'confirm' || input.act === 'reverse' || input.act === 'till',
  ) // prettier-ignore

/** Nothing of what is open happens after this moment: it has happened, or never will. */
export function settled(before: readonly Possible[]): Possible[] {
  const ends = new Map<string, Possible>()
  let states = before.map(({ world, open }) => ({ world, open, todo: [], minutes: 0 }) as State)
  while (states.length > 0) {
    for (const { world } of states) ends.set(textOf({ world, open: [] }), { world, open: [] })
    const next = new Map<string, State>()
    for (const step of states.flatMap(openSteps)) next.set(textOf(step), step)
    states = [...next.values()]
  }
  return [...ends.values()]
}

const sorted = (record: object): unknown => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

function worldText({ cards, things, events, ...others }: World): string {
  return JSON.stringify({ ...others, cards: sorted(cards), things: sorted(things), events: sorted(events) })
}

/** A text that is equal for equal worlds, however they came about. */
const textOf = ({ world, open, ...rest }: Possible & Partial<State>): string =>
  JSON.stringify([worldText(world), open.map((input) => JSON.stringify(input)).sort(), rest])

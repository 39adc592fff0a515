import type { WorkerConnection } from './connection.ts'
import {
  selectEndedIn,
  selectEndOfCards,
  selectLinkedPairs,
  selectMovements,
  selectStaying,
  type Span,
  toId,
} from './sql/archive-rows.ts'
import { fromInstant } from './sql/literal.ts'
import type { Row } from './sql/row.ts'

/** Cards that are archived together because money went from one to the other; `id` is the lowest card id of them. */
export type Story = { readonly id: number; readonly cards: readonly number[] }

/** How much is held in memory, and asked by one statement. */
export type StoryBounds = {
  /** Cards whose last transaction is looked at by one statement: a database with millions of cards answers it in time. */
  readonly scannedAtOnce: number
  /** Cards examined at a time. */
  readonly page: number
  /**
   * A story of more cards or transactions than this is not archived: it is moved in one database transaction, and read
   * into memory for it. Cards of one person are never linked so; a card that hundreds were refunded onto is.
   */
  readonly mostCards: number
  readonly mostLines: number
  /** Cards asked about at a time. */
  readonly askedAtOnce: number
  /** Transactions of the stories that are handed on together, unless one alone has more. */
  readonly linesAtOnce: number
}

export const STORY_BOUNDS: StoryBounds = {
  scannedAtOnce: 20_000,
  page: 200,
  mostCards: 500,
  mostLines: 20_000,
  askedAtOnce: 1_000,
  linesAtOnce: 5_000,
}

/** Links read at a time. One card with so many is linked to more than mostCards: each other card is in two pairs at most. */
export const mostPairs = ({ mostCards }: StoryBounds): number => 2 * mostCards + 2

type Work = { readonly connection: WorkerConnection; readonly span: Span; readonly bounds: StoryBounds }

/** Finished stories whose last transaction was in this time, in lots whose transactions fit into memory. */
export async function* storiesEndedIn(
  connection: WorkerConnection,
  span: Span,
  bounds: StoryBounds = STORY_BOUNDS,
): AsyncGenerator<readonly Story[]> {
  const work: Work = { connection, span, bounds }
  for (let after = 0; ;) {
    const [[end] = []] = await connection.send(selectEndOfCards(after, bounds.scannedAtOnce))
    if (end?.[0] === undefined || end[0] === null) return
    const to = Number(end[0])
    const [rows = []] = await connection.send(selectEndedIn(after, to, span))
    for (const page of portions(rows.map(toId), () => 1, bounds.page)) yield* finishedOf(work, page)
    after = to
  }
}

async function* finishedOf(work: Work, page: readonly number[]): AsyncGenerator<readonly Story[]> {
  const { askedAtOnce, linesAtOnce } = work.bounds
  const here = new Set(page)
  for (const asked of portions(await linked(work, page), ({ cards }) => cards.length, askedAtOnce)) {
    const finished = await finishedIn(work, asked, here)
    for (const some of portions(finished, ({ lines }) => lines, linesAtOnce)) yield some
  }
}

type Measured = Story & { readonly lines: number }

/** Those of these stories that nothing keeps, and whose last transaction was in this time. */
async function finishedIn(
  { connection, span, bounds }: Work,
  stories: readonly Story[],
  here: ReadonlySet<number>,
): Promise<Measured[]> {
  const all = stories.flatMap(({ cards }) => cards)
  const [movements = [], staying = []] = await connection.send(`${selectMovements(all)};${selectStaying(all)}`)
  const movementsOf = new Map(movements.map(toMovements))
  const stays = new Set(staying.map(toId))
  const measured = stories.map((story) => ({
    ...story,
    lines: story.cards.reduce((sum, card) => sum + (movementsOf.get(card)?.count ?? 0), 0),
  }))
  return measured.filter(({ cards, lines }) => {
    if (lines > bounds.mostLines || cards.some((card) => stays.has(card))) return false
    const ended = cards.map((card) => movementsOf.get(card)?.last ?? 0)
    if (ended.some((at) => at >= span.until)) return false
    // If several cards of a story ended in this time, the lowest one decides on which page the story is.
    const [first] = cards.filter((_, i) => (ended[i] ?? 0) >= span.from)
    return first !== undefined && here.has(first)
  })
}

const toMovements = ([card, last, count]: Row) =>
  [Number(card), { last: fromInstant(String(last)), count: Number(count) }] as const

/** In the same order, so that each portion has at most this size, or one member. */
function portions<T>(all: readonly T[], sizeOf: (one: T) => number, most: number): T[][] {
  const found: T[][] = []
  let size = Infinity
  for (const one of all) {
    size += sizeOf(one)
    if (size > most) {
      found.push([])
      size = sizeOf(one)
    }
    found.at(-1)?.push(one)
  }
  return found
}

/** These cards with all cards linked to them, grouped into stories; without those of too many cards. */
async function linked({ connection, bounds }: Work, cards: readonly number[]): Promise<Story[]> {
  const { mostCards, askedAtOnce } = bounds
  const most = mostPairs(bounds)
  const groups = cardGroups()
  for (const card of cards) groups.add(card)
  const waiting = portions(cards, () => 1, askedAtOnce)
  for (let asked = waiting.shift(); asked !== undefined; asked = waiting.shift()) {
    // The links of a group that is too large already lead nowhere.
    const wanted = asked.filter((card) => groups.sizeOf(card) <= mostCards)
    if (wanted.length === 0) continue
    const [pairs = []] = await connection.send(selectLinkedPairs(wanted, most))
    const found: number[] = []
    for (const [a, b] of pairs.map(([one, other]) => [Number(one), Number(other)] as const)) {
      found.push(...[a, b].filter((card) => groups.add(card)))
      groups.join(a, b)
    }
    if (found.length > 0) waiting.push(...portions(found, () => 1, askedAtOnce))
    // The answer may be cut off, so each half is asked for on its own.
    const half = Math.ceil(wanted.length / 2)
    if (pairs.length === most && wanted.length > 1) waiting.push(wanted.slice(0, half), wanted.slice(half))
  }
  return groups.all().filter(({ cards: { length } }) => length <= mostCards)
}

/** Groups that grow by pairs (union-find). */
function cardGroups() {
  const parents = new Map<number, number>()
  const sizes = new Map<number, number>()
  const rootOf = (card: number): number => {
    let root = card
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent
    parents.set(card, root)
    return root
  }
  const sizeOf = (card: number): number => sizes.get(rootOf(card)) ?? 0
  return {
    sizeOf,
    /** False: it is there already. */
    add(card: number): boolean {
      if (parents.has(card)) return false
      parents.set(card, card)
      sizes.set(card, 1)
      return true
    },
    join(one: number, other: number): void {
      const [a, b] = [rootOf(one), rootOf(other)]
      if (a === b) return
      const [into, from] = sizeOf(a) >= sizeOf(b) ? [a, b] : [b, a]
      sizes.set(into, sizeOf(a) + sizeOf(b))
      parents.set(from, into)
    },
    /** By their lowest cards, each in order. */
    all(): Story[] {
      const groups = new Map<number, number[]>()
      for (const card of [...parents.keys()].sort((a, b) => a - b)) {
        const root = rootOf(card)
        const known = groups.get(root)
        if (known === undefined) groups.set(root, [card])
        else known.push(card)
      }
      return [...groups.values()].map((all) => ({ id: all[0] ?? 0, cards: all }))
    },
  }
}

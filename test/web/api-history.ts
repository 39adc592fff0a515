import fc from 'fast-check'

/** A move, before its subject is known. */
export type Move = {
  readonly what:
    | 'pay'
    | 'top_up'
    | 'sell'
    | 'confirm'
    | 'cancel'
    | 'refund'
    | 'reverse'
    /** Reverses what the shop has not sent yet: its next key. */
    | 'early'
    | 'repeat'
    /** An earlier key with something else. */
    | 'reuse'
    | 'show'
    /** Asks for what is another shop's. */
    | 'foreign'
    | 'request'
    | 'balance'
    | 'history'
    | 'till'
  /**
   * The transaction that the move is about, counted back from the latest: among keys if it is named by a key, otherwise
   * among payments, top-ups and sales.
   */
  readonly of: number
  /** Two plastics; 2 is the latest virtual card. */
  readonly card: number
  readonly amount: number
  readonly flags: number
  readonly shop: number
  /** Sent at once on two connections; hung up; answered, and nobody hears it. */
  readonly way: 'once' | 'twice' | 'lost' | 'unheard'
}

export type Burst = readonly Move[]
/** Between the parts of a history the clock moves. */
export type History = readonly (readonly Burst[])[]

/**
 * What goes wrong takes the right three or four moves about one thing. The number is `of`; a race is made at once.
 */
type Scene = readonly (readonly [Move['what'], number])[]

const SCENES = [
  [['pay', 0], ['repeat', 0], ['confirm', 0], ['repeat', 0]],
  [['pay', 0], ['confirm', 0], ['refund', 0], ['refund', 0], ['cancel', 0]],
  [['pay', 0], ['confirm', 0], ['cancel', 0], ['repeat', 0], ['reverse', 0]],
  [['pay', 0], ['confirm', 0], ['refund', 0], ['reverse', 0], ['refund', 0]],
  [['pay', 0], ['cancel', 0], ['show', 0], ['cancel', 0]],
  [['pay', 0], ['confirm', 0], ['reverse', 0], ['show', 0]],
  [['pay', 0], ['reverse', 0], ['repeat', 0], ['reverse', 0], ['request', 0]],
  [['early', 0], ['pay', 0], ['repeat', 0], ['request', 0]],
  [['pay', 0], ['reuse', 0], ['repeat', 0]],
  [['pay', 0], ['foreign', 0], ['till', 0], ['balance', 0]],
  [['top_up', 0], ['confirm', 0], ['cancel', 0], ['repeat', 0]],
  [['top_up', 0], ['pay', 0], ['confirm', 1], ['cancel', 1], ['repeat', 0]],
  [['early', 0], ['sell', 0], ['sell', 0], ['repeat', 0]],
  [['sell', 0], ['repeat', 0], ['confirm', 0], ['repeat', 0], ['balance', 0]],
  [['sell', 0], ['confirm', 0], ['pay', 0], ['cancel', 1], ['history', 0]],
  [['sell', 0], ['cancel', 0], ['sell', 0], ['balance', 0]],
  [['sell', 0], ['sell', 0], ['reverse', 0], ['repeat', 0]],
] as const satisfies readonly Scene[] // prettier-ignore

/** Moves that are useful first after the clock has moved. */
const LATER = [
  [['confirm', 0], ['repeat', 0], ['reverse', 0]],
  [['reverse', 0], ['confirm', 0], ['repeat', 0]],
  [['reverse', 0], ['confirm', 0], ['show', 0], ['balance', 0]],
  [['confirm', 0], ['confirm', 0], ['refund', 0], ['cancel', 0]],
  [['cancel', 0], ['show', 0], ['repeat', 0]],
  [['repeat', 0], ['confirm', 1], ['balance', 0]],
  [['show', 0], ['show', 1], ['balance', 0]],
] as const satisfies readonly Scene[] // prettier-ignore

const RACES = [
  [['refund', 0], ['refund', 0], ['refund', 1]],
  [['confirm', 0], ['cancel', 0], ['reverse', 0]],
  [['pay', 0], ['pay', 0], ['till', 0]],
  [['early', 0], ['pay', 0], ['sell', 0]],
  [['cancel', 0], ['refund', 0]],
  [['pay', 0], ['confirm', 0], ['pay', 0]],
  [['confirm', 0], ['confirm', 0], ['show', 0]],
] as const satisfies readonly Scene[] // prettier-ignore

const ANYTHING = [...new Set([...SCENES, ...LATER].flat().map(([what]) => what))]

const HAPPENS = fc.record({
  of: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
  card: fc.constantFrom(0, 0, 0, 1, 2, 2),
  amount: fc.constantFrom(500, 999, 1_000, 1_000, 2_500, 2_500, 6_000, 9_000, 16_000),
  flags: fc.nat(255),
  shop: fc.constantFrom(0, 0, 0, 1),
  way: fc.constantFrom('once', 'once', 'once', 'once', 'twice', 'twice', 'lost', 'unheard'),
  atOnce: fc.nat(3).map((n) => n === 0),
})

type Drawn = Move & { readonly atOnce: boolean }

const moveOf = (what: fc.Arbitrary<Move['what']>): fc.Arbitrary<Drawn> =>
  fc.tuple(what, HAPPENS).map(([what, happens]) => ({ what, ...happens }) as Drawn)

const MOSTLY = fc.nat(3).map((n) => n > 0)

/** Most moves of a scene belong to one shop, and are about the transaction that the scene names. */
const sceneOf = (scenes: readonly Scene[], race: boolean): fc.Arbitrary<Drawn[]> =>
  fc
    .tuple(fc.constantFrom(...scenes), fc.constantFrom(0, 0, 1))
    .chain(([scene, shop]) =>
      fc.tuple(
        ...scene.map(([what, of]) =>
          fc
            .tuple(moveOf(fc.constant(what)), MOSTLY)
            .map(([move, isSo]) => (isSo ? { ...move, of, shop, atOnce: race } : move)),
        ),
      ),
    )

const between = fc.array(moveOf(fc.constantFrom(...ANYTHING)), { maxLength: 2 })
/** More is given back at once than there is. */
const refunds = fc
  .tuple(sceneOf([[['pay', 0], ['confirm', 0]]], false), sceneOf([[['refund', 0], ['refund', 0], ['refund', 0]]], true))
  .map((moves) => moves.flat()) // prettier-ignore
const race = fc.oneof(fc.constant([]), sceneOf(RACES, true), refunds)

const first = fc.tuple(sceneOf(SCENES, false), between, race)
const later = fc.tuple(sceneOf(LATER, false), between, race, sceneOf(SCENES, false))

export const HISTORY: fc.Arbitrary<History> = fc
  .tuple(first, later, later)
  .map((parts) => parts.map((moves) => inBursts(moves.flat())))

// Three at once, of which each may be doubled: 720 orders.
const WIDEST = 3

function inBursts(moves: readonly Drawn[]): Burst[] {
  const bursts: Move[][] = []
  for (const { atOnce, ...move } of moves) {
    const last = bursts.at(-1)
    if (last !== undefined && atOnce && last.length < WIDEST) last.push(move)
    else bursts.push([move])
  }
  return bursts
}

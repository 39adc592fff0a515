import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND, type Key } from '../../src/core/key.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { Unanswered } from '../../src/engine/refusal.ts'
import {
  available,
  type Command,
  copyOf,
  ledger,
  left,
  openWorld,
  play,
  type Policy,
  spoken,
  WORDS,
  type World,
} from './engine-model.ts'
import { type EngineSetting, keyOf, STORE, type TestCard } from './engine-setting.ts'

/** A terminal's move, before its subject is known. */
type Move = {
  readonly what:
    | 'sale'
    | 'top_up'
    | 'payment'
    | 'refund'
    | 'confirm'
    | 'cancel'
    | 'reverse'
    | 'timer'
    | 'repeat'
    /** An earlier operation's key with another amount. */
    | 'reuse'
  /** The subject, counted back from the latest; from WILD on any one, also a later one. */
  readonly of: number
  readonly card: number
  readonly amount: number
  readonly flags: number
  readonly terminal: number
  readonly engine: number
  /** The answer is lost: the model does not get it. */
  readonly lost: boolean
}

/** Moves that are made at the same time, one such burst after the other. */
export type History = readonly (readonly Move[])[]

const WILD = 3

/**
 * Faults need the right three or four moves about one operation: in 200 histories of random moves a late confirmation
 * was booked one to three times, with scenes 31 to 46 times. The number is the `of` of a move.
 */
type Scene = readonly (readonly [Move['what'], number])[]

const SCENES = [
  [['payment', 0], ['refund', 0], ['timer', 1], ['confirm', 1]],
  [['payment', 0], ['refund', 0], ['timer', 1], ['confirm', 1]],
  [['payment', 0], ['refund', 0], ['timer', 1], ['timer', 0]],
  [['payment', 0], ['timer', 0], ['payment', 0], ['confirm', 1]],
  [['payment', 0], ['timer', 0], ['confirm', 0], ['confirm', 0]],
  [['top_up', 0], ['timer', 0], ['reverse', 0], ['confirm', 0]],
  [['payment', 0], ['refund', 0], ['reverse', 0], ['refund', 0]],
  [['payment', 0], ['reverse', 0], ['reverse', 0], ['repeat', 0]],
  [['payment', 0], ['confirm', 0], ['reverse', 0], ['timer', 0]],
  [['payment', 0], ['cancel', 0], ['cancel', 0], ['reverse', 1]],
  [['sale', 0], ['cancel', 0], ['reverse', 0], ['payment', 0]],
  [['sale', 0], ['timer', 0], ['confirm', 0], ['payment', 0]],
  [['payment', 0], ['sale', 0], ['payment', 0], ['top_up', 0]],
  [['payment', 0], ['confirm', 0], ['reuse', 0], ['repeat', 0]],
] as const satisfies readonly Scene[] // prettier-ignore

/** The same, all at once, at the one engine and the other. */
const RACES = [
  [['payment', 0], ['confirm', 0], ['payment', 0]],
  [['top_up', 0], ['reverse', 0], ['confirm', 0]],
  [['sale', 0], ['payment', 0], ['payment', 0]],
  [['payment', 0], ['sale', 0], ['confirm', 0]],
  [['sale', 0], ['top_up', 0], ['payment', 0]],
  [['payment', 0], ['sale', 0], ['top_up', 0]],
] as const satisfies readonly Scene[] // prettier-ignore

const ANYTHING = [...new Set(SCENES.flat().map(([what]) => what))]

const HAPPENS = fc.record({
  of: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, WILD, WILD + 1),
  card: fc.constantFrom(0, 0, 1),
  amount: fc.constantFrom(1_000, 2_000, 4_000, 7_000, 10_000, 10_000, 16_000),
  flags: fc.nat(7),
  engine: fc.nat(1),
  lost: fc.nat(4).map((n) => n === 0),
  atOnce: fc.boolean(),
})

const MOSTLY = fc.nat(3).map((n) => n > 0)

/** Scenes of one terminal, or of all, as written or nearly so, and whatever comes between them. */
export const HISTORY: fc.Arbitrary<History> = fc
  .constantFrom([0], [0], [0], [1], [1], [1], [0, 2], [0, 1, 2])
  .chain((terminals) => {
    const moveOf = (what: fc.Arbitrary<Move['what']>): fc.Arbitrary<Move & AtOnce> =>
      fc
        .tuple(what, fc.constantFrom(...terminals), HAPPENS)
        .map(([what, terminal, happens]) => ({ ...happens, what, terminal }))
    const inScene = ([what, of]: Scene[number], i: number, race: boolean): fc.Arbitrary<Move & AtOnce> =>
      fc.tuple(moveOf(fc.constant(what)), MOSTLY).map(([move, isSo]) => ({
        ...move,
        ...(isSo ? { of, atOnce: race } : {}),
        ...(race ? { engine: i % 2 } : {}),
      }))
    const drawn = (scenes: readonly Scene[], race: boolean) =>
      fc.constantFrom(...scenes).chain((moves) => fc.tuple(...moves.map((step, i) => inScene(step, i, race))))
    const scene = fc.oneof(drawn(SCENES, false), drawn(SCENES, false), drawn(RACES, true))
    const between = fc.array(moveOf(fc.constantFrom(...ANYTHING)), { maxLength: 3 })
    return fc.tuple(scene, between, scene, between, scene, between).map((moves) => inBursts(moves.flat()))
  })

type AtOnce = { readonly atOnce: boolean }

function inBursts(moves: readonly (Move & AtOnce)[]): History {
  const bursts: Move[][] = []
  for (const { atOnce, ...move } of moves) {
    const last = bursts.at(-1)
    if (last !== undefined && atOnce && last.length < WIDEST) last.push(move)
    else bursts.push([move])
  }
  return bursts
}

// Six moves at the same time have 720 orders.
const WIDEST = 4

/** The result of a history, and its fault; null: none. */
export type Played = { readonly wrong: string | null; readonly requests: number }

export const POLICIES = ['explicit', 'next', 'none'] as const satisfies readonly Policy[]
/** Terminals of one history; those under policy `next` must be in the database, since the engine locks them there. */
export const terminalsOf = (number: number): readonly string[] =>
  ['E', 'N', 'O'].map((letter) => `${letter}${String(number).padStart(7, '0')}`)

export const OPENING = [10_000, 0] as const

/**
 * Plays a history on two cards of its own, and after each burst compares answers and database with every order of the
 * burst that the model allows: at least one must explain them all.
 *
 * @param unsettled ids of requests whose outcome was unknown for a while, reported by the engines
 */
export async function playHistory(
  setting: EngineSetting,
  engines: readonly (() => Engine)[],
  history: History,
  number: number,
  cards: readonly TestCard[],
  unsettled: ReadonlySet<number>,
): Promise<Played> {
  const moves = planned(history, number)
  const requests = new Map<string, Request>()
  const first = new Map<string, Answer>()
  const ids = new Map<string, number>()
  let worlds: readonly World[] = [openWorld(OPENING)]
  let sent = 0
  const story: string[] = []

  for (const burst of moves) {
    const running = burst.flatMap((move) => {
      const request = requestFor(setting, move, requests, ids, cards)
      return request === null ? [] : [{ ...move, request }]
    })
    const silent: string[] = []
    const answered = await Promise.all(
      running.map(async ({ move, command, request }) => {
        const engine = engines[move.engine] ?? engines[0]
        const asked = engine === undefined ? null : engine().submit(request).catch(unlessNotStarted)
        const answer = await inTime(asked, () => silent.push(command.key))
        return { move, command, request, answer }
      }),
    )
    sent += answered.length
    story.push(answered.map(({ command, answer }) => `${tell(command)} → ${heard(answer)}`).join('\n  ∥ '))
    const inOrder = `history ${number}:\n  ${story.join('\n  ')}`

    if (silent.length > 0) return { wrong: `${inOrder}\nno answer to ${silent.join(', ')}`, requests: sent }
    // An engine that gives up says that nothing is booked; neither a restart nor a lost connection is a reason for
    // that.
    const gaveUp = answered.find(({ answer }) => answer?.result === 'malfunction')
    if (gaveUp !== undefined) return { wrong: `${inOrder}\n${gaveUp.command.key} is a malfunction`, requests: sent }

    for (const { command, answer } of answered) {
      const name = contentOf(command)
      const earlier = first.get(name)
      if (answer === null || isRefused(answer)) continue
      if (earlier === undefined) first.set(name, answer)
      // A reversed request shows the present balances.
      else if (answer.result === 'original_reversed') continue
      else if (earlier.result === answer.result && !isDeepStrictEqual(shown(answer), shown(earlier))) {
        return { wrong: `${inOrder}\na repeat of ${command.key} shows something else`, requests: sent }
      }
    }
    const done = answered.filter(({ answer }) => answer !== null && !isRefused(answer))
    const said = done.map(({ move, command, request, answer }) => ({
      command,
      answer: move.lost ? null : heard(answer),
      wasUnsettled: unsettled.has(request.id),
    }))
    const explained = explain(worlds, said)
    if (explained.length === 0) return { wrong: `${inOrder}\nno order explains these answers`, requests: sent }

    const found = await look(setting, number, cards, ids)
    worlds = explained.filter((world) => isDeepStrictEqual(booksOf(world), found))
    if (worlds.length === 0) {
      const expected = explained.map((world) => JSON.stringify(booksOf(world))).join('\nor    ')
      return { wrong: `${inOrder}\nfound ${JSON.stringify(found)}\nnot   ${expected}`, requests: sent }
    }
  }
  return { wrong: null, requests: sent }
}

// Many times what an engine takes to settle a lost COMMIT.
const PATIENCE_MS = 10_000

async function inTime<T>(asked: Promise<T> | null, late: () => void): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      late()
      resolve(null)
    }, PATIENCE_MS)
  })
  return Promise.race([asked, silence]).finally(() => clearTimeout(timer))
}

const isRefused = ({ result }: Answer): boolean => result === 'overloaded'
/** The part of an answer that the model predicts: the result, and the balances if shown. */
function heard(answer: Answer | null): string | null {
  if (answer === null) return null
  const balances = answer.row?.balances ?? null
  return balances === null ? answer.result : spoken(answer.result, balances.ledger, balances.available)
}
/** Of two requests under one key that ask for other amounts, each has answers of its own. */
const contentOf = (c: Command): string => (c.act === 'operation' ? `${c.key} ${c.amount}` : c.key)
const shown = ({ row }: Answer) => (row === null ? null : [row.labels, row.balances, row.transfer])
const tell = (c: Command): string =>
  c.act === 'operation'
    ? `${c.key} ${c.operation} card ${c.card} ${c.amount}${c.partial ? ' partial' : ''}${c.ontoNew ? ' new' : ''} ${c.receipt ?? ''} at ${c.terminal}`
    : `${c.key} ${c.act} ${c.of}`

type Planned = { readonly move: Move; readonly command: Command }

/**
 * Gives every move its key and subject. Most are about something that stands by the sequential model, and on a suitable
 * card: with a free choice half of all moves were refused for trivial reasons. Wild ones may be about anything, also
 * later moves.
 */
function planned(history: History, number: number): readonly (readonly Planned[])[] {
  const flat = history.flat()
  const terminals = terminalsOf(number)
  const expected = openWorld(OPENING)
  const operations = flat.flatMap(({ what }, i) => (OPERATES.has(what) ? [i] : []))
  const undoable = flat.flatMap(({ what }, i) => (OPERATES.has(what) || what === 'cancel' ? [i] : []))
  // A cancellation is about an operation, everything else may be about a cancellation too.
  const anyOf = ({ what, of }: Move): number => {
    const targets = what === 'cancel' ? operations : undoable
    return targets[of % Math.max(1, targets.length)] ?? -1
  }
  const ofTerminal = (at: number) => ({ terminal: terminals[at] ?? '', policy: POLICIES[at] ?? ('explicit' as const) })
  const standing = (is: (one: World['happened'][string]) => boolean): readonly string[] =>
    Object.entries(expected.happened).flatMap(([key, one]) => (STAND.has(one.status) && is(one) ? [key] : []))

  const commands: Command[] = []
  // Requests that are referred to before they arrive already have their terminals, so that a cancellation has its
  // original.
  const promised = new Map<number, About>()
  const aboutAny = (move: Move): About | null => {
    const any = anyOf(move)
    const target = flat[any]
    if (target === undefined) return null
    const of = `${LETTERS[target.what]}${any}`
    const made = commands.find(({ key }) => key === of)
    if (made !== undefined) return { of, terminal: made.terminal, policy: made.policy }
    if (target.what !== 'cancel') return { of, ...ofTerminal(target.terminal) }
    const original = promised.get(any) ?? aboutAny(target)
    if (original === null) return null
    promised.set(any, original)
    return { ...original, of }
  }
  const aboutWhatStands = (move: Move): About | null => {
    const of = standing(({ isCancellation }) => move.what !== 'cancel' || !isCancellation).at(-1 - move.of)
    const one = of === undefined ? undefined : expected.happened[of]
    return of === undefined || one === undefined ? null : { of, terminal: one.terminal, policy: one.policy }
  }
  const operation = (key: string, { what, of, card, amount, flags, terminal }: Move): Command => {
    const ontoNew = what === 'refund' && (flags & 3) === 3
    const isForIt = of >= WILD || expected.sold[card] !== (what === 'sale' || ontoNew)
    const payments = standing(({ delta }) => delta < 0)
    const receipt =
      what === 'refund' && flags >= 2 ? (payments.at(-1 - (of % Math.max(1, payments.length))) ?? null) : null
    return {
      key,
      ...ofTerminal(terminal),
      act: 'operation',
      operation: what as 'sale',
      card: isForIt ? card : 1 - card,
      // Several parts of a payment can be refunded, and the whole rest.
      amount: receipt === null || of >= WILD ? amount : (flags & 1) === 1 ? left(expected, receipt) || amount : 1_000,
      partial: what === 'payment' && (flags & 1) === 1,
      ontoNew,
      receipt,
    }
  }

  const commandOf = (move: Move, i: number): Command | null => {
    const key = `${LETTERS[move.what]}${i}`
    if (OPERATES.has(move.what)) return operation(key, move)
    if (move.what === 'repeat') return commands[move.of % Math.max(1, commands.length)] ?? null
    if (move.what === 'reuse') {
      const earlier = commands.filter((command) => command.act === 'operation')
      const taken = earlier[move.of % Math.max(1, earlier.length)]
      return taken === undefined ? null : { ...taken, amount: taken.amount + 1_000 }
    }
    const about = promised.get(i) ?? (move.of < WILD ? aboutWhatStands(move) : null) ?? aboutAny(move)
    return about === null ? null : { key, ...about, act: move.what as 'confirm' }
  }
  let i = 0
  return history.map((burst) =>
    burst.flatMap((move) => {
      const command = commandOf(move, i++)
      if (command === null) return []
      if (move.what !== 'repeat' && move.what !== 'reuse') commands.push(command)
      play(expected, command)
      return [{ move, command }]
    }),
  )
}

type About = { readonly of: string; readonly terminal: string; readonly policy: Policy }

const STAND: ReadonlySet<string> = new Set(['unconfirmed', 'confirmed', 'timer', 'rebooked', 'reversed', 'cancelled'])

const LETTERS = {
  sale: 'P',
  top_up: 'P',
  payment: 'P',
  refund: 'P',
  confirm: 'C',
  cancel: 'X',
  reverse: 'V',
  timer: 'T',
  repeat: 'R',
  reuse: 'R',
} as const satisfies Record<Move['what'], string>

const OPERATES: ReadonlySet<string> = new Set(['sale', 'top_up', 'payment', 'refund'])

/** Null for a timer whose transaction does not exist: no timer would have found it. */
function requestFor(
  setting: EngineSetting,
  { command }: Planned,
  requests: Map<string, Request>,
  ids: ReadonlyMap<string, number>,
  cards: readonly TestCard[],
): (Planned & { readonly request: Request })['request'] | null {
  const name = contentOf(command)
  const known = requests.get(name)
  if (known !== undefined) return { ...known, id: setting.nextId(), spareId: setting.nextId() }
  const request = build(setting, command, ids, cards)
  if (request !== null) requests.set(name, request)
  return request
}

function build(
  setting: EngineSetting,
  command: Command,
  ids: ReadonlyMap<string, number>,
  cards: readonly TestCard[],
): Request | null {
  const { terminal, policy } = command
  const about = { terminal, stan: stanOf(command.key), confirmation: policy }
  if (command.act === 'operation') {
    const { operation, card, amount, partial, ontoNew, receipt } = command
    const shownCard = cards[card]
    if (shownCard === undefined) return null
    const more = { partial, ontoNew, receipt: receipt === null ? null : rrnOf(terminal, receipt) }
    return setting.request(setting.operation(operation, shownCard, amount, more), {
      ...about,
      kind: KIND.financial,
      rrn: rrnOf(terminal, command.key),
    })
  }
  const original = keyNamed(command.of, terminal)
  switch (command.act) {
    case 'confirm':
      return setting.request({ act: 'confirmation', original }, { ...about, kind: KIND.confirmation })
    case 'cancel':
      return setting.request(
        { act: 'cancellation', original, amount: null, presented: null, sending: null },
        { ...about, kind: KIND.cancellation },
      )
    case 'reverse':
      return setting.request(
        { act: 'reversal', by: 'terminal', original, amount: null, presented: null },
        { ...about, kind: KIND.reversal },
      )
    case 'timer': {
      const id = ids.get(command.of)
      return id === undefined ? null : setting.timer({ id, key: original })
    }
  }
}

const stanOf = (key: string): number => Number(key.slice(1))
/** The same for all terminals of a history, and for no other history. */
const rrnOf = (terminal: string, key: string): string => `${terminal.slice(1)}${key.slice(1).padStart(5, '0')}`
/** `P7`: the operation with STAN 7; `X8`: a cancellation. */
const keyNamed = (name: string, terminal: string): Key =>
  keyOf(name.startsWith('X') ? KIND.cancellation : KIND.financial, terminal, stanOf(name))

const nameOf = (kind: number, stan: number): string => `${kind === KIND.cancellation ? 'X' : 'P'}${stan}`

type Said = {
  readonly command: Command
  /** Null: not heard. */
  readonly answer: string | null
  /** Its COMMIT was lost, so the answer may be that of its second try, after others. */
  readonly wasUnsettled: boolean
}

/** Every world that some order of the burst leads to, if all answers that were heard agree with it. */
function explain(worlds: readonly World[], said: readonly Said[]): readonly World[] {
  if (said.length === 0) return worlds
  const found = new Map<string, World>()
  for (const [i, one] of said.entries()) {
    const { command, answer, wasUnsettled } = one
    const rest = said.filter((_, j) => j !== i)
    const after: World[] = []
    const unanswered: World[] = []
    for (const world of worlds) {
      const next = copyOf(world)
      const expected = play(next, command)
      if (answer === null || answer === expected) after.push(next)
      else if (wasUnsettled) unanswered.push(next)
    }
    const secondTry = { ...one, wasUnsettled: false }
    for (const world of [
      ...(after.length === 0 ? [] : explain(after, rest)),
      ...(unanswered.length === 0 ? [] : explain(unanswered, [...rest, secondTry])),
    ]) {
      found.set(JSON.stringify(world), world)
    }
  }
  return [...found.values()]
}

type Books = {
  /** state ledger/available */
  readonly cards: readonly string[]
  /** `P1 confirmed`, in order. */
  readonly transactions: readonly string[]
  readonly cases: readonly string[]
}

const booksOf = (world: World): Books => ({
  cards: OPENING.map((_, i) => {
    return `${world.sold[i] === true ? 'sold' : 'sellable'} ${ledger(world, i)}/${available(world, i)}`
  }),
  transactions: Object.entries(world.happened)
    .map(([key, { status }]) => `${key} ${WORDS[status]}`)
    .sort(),
  cases: Object.keys(world.cases).sort(),
})

/** The database's state of one history; notes the ids of its rows. */
async function look(
  { connection }: EngineSetting,
  number: number,
  cards: readonly TestCard[],
  ids: Map<string, number>,
): Promise<Books> {
  const [results] = await connection.query<RowDataPacket[][]>(
    `SELECT state, ledger, available FROM cards WHERE id IN (?) ORDER BY id;
     SELECT t.id, t.kind, t.stan, t.state, c.open_for IS NOT NULL AS isOpen
     FROM transactions t FORCE INDEX (transactions_once) LEFT JOIN cases c ON c.open_for = t.id
     WHERE t.transmitted = ? AND t.stan IN (?) AND t.terminal_code IN (?) AND t.store_code = ? AND t.kind IN (?)`,
    [
      cards.map(({ id }) => id),
      keyOf(0, terminalsOf(number)[0] ?? '', 0).transmitted,
      STANS,
      terminalsOf(number),
      STORE,
      [KIND.financial, KIND.cancellation],
    ],
  )
  const [found = [], rows = []] = results
  for (const row of rows) ids.set(nameOf(Number(row['kind']), Number(row['stan'])), Number(row['id']))
  return {
    cards: found.map((row) => `${row['state']} ${row['ledger']}/${row['available']}`),
    transactions: rows.map((row) => `${nameOf(Number(row['kind']), Number(row['stan']))} ${row['state']}`).sort(),
    cases: rows
      .filter((row) => row['isOpen'] === 1)
      .map((row) => nameOf(Number(row['kind']), Number(row['stan'])))
      .sort(),
  }
}

/** All that a history can have, each by itself: a range would make the server look through all other histories too. */
const STANS = [...Array(24).keys()]

/**
 * A repeat that still waited when its engine was stopped has no answer, and was not looked at. Whatever else an engine does
 * not answer is a finding: nothing that happens here is a reason to give up, or to stop without having settled.
 */
function unlessNotStarted(error: unknown): Answer | null {
  if (!(error instanceof Unanswered)) throw error
  return error.message === 'overloaded' ? null : { result: 'malfunction', row: null, forwarding: null }
}

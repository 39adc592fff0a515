import type { Agent } from 'node:http'
import { play, WITHIN } from './api-model.ts'
import type { Burst as Moves, Move } from './api-history.ts'
import { type Burst, TooManyOrders, explain, type Possible, type Sent } from './api-orders.ts'
import { type Memory, newMemory, readingOf } from './api-reading.ts'
import { call, type Call, type Response } from './api-wire.ts'
import { type Name, nameOf, openWorld, type Presenting, type ShopName, SHOPS, shopOf, type Input } from './api-world.ts'

/** Where a history is played. */
export type Place = {
  readonly port: () => number
  readonly agent: Agent
  /** Of each shop its key. */
  readonly apiKeys: Readonly<Record<ShopName, string>>
  readonly till: (input: Extract<Input, { act: 'till' }>, number: string) => Promise<string>
  /** Called when a request was answered. */
  readonly answered: () => void
}

export type Playing = {
  readonly place: Place
  readonly memory: Memory
  /** The first input under each key, in order. */
  readonly keyed: Map<Name, Extract<Input, { key: string }>>
  readonly nextKey: Record<ShopName, number>
  /** Keys of lost requests, which may be in progress for any time. */
  readonly lost: Set<Name>
  readonly log: string[]
  possible: readonly Possible[]
  /** Too many orders could explain the history: it is not continued, and has no verdict. */
  isUndecided: boolean
  requests: number
  /** Requests that took as long as the API waits for an outcome. */
  late: number
}

export const OPENING = [15_000, 2_000] as const

export const newPlaying = (place: Place): Playing => ({
  place,
  memory: newMemory(),
  keyed: new Map(),
  nextKey: { A: 0, B: 0 },
  lost: new Set(),
  log: [],
  possible: [{ world: openWorld(OPENING), open: [] }],
  isUndecided: false,
  requests: 0,
  late: 0,
})

/** Payments, top-ups and sales whose id a shop knows, the latest first. */
const known = ({ keyed, memory }: Playing): Name[] =>
  [...keyed]
    .filter(([name, { act }]) => memory.ids.has(name) && (act === 'pay' || act === 'top_up' || act === 'sell'))
    .map(([name]) => name)
    .reverse()

const BY = ['number', 'number', 'lower', 'token', 'token', 'number', 'number', 'wrong'] as const
const ORDERS = [null, 'o-1', 'o-2', null] as const

/** The subject of a move, by the history so far; null: there is none. */
export function inputOf(playing: Playing, move: Move): Input | null {
  const { what, of, amount, flags } = move
  const shop = SHOPS[move.shop] ?? 'A'
  const keys = [...playing.keyed.keys()].reverse()
  const thing = known(playing)[of]
  const key = keys[of]
  const own = { shop: thing === undefined ? shop : shopOf(thing) }
  switch (what) {
    case 'pay':
    case 'top_up': {
      const within = flags % 4 === 3 ? 60 : null
      const card = cardOf(playing, move.card, what === 'top_up')
      const common = { shop, key: freshKey(playing, shop), card, by: BY[flags % 8] ?? 'number', amount }
      const booking = { final: flags % 4 === 1, within, order: ORDERS[flags % 4] ?? null }
      return what === 'pay'
        ? { act: 'pay', ...common, ...booking, partial: flags % 16 > 9 }
        : { act: 'top_up', ...common, ...booking }
    }
    case 'sell':
      return { act: 'sell', shop, key: freshKey(playing, shop), amount, order: ORDERS[flags % 4] ?? null }
    case 'confirm':
      if (thing === undefined) return null
      return { act: 'confirm', ...own, of: thing, amount: thing !== undefined && isPayment(playing, thing) && flags % 3 === 0 ? amount : null } // prettier-ignore
    case 'cancel':
      return thing === undefined ? null : { act: 'cancel', ...own, key: freshKey(playing, own.shop), of: thing }
    case 'refund': {
      const payment = known(playing).filter((name) => isPayment(playing, name))[of]
      if (payment === undefined) return null
      const by = shopOf(payment)
      return { act: 'refund', shop: by, key: freshKey(playing, by), of: payment, amount: Math.min(amount, 2_500) }
    }
    case 'reverse':
      return key === undefined ? null : { act: 'reverse', shop: shopOf(key), of: key.slice(2) }
    case 'early':
      return { act: 'reverse', shop, of: `k${playing.nextKey[shop]}` }
    case 'repeat':
      return key === undefined ? null : repeated(playing, key, flags)
    case 'reuse':
      return key === undefined ? null : reused(playing, key, flags)
    case 'show':
      return thing === undefined ? null : { act: 'show', ...own, of: thing }
    case 'foreign':
      return thing === undefined ? null : { act: 'show', shop: own.shop === 'A' ? 'B' : 'A', of: thing }
    case 'request':
      return key === undefined ? null : { act: 'request', shop: shopOf(key), of: key.slice(2) }
    case 'balance':
    case 'history':
      return { act: what, shop, card: cardOf(playing, move.card, false), by: BY[flags % 7] ?? 'number' }
    case 'till':
      return {
        act: 'till',
        operation: flags % 2 === 0 ? 'payment' : 'top_up',
        card: `p${move.card % 2}`,
        amount: Math.max(amount, 1_000),
      }
  }
}

/** By its id: a key whose first request was not booked may have made something else by now. */
const isPayment = ({ memory }: Playing, name: Name): boolean => memory.ids.get(name)?.startsWith('pay_') === true

const freshKey = ({ nextKey }: Playing, shop: ShopName): string => `k${nextKey[shop]++}`

/** A virtual card can be used by every shop to which it was shown. */
function cardOf({ memory }: Playing, card: number, plasticOnly: boolean): string {
  const virtual = [...memory.cards.keys()].filter((name) => !name.startsWith('p')).at(-1)
  return card < 2 || plasticOnly || virtual === undefined ? `p${card % 2}` : virtual
}

/** The same request; how it presents the card makes no difference. */
function repeated({ keyed, memory }: Playing, name: Name, flags: number): Input | null {
  const input = keyed.get(name)
  if (input === undefined || (input.act !== 'pay' && input.act !== 'top_up')) return input ?? null
  const by: Presenting = (['wrong', 'token', 'lower', 'number'] as const)[flags % 4] ?? 'number'
  const hasToken = memory.cards.get(input.card)?.tokens[input.shop] !== undefined
  return { ...input, by: by === 'token' && !hasToken ? 'wrong' : by }
}

function reused(playing: Playing, name: Name, flags: number): Input | null {
  const input = playing.keyed.get(name)
  if (input === undefined || input.act === 'cancel') return null
  if (flags % 2 === 0 || input.act === 'refund') return { ...input, amount: input.amount + 1_000 }
  const { shop, key, order, amount } = input
  return input.act === 'sell'
    ? { act: 'top_up', shop, key, order, amount, card: 'p0', by: 'number', final: false, within: null }
    : { act: 'sell', shop, key, order, amount: 2_000 }
}

const CREATES: ReadonlySet<Move['what']> = new Set(['pay', 'top_up', 'sell'])

/** Makes these moves at once; returns the finding, or null. While the clock moves, nothing new is made, because its time would be ambiguous. */
export function playBurst(playing: Playing, burst: Moves, minutes: number): Promise<string | null> {
  const moves = burst.filter(({ what }) => minutes === 0 || !CREATES.has(what))
  const wishes = moves.flatMap((move) => {
    const input = inputOf(playing, move)
    if (input === null) return []
    // A till's request is not an idempotent call of a shop.
    return move.way === 'twice' && input.act !== 'till'
      ? [
          { input, move },
          { input, move },
        ]
      : [{ input, move }]
  })
  return playInputs(playing, wishes.map(({ input, move }) => ({ input, way: move.way, flags: move.flags })), minutes) // prettier-ignore
}

export type Asked = { readonly input: Input; readonly way: Move['way']; readonly flags: number }

export async function playInputs(playing: Playing, asked: readonly Asked[], minutes: number): Promise<string | null> {
  if (playing.isUndecided) return null
  const fresh = asked.flatMap(({ input }) => noteInput(playing, input))
  const sent = (await Promise.all(asked.map((one) => send(playing, one)))).flat()
  forgetUnsent(playing, fresh, sent)
  if (minutes > 0) playing.log.push(`  ${minutes} minutes later`)
  for (const { input, answer, sure } of sent) {
    playing.log.push(`  ${JSON.stringify(input)} → ${answer ?? (sure ? '(unheard)' : '(lost)')}`)
  }
  playing.log.push('')
  for (const { input, answer, sure } of sent)
    if (answer === null && !sure) keysOf(input).forEach((key) => playing.lost.add(key))
  const underway = new Set([...playing.lost, ...asked.flatMap(({ input }) => keysOf(input))])
  const after = explained(playing, { sent, minutes, underway })
  if (after === null) return null
  if (after.length > 0) {
    playing.possible = after
    return null
  }
  return `no order explains the last of these:\n${playing.log.join('\n')}\nfor example with nothing else at work: ${expectedBy(playing, sent)}`
}

/** Null: it cannot be decided. */
function explained(playing: Playing, burst: Burst) {
  try {
    return explain(playing.possible, burst)
  } catch (error) {
    if (!(error instanceof TooManyOrders)) throw error
    playing.isUndecided = true
    return null
  }
}

/** The model's answer to each, had it been alone. */
const expectedBy = ({ possible }: Playing, sent: readonly Sent[]): string =>
  sent.map(({ input }) => possible.slice(0, 1).map(({ world }) => play(world, input).answer)).join('; ')

const keysOf = (input: Input): readonly Name[] => ('key' in input ? [nameOf(input.shop, input.key)] : [])

/** The name of its key, where it is the first under it. */
function noteInput({ keyed, memory }: Playing, input: Input): readonly Name[] {
  if (!('key' in input)) return []
  const name = nameOf(input.shop, input.key)
  if (keyed.has(name)) return []
  keyed.set(name, input)
  if (input.act === 'pay' || input.act === 'top_up')
    memory.asked.set(name, { card: input.card, within: input.within ?? WITHIN })
  return [name]
}

/** A request that was not sent, or certainly not booked, is not the first under its key; a later one may be. */
function forgetUnsent({ keyed, memory }: Playing, fresh: readonly Name[], sent: readonly Sent[]): void {
  const names = new Set(sent.flatMap(({ input }) => keysOf(input)))
  for (const name of fresh) {
    if (names.has(name)) continue
    keyed.delete(name)
    memory.asked.delete(name)
  }
}

async function send(playing: Playing, { input, way, flags }: Asked): Promise<Sent[]> {
  const { place, memory } = playing
  playing.requests += 1
  if (input.act === 'till') {
    const number = memory.cards.get(input.card)?.number ?? ''
    return [{ input, answer: await place.till(input, number), sure: true }]
  }
  const wire = callOf(playing, input)
  if (wire === null) return []
  const began = performance.now()
  const response = await call(place.port(), place.agent, wire, way === 'lost' ? flags % 8 : null)
  if (response !== null) place.answered()
  const isLate = performance.now() - began >= PATIENCE_MS
  if (isLate) playing.late += 1
  // On a machine on which the first request takes this long, the second one is answered that it is in progress.
  const waitedInVain = 'key' in input && isInProgress(response) && isLate
  return toSent(memory, input, way, waitedInVain ? null : response)
}

/** ms, and a little less: for how long a second request under a key waits for the first (docs/spec/web.md, section 2). */
const PATIENCE_MS = 29_500
const isInProgress = (response: Response | null): boolean =>
  response?.status === 409 && response.text.includes('"in_progress"')

/** 503: surely not booked; 504: not known. */
function toSent(memory: Memory, input: Input, way: Move['way'], response: Response | null): Sent[] {
  if (response === null || response.status === 504) return [{ input, answer: null, sure: false }]
  if (response.status === 503) return []
  if (way === 'unheard' && response.status < 500) return [{ input, answer: null, sure: true }]
  return [{ input, answer: readingOf(memory, input, response), sure: true }]
}

const PATHS = { payment: '/payments', top_up: '/top-ups', sale: '/sales' } as const
const PATH_OF: Readonly<Record<string, string>> = { pay: '/payments', top: '/top-ups', sal: '/sales' }
const money = (value: number): object => ({ value, currency: 'PLN' })

/** The request on the wire; null: it needs an id or a code that was not returned to anybody. */
function callOf({ place, memory }: Playing, input: Exclude<Input, { act: 'till' }>): Call | null {
  const apiKey = place.apiKeys[input.shop]
  const get = (path: string): Call => ({ method: 'GET', path, apiKey, idempotencyKey: null, body: null })
  const idempotencyKey = 'key' in input ? input.key : null
  const post = (path: string, body: object): Call => ({ method: 'POST', path, apiKey, idempotencyKey, body })
  const ofThing = 'of' in input ? memory.ids.get(input.of) : undefined
  const path = `${PATH_OF[ofThing?.slice(0, 3) ?? ''] ?? ''}/${ofThing ?? ''}`
  const order = 'order' in input && input.order !== null ? { orderId: input.order } : {}
  switch (input.act) {
    case 'pay':
    case 'top_up': {
      const card = presented(memory, input)
      const more = {
        ...order,
        ...(input.final ? { confirm: true } : {}),
        ...(input.within === null ? {} : { confirmWithin: input.within * 60 }),
        ...(input.act === 'pay' && input.partial ? { partial: true } : {}),
      }
      return card === null ? null : post(input.act === 'pay' ? '/payments' : '/top-ups', { card, amount: money(input.amount), ...more }) // prettier-ignore
    }
    case 'sell':
      return post('/sales', { issue: 'ECARD', amount: money(input.amount), ...order })
    case 'confirm':
      return ofThing === undefined ? null : post(`${path}/confirm`, input.amount === null ? {} : { amount: money(input.amount) }) // prettier-ignore
    case 'cancel':
      return ofThing === undefined ? null : post(`${path}/cancel`, {})
    case 'refund':
      return ofThing === undefined ? null : post(`${path}/refunds`, { amount: money(input.amount) })
    case 'reverse':
      return post('/reversals', { idempotencyKey: input.of })
    case 'show':
      return ofThing === undefined ? null : get(path)
    case 'request':
      return get(`/requests/${input.of}`)
    case 'list':
      return get(`${PATHS[input.kind]}?limit=100`)
    case 'balance':
    case 'history': {
      const card = presented(memory, input)
      if (card === null) return null
      return post(`/${input.act}`, input.act === 'history' ? { card, limit: 100 } : { card })
    }
  }
}

function presented(
  { cards }: Memory,
  { card, by, shop }: { readonly card: string; readonly by: Presenting; readonly shop: ShopName },
): object | null {
  const known = cards.get(card)
  if (known === undefined) return null
  const { number, ecode, tokens } = known
  if (by === 'token') return tokens[shop] === undefined ? null : { token: tokens[shop] }
  if (by === 'wrong') return { number, ecode: 'WRNG-WRNG-WRNG-WRNG' }
  return by === 'lower' ? { number: ` ${number}`, ecode: ecode.toLowerCase().replaceAll('-', ' ') } : { number, ecode }
}

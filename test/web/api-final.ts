import { cardReading } from './api-reading.ts'
import { type Asked, type Playing, playInputs } from './api-playing.ts'
import { call } from './api-wire.ts'
import { type ShopName, SHOPS, shopOf, type Input } from './api-world.ts'

/** After healing: each request is repeated or queried, or both if its answer was not heard. */
export async function finalReads(playing: Playing): Promise<string | null> {
  const { keyed, memory } = playing
  for (const [i, [name, input]] of [...keyed].entries()) {
    const isHeard = memory.bodies.has(name)
    const again = isHeard && i % 2 === 0 ? null : await asked(playing, input)
    const after = isHeard && i % 2 === 1 ? null : { act: 'request' as const, shop: input.shop, of: name.slice(2) }
    const found = again ?? (after === null ? null : await asked(playing, after))
    if (found !== null) return found
  }
  return null
}

/** In the end: every thing, card and list as they are shown. */
export async function looks(playing: Playing): Promise<string | null> {
  const { ids, cards } = playing.memory
  const things = [...ids].filter(([, id]) => !id.startsWith('ref_')).map(([name]) => name)
  const wishes: Input[] = [
    ...things.map((name) => ({ act: 'show' as const, shop: shopOf(name), of: name })),
    ...[...cards.keys()].flatMap((card) =>
      (['balance', 'history'] as const).map((act) => ({ act, shop: 'A' as const, card, by: 'number' as const })),
    ),
    ...SHOPS.flatMap((shop) =>
      (['payment', 'top_up', 'sale'] as const).map((kind) => ({ act: 'list' as const, shop, kind })),
    ),
  ]
  for (const input of wishes) {
    const found = await asked(playing, input)
    if (found !== null) return found
  }
  return null
}

const asked = (playing: Playing, input: Input): Promise<string | null> =>
  playInputs(playing, [{ input, way: 'once', flags: 0 } satisfies Asked], 0)

type Event = { readonly id: string; readonly type: string; readonly sequence: number; readonly data: Readonly<Record<string, unknown>> } // prettier-ignore

/** The shops' events are what happened, once, in the order of each card, and contain no secret. */
export async function eventsFault(playing: Playing): Promise<string | null> {
  const told: Record<string, string[]> = {}
  for (const shop of SHOPS) {
    const events = await eventsOf(playing, shop)
    const sequences = new Map<string, number>()
    for (const event of events) {
      const fault = secretIn(playing, event)
      if (fault !== null) return fault
      const { card, text } = eventReading(playing, event)
      const before = sequences.get(card) ?? 0
      sequences.set(card, event.sequence)
      const isNext = event.sequence > before
      ;(told[`${shop} ${card}`] ??= []).push(isNext ? text : `${text} (${event.sequence} after ${before})`)
    }
  }
  const lanes = Object.entries(told).map(([lane, events]) => [lane.replace(/\?.*$/u, '?'), events])
  const said = JSON.stringify(lanes.sort(byText))
  const wanted = playing.possible.map(({ world }) => JSON.stringify(Object.entries(world.events).map(asKnown(playing)).sort(byText))) // prettier-ignore
  if (wanted.includes(said)) return null
  return `events are not what happened after\n${playing.log.join('\n')}\nevents: ${said}\nwanted: ${wanted[0]}`
}

/** A shop may never have received the id of a transaction that was reversed at once. */
/** Sorts by content, only so that the order is always the same. */
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

const asKnown =
  ({ memory }: Playing) =>
  ([lane, events]: readonly [string, readonly string[]]) =>
    [lane.replace(/[AB]:k\d+$/u, (name) => (memory.ids.has(name) ? name : '?')), events.map((text) => text.replace(/[AB]:k\d+/u, (name) => (memory.ids.has(name) ? name : '?')))] // prettier-ignore

function eventReading({ memory }: Playing, { type, data }: Event): { readonly card: string; readonly text: string } {
  const name = memory.names.get(String(data['id'])) ?? '?'
  const amount = (data['amount'] as { value?: number } | undefined)?.value
  const kind = type.startsWith('payment') ? 'payment' : type.startsWith('top_up') ? 'top_up' : 'sale'
  const read = cardReading(memory, name, kind, data['card'] as Readonly<Record<string, unknown>>)
  const change = type.split('.')[1] ?? ''
  const isSo = STATUS_OF[change]?.includes(String(data['status'])) === true
  return {
    card: kind === 'sale' && read === '(hidden)' ? (name === '?' ? `?${String(data['id'])}` : name) : read,
    text: `${type} ${name} ${amount}${isSo ? '' : ` (${String(data['status'])})`}`,
  }
}

const STATUS_OF: Readonly<Record<string, readonly string[]>> = {
  created: ['unconfirmed', 'confirmed'],
  confirmed: ['confirmed'],
  cancelled: ['cancelled'],
  reversed: ['reversed'],
  refunded: ['confirmed'],
}

function secretIn({ memory }: Playing, event: Event): string | null {
  const text = JSON.stringify(event)
  const shown = [...memory.cards.values()].find(({ number, ecode }) => text.includes(number) || text.includes(ecode))
  return shown === undefined ? null : `an event holds a number or an eCode: ${text}`
}

async function eventsOf({ place }: Playing, shop: ShopName): Promise<readonly Event[]> {
  const all: Event[] = []
  for (let after = ''; ;) {
    const path = `/events?limit=100${after === '' ? '' : `&after=${after}`}`
    const wanted = { method: 'GET', path, apiKey: place.apiKeys[shop], idempotencyKey: null, body: null } as const
    const answer = await call(place.port(), place.agent, wanted, null)
    if (answer?.status !== 200) throw new Error(`events are answered ${answer?.status} ${answer?.text}`)
    const { items, next } = JSON.parse(answer.text) as { items: Event[]; next: string | null }
    all.push(...items)
    if (next === null) return all
    after = next
  }
}

/** Names of the shops' tokens: made before anything is. */
export async function makeTokens(playing: Playing): Promise<void> {
  const { place, memory } = playing
  for (const [name, known] of memory.cards) {
    const { number, ecode } = known
    const tokens: Partial<Record<ShopName, string>> = {}
    for (const shop of SHOPS) {
      const wanted = { method: 'POST', path: '/card-tokens', apiKey: place.apiKeys[shop], idempotencyKey: null, body: { card: { number, ecode } } } as const // prettier-ignore
      // A line that the server closed while it was idle gives no answer; a token may be asked for again.
      const ask = () => call(place.port(), place.agent, wanted, null)
      const answer = (await ask()) ?? (await ask()) ?? (await ask())
      if (answer?.status !== 201) throw new Error(`no token: ${answer?.text}`)
      tokens[shop] = (JSON.parse(answer.text) as { token: string }).token
    }
    memory.cards.set(name, { ...known, tokens })
  }
}

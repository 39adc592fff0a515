import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { type WebSetting, webSetting } from './api-setting.ts'

/* Many addresses guess numbers at once, at the API and the page, over sockets behind a reverse proxy of the test. */

/** The credentials that a thief presents: all three get the same answer. */
const GUESSES = ['no card', 'wrong eCode', 'never sold'] as const
type Guess = (typeof GUESSES)[number]
type Door = 'api' | 'page'

type Answer = { readonly status: number; readonly text: string; readonly ms: number }
export type Told = Answer & {
  readonly guess: Guess
  readonly door: Door
  readonly address: string
  /** ms after the first guess: when it was sent. */
  readonly at: number
}

export type Storm = {
  readonly guesses: readonly Told[]
  /** Of holders with their own cards, from addresses that were never wrong. */
  readonly holders: readonly (Answer & { readonly door: Door })[]
  /** ms from the first guess to the alert; null: there was none. */
  readonly alertedAfter: number | null
}

type Teardown = Parameters<typeof webSetting>[0]

const ECODE = 'AAAA-AAAA-AAAA-AAAA'
const ADDRESSES = 200
const HOLDERS_A_SECOND = 10

/** A number of ours that passes Luhn and is on no card. */
export function unknownNumber(i: number): string {
  const body = `629910${String(900_000_000 + i)}`
  const digits = Array.from(body, Number).reverse()
  const sum = digits.reduce(
    (all, digit, place) => all + (place % 2 === 0 ? ((2 * digit) % 10) + (digit > 4 ? 1 : 0) : digit),
    0,
  )
  return `${body}${(10 - (sum % 10)) % 10}`
}

/** AkartWeb behind a proxy on loopback, whose clock runs. */
export async function stormSetting(t: Teardown): Promise<WebSetting & { readonly origin: string }> {
  const web = await webSetting(t, { trustProxy: ['127.0.0.1'] })
  const running = setInterval(() => (web.clock.now = Date.now()), 20)
  t.teardown(async () => clearInterval(running))
  return { ...web, origin: await web.app.listen({ host: '127.0.0.1', port: 0 }) }
}

/** An open loop: a fixed number of guesses a second, whether earlier ones are answered or not, half to the API and half to the page. */
export async function storm(
  web: WebSetting & { readonly origin: string },
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Storm> {
  const shop = await web.shop('STORM')
  const cards = demoCards(deriveCardKeys(DEMO_MASTER))
  const sold = cards.filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
  const unsold = cards.filter(({ issue, state }) => issue === 'OPEN' && state === 'sellable')
  const own = sold[0]
  if (own === undefined) throw new Error('the demo has no sold cards')
  const numberOf = (guess: Guess, i: number): string =>
    guess === 'no card'
      ? unknownNumber(i)
      : ((guess === 'wrong eCode' ? sold[1 + (i % (sold.length - 1))] : unsold[i % unsold.length])?.number ?? '')
  const agents = { thief: new Agent({ keepAlive: true, maxSockets: 400 }), holder: new Agent({ keepAlive: true }) }
  const ask = (agent: Agent, door: Door, address: string, card: { number: string; ecode: string }) =>
    door === 'api'
      ? post(agent, `${web.origin}/api/v1/balance`, JSON.stringify({ card }), {
          authorization: `Bearer ${shop.key}`,
          'content-type': 'application/json',
          'akart-customer-address': address,
        })
      : post(agent, `${web.origin}/`, new URLSearchParams(card).toString(), {
          origin: web.origin,
          'content-type': 'application/x-www-form-urlencoded',
          'x-forwarded-for': address,
        })
  const guesses: Told[] = []
  const holders: (Answer & { door: Door })[] = []
  const began = performance.now()
  let alertedAfter: number | null = null
  const isAlerted = (): boolean => web.said.some((line) => line.startsWith('enumeration'))
  const underway: Promise<unknown>[] = []
  const keep = (work: Promise<unknown>): unknown => underway.push(work)
  let sent = 0
  let served = 0
  for (let passed = 0; passed < seconds * 1_000; passed = performance.now() - began) {
    for (; sent < (passed * rate) / 1_000; sent++) {
      const guess = GUESSES[sent % 3] ?? 'no card'
      const door = sent % 2 === 0 ? 'api' : 'page'
      const address = `198.51.${100 + (sent % 2)}.${Math.floor(sent / 2) % (ADDRESSES / 2)}`
      const asked = ask(agents.thief, door, address, { number: numberOf(guess, sent), ecode: ECODE })
      const at = performance.now() - began
      keep(asked.then((answer) => guesses.push({ ...answer, guess, door, address, at })))
    }
    for (; served < (passed * HOLDERS_A_SECOND) / 1_000; served++) {
      const door = served % 2 === 0 ? 'api' : 'page'
      const asked = ask(agents.holder, door, `203.0.113.${served % 250}`, { number: own.number, ecode: own.ecode })
      keep(asked.then((answer) => holders.push({ ...answer, door })))
    }
    if (alertedAfter === null && isAlerted()) alertedAfter = passed
    await sleep(5)
  }
  await Promise.all(underway)
  if (alertedAfter === null && isAlerted()) alertedAfter = performance.now() - began
  agents.thief.destroy()
  agents.holder.destroy()
  return { guesses, holders, alertedAfter }
}

/** Over a line that its server closed while it was idle a request goes once more, as every client does it. */
async function post(
  agent: Agent,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const began = performance.now()
  for (;;) {
    const answer = await postOnce(agent, url, body, headers)
    if (answer !== null) return { ...answer, ms: performance.now() - began }
  }
}

/** Null: the line was used before, and was closed since. */
function postOnce(
  agent: Agent,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<Answer, 'ms'> | null> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asked.on('error', (error: NodeJS.ErrnoException) =>
      asked.reusedSocket && error.code === 'ECONNRESET' ? resolve(null) : reject(error),
    )
    asked.end(body)
  })
}

/** Answers to guesses that were not held back: one for each shape that they have, whatever differs by nature left out. */
export const shapesOf = ({ guesses }: Storm, door: Door): ReadonlySet<string> =>
  new Set(
    guesses
      .filter((told) => told.door === door && wasAnswered(told))
      .map(({ text }) => text.replace(/[0-9a-f-]{36}/u, '')),
  )

/** Not told to come later. */
export const wasAnswered = ({ status }: Answer): boolean => status !== 429

export const quantile = (times: readonly number[], q: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(q * times.length))] ?? Number.NaN

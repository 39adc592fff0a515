import t from 'tap'
import { once as onceEvent } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Behind, putBehind, waitingOf } from './webhook-backlog.ts'
import { type Behaviour, webhookSetting } from './webhook-setting.ts'

/**
 * 100,000 events for 20 living receivers and a dead one (docs/spec/web.md, section 6): all are delivered, those of a
 * card in order, the dead one delays nobody, and memory stays flat. The rate is printed.
 */

const LIVE = Number(process.env['AKART_SOAK_ENDPOINTS'] ?? 20)
const EVENTS = Number(process.env['AKART_SOAK_EVENTS'] ?? 5_000)
const CARDS = 250
/** Events a second. */
const FASTEST_HOUR = 200
const MEBI = 2 ** 20
const web = await webhookSetting(t)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

type Counted = { readonly url: string; received: number; readonly faults: string[]; behave: () => Behaviour }

/** Counts, and sees that each event of a card comes first after the one before it. */
async function counter(): Promise<Counted> {
  const latest = new Map<string, number>()
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const { sequence, data } = JSON.parse(text) as { sequence: number; data: { card: string } }
      const before = latest.get(data.card) ?? 0
      if (sequence > before + 2) made.faults.push(`${data.card}: ${sequence} after ${before}`)
      if (sequence > before) {
        latest.set(data.card, sequence)
        made.received++
      }
      const chosen = made.behave()
      if (typeof chosen === 'number') response.writeHead(chosen).end()
      else chosen(response)
    })
  })
  server.listen(0, '127.0.0.1')
  await onceEvent(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const made: Counted = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received: 0,
    faults: [],
    behave: () => 204,
  }
  return made
}

void t.test('100,000 behind, 20 live ones and a dead one', { timeout: 900_000 }, async (t) => {
  const hooks = await Promise.all(Array.from({ length: LIVE + 1 }, counter))
  const shops: Behind[] = []
  for (const [i, hook] of hooks.entries()) {
    const code = `BACK-${i}`
    const shop = await web.shop(code)
    const made = await shop.call('POST', '/webhook-endpoints', { url: hook.url })
    shops.push({ code, shop, endpoint: String(made.body['id']) })
  }
  const dead = hooks[0]
  if (dead === undefined) throw new Error('no receivers')
  dead.behave = () => () => {} // takes it and never answers
  await putBehind(web, shops, { events: EVENTS, cards: CARDS })
  web.clock.now = Date.now() + 1_000
  const began = performance.now()
  const held: number[] = []
  const resident: number[] = []
  const sender = web.sender()
  for (;;) {
    await sleep(1_000)
    collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    held.push((heapUsed + external) / MEBI)
    resident.push(rss / MEBI)
    const waiting = await waitingOf(web)
    if (shops.slice(1).every(({ code }) => !waiting.has(code))) break
  }
  const seconds = (performance.now() - began) / 1_000
  await sender.stop()
  const live = hooks.slice(1)
  t.same(
    live.map(({ received }) => received),
    live.map(() => EVENTS),
  )
  t.same(
    live.flatMap(({ faults }) => faults),
    [],
    'each card in its order',
  )
  const atMost = 32 * (1 + Math.ceil(seconds / 15))
  t.ok(dead.received > 0 && dead.received <= atMost, `the dead one was asked ${dead.received} times`)
  // What is left after a full collection: resident memory grows by as much garbage as the collector lets lie, which on a
  // busy machine was 100 MiB.
  const half = Math.floor(held.length / 2)
  const [before, after] = [Math.max(...held.slice(0, half)), Math.max(...held.slice(half))]
  t.comment(`resident: ${Math.round(Math.max(...resident))} MiB at most`)
  t.ok(after < before + 16, `memory: ${Math.round(before)} MiB at most before half-time, ${Math.round(after)} after it`)
  const rate = Math.round((LIVE * EVENTS) / seconds)
  t.comment(`${LIVE * EVENTS} events in ${seconds.toFixed(1)} s: ${rate} a second, receivers in the same process`)
  // The contract names no rate. A chain that sells for 200 a second in its rush hour gets ahead of its backlog by this.
  t.ok(rate > FASTEST_HOUR, `${rate} a second`)
})

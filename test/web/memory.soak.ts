import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { upForTest } from '../up.ts'

/*
 * Minutes of payments over HTTP with the flag of the units: what the heap holds after a full collection, and resident memory,
 * level off (docs/operations.md, Memory). What is remembered for payments is full before the middle of the time.
 */

const SECONDS = Number(process.env['AKART_SOAK_SECONDS'] ?? 300)
const CALLERS = 64
const MEBI = 2 ** 20
const LOAD = fileURLToPath(new URL('../../bench/web-load.js', import.meta.url))
const REPORT = new URL('heap-report.js', import.meta.url).href
const SEMI_SPACE = '--max-semi-space-size=64'

type Sample = { readonly heap: number; readonly external: number; readonly rss: number }

/** MiB: the most in the middle third, and how much more there is in the last one. */
function growth(figures: readonly number[]): { readonly level: number; readonly more: number } {
  const third = Math.floor(figures.length / 3)
  const level = Math.max(...figures.slice(third, 2 * third))
  return { level, more: Math.max(...figures.slice(2 * third)) - level }
}

/** A tenth and some MiB, for what differs from one collection to the next: 100 bytes a payment are more. */
const isLevel = ({ level, more }: ReturnType<typeof growth>, slack: number): boolean => more <= level / 10 + slack

void t.test('a growing heap is detected', async (t) => {
  const level = Array.from({ length: 30 }, (_, i) => 120 + (i % 4) * 5)
  const leaking = level.map((mebi, i) => mebi + i * 4)
  t.ok(isLevel(growth(level), 8))
  t.notOk(isLevel(growth(leaking), 8))
})

void t.test(`${SECONDS} s of payments by ${CALLERS} callers`, { timeout: 2_000_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'akart-memory-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const file = join(directory, 'heap.txt')
  const up = await upForTest(t, {
    NODE_OPTIONS: `${SEMI_SPACE} --import=${REPORT}`,
    HEAP_REPORT: file,
    HEAP_REPORT_MS: String(Math.round((SECONDS * 1_000) / 30)),
  })
  const shop = await openShop(up.home, `${up.web.host}:${up.web.port}`)
  const load = spawn(process.execPath, [LOAD, shop.target, shop.key, String(CALLERS), String(SECONDS * 1_000)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(load, 'close')
  load.stdin.end(shop.tokens.join('\n'))
  const { answered, perSecond } = JSON.parse(await text(load.stdout)) as { answered: number; perSecond: number }
  t.equal((await ended)[0], 0)
  const samples = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample)
  const [heap, rss] = [
    growth(samples.map((one) => (one.heap + one.external) / MEBI)),
    growth(samples.map((one) => one.rss / MEBI)),
  ]
  t.comment(`${answered} payments, ${perSecond.toFixed(0)} a second, ${samples.length} collections`)
  for (const [name, { level, more }] of [['heap', heap] as const, ['resident', rss] as const])
    t.comment(`${name}: ${level.toFixed(0)} MiB at most in the middle third, ${more.toFixed(0)} more in the last`)
  t.comment(samples.map((one) => `${(one.heap / MEBI).toFixed(0)}/${(one.rss / MEBI).toFixed(0)}`).join(' '))
  t.ok(samples.length >= 20)
  t.ok(isLevel(heap, 8), 'the heap levels off')
  t.ok(isLevel(rss, 64), 'resident memory levels off')
})

/** The demo's shop with tokens for its cards, of which none is used up by so many payments of the least amount. */
async function openShop(home: string, target: string) {
  const rows = async (name: string) =>
    (await readFile(join(home, 'demo', name), 'utf8'))
      .trim()
      .split(/\r?\n/u)
      .map((line) => line.split(','))
  const key = (await rows('api-keys.csv')).find(([shop]) => shop === 'webshop')?.[1] ?? ''
  const [names = [], ...cards] = await rows('cards.csv')
  const at = (card: readonly string[], name: string): string => card[names.indexOf(name)] ?? ''
  const sold = cards.filter((card) => at(card, 'issue') === 'OPEN' && at(card, 'state') === 'sold')
  const tokens: string[] = []
  for (const card of sold.slice(0, 200)) {
    const answer = await fetch(`http://${target}/api/v1/card-tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ card: { number: at(card, 'number'), ecode: at(card, 'ecode') } }),
    })
    const { token } = (await answer.json()) as { token?: string }
    if (token !== undefined) tokens.push(token)
  }
  return { target, key, tokens }
}

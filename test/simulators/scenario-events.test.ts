import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t from 'tap'
import { parse } from 'yaml'
import * as Schema from 'typebox/schema'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { seeded } from '../../simulators/random.ts'
import type { Result } from '../../simulators/report/report.ts'
import { drawn, unrolled } from '../../simulators/scenario/draw.ts'
import type { Exchange } from '../../simulators/scenario/exchange.ts'
import { ownNames, readScenario } from '../../simulators/scenario/own.ts'
import { parseScenario } from '../../simulators/scenario/parse.ts'
import { pickTerminals } from '../../simulators/scenario/pick-terminals.ts'
import { both, gatheringResults } from '../../simulators/scenario/results.ts'
import { textReport } from '../../simulators/scenario/report.ts'
import { runScenario } from '../../simulators/scenario/run.ts'
import type { Scenario } from '../../simulators/scenario/scenario.ts'
import { scenarioSchema } from '../../simulators/scenario/schema.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { stampClock } from '../../simulators/terminal/stamp.ts'
import { plain } from './tell.ts'

const terminal = (name: string, more: Partial<DemoTerminal> = {}): DemoTerminal => ({
  terminal: name,
  store: '000000000000001',
  confirmation: 'explicit',
  mac: 'none',
  key: '',
  ...more,
})
const TERMINALS = [terminal('T1'), terminal('T2', { confirmation: 'none' }), terminal('T3')]

function parsed(text: string): Scenario {
  const result = parseScenario(text, 's.yaml')
  if (!result.ok) throw new Error(result.faults.join('\n'))
  return result.scenario
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Plays a scenario whose own host `switch`, on `PORT`, is what its terminals talk to. */
async function play(text: string, more: { given?: readonly DemoCard[]; seed?: number } = {}) {
  for (;;) {
    const port = await freePort()
    const played = await playAt(port, text, more)
    // Another program of this machine may have taken it meanwhile.
    if (!played.results.some(({ why }) => why.includes(`127.0.0.1:${port}: EADDRINUSE`))) return played
  }
}

async function playAt(port: number, text: string, more: { given?: readonly DemoCard[]; seed?: number }) {
  const results: Result[] = []
  const lines: string[] = []
  const settings = {
    peer: usualPeer({ host: '127.0.0.1', port }),
    currency: '985',
    demo: { cards: [], terminals: TERMINALS, keyTerminals: [] },
    given: more.given ?? null,
    stamp: stampClock(Date.now),
    used: new Set<DemoCard>(),
    clerk: { list: async () => [], decide: async () => null, clear: async () => null },
    keepGoing: false,
    seed: more.seed ?? 1,
  }
  const watcher = both(
    textReport((line) => void lines.push(plain(line))),
    gatheringResults(results),
  )
  const result = await runScenario(parsed(text.replace('PORT', String(port))), settings, watcher)
  return { result, results, lines, problems: results.flatMap(({ problems }) => problems) }
}

const HEAD = `title: events
timeout: 1m
hosts: { switch: { port: PORT } }
terminals: { till: {}, other: { confirmation: none } }
cards: { gift: { host: switch, place: 2 }, more: { host: switch, place: 3 } }
steps:
`

t.test('hosts, terminals, loops, draws, clocks and the network in one story', async (t) => {
  const { result, problems, results } = await play(`${HEAD}
  - loop: 3
    steps:
      - { send: payment, terminal: [till, other], card: [gift, more], amount: 0.01..2.00, as: pay }
      - loop: 2
        steps: [{ repeat: pay }]
  - { host: switch, received: { 0200: 9 } }
  - { host: switch, rules: 'decline code=05 on=payment first=1' }
  - { send: payment, terminal: till, card: gift, amount: 1.00, expect: { 39: '05' } }
  - { clock: -25h, terminal: till }
  - { send: payment, terminal: till, card: gift, amount: 1.00, as: slow }
  - { send: echo, terminal: other, as: now }
  - network: ['cut to=client on=0210 first=1']
  - { send: payment, terminal: till, card: gift, amount: 1.00, as: lost, expect: closed }
  - { reverse: lost, expect: { 39: 00 } }
  - network: normal
  - { network: down }
  - { send: echo, terminal: other, expect: closed }
  - { network: up }
  - { send: echo, terminal: other }
  - { send: message, terminal: other, mti: 0800, fields: { 70: 301 }, expect: { 39: 00, 70: 301 } }
  - { host: switch, line: down }
`)
  t.same(problems, [])
  t.equal(result, 'passed')
  t.equal(results.filter(({ name }) => /\(\d of 3\)/.test(name)).length, 9)
  t.match(results[2]?.name, /^repeat pay \(1 of 3\) \(2 of 2\)$/)
})

t.test('what is drawn comes again under the same seed', (t) => {
  const { steps } = parsed(`title: x
cards: { a: {}, b: {} }
steps: [{ loop: 20, steps: [{ send: payment, terminal: [A, B, C], card: [a, b], entry: [swipe, keyed], amount: 1.00..3.00 }] }]`)
  const draws = (seed: number) => {
    const random = seeded(seed)
    return [...unrolled(steps)].map((step) => (step.kind === 'talk' ? drawn(step, random) : step))
  }
  t.same(draws(5), draws(5))
  t.notSame(draws(5), draws(6))
  const seen = draws(5).flatMap((step) => (step.kind === 'talk' ? step : []))
  t.same(new Set(seen.map((step) => step.terminal)), new Set(['A', 'B', 'C']))
  t.same(new Set(seen.map((step) => step.card)), new Set(['a', 'b']))
  t.same(new Set(seen.map((step) => step.entry)), new Set(['swipe', 'keyed']))
  t.ok(seen.every(({ amount }) => amount !== null && amount >= 100 && amount <= 300))
  t.end()
})

t.test('a wrong clock is wrong by what it is told, and its dates with it', async (t) => {
  const memory: Exchange[] = []
  const now = Date.now()
  const stamp = stampClock(() => now)
  const [right, wrong] = [stamp('T1'), stamp('T1', 25 * 3_600_000)]
  t.equal(Number(wrong.trace) - Number(right.trace), 1, 'its trace numbers go on')
  t.not(right.date, wrong.date)
  t.same(memory, [])
})

t.test('missing cards and terminals are reported, and nothing is checked then', async (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    [
      HEAD.replace('other: { confirmation: none }', 'a: {}, b: {}, c: {}') + '  - { send: echo }',
      /there is no terminal for 'c'/,
    ],
    [`${HEAD.replace('place: 2', 'place: 99')}  - { send: echo }`, /card gift: the host switch has no card 99/],
    [
      'title: x\nhosts: { a: { port: PORT }, b: { port: 0 } }\ncards: { a: { given: 2 } }\nsteps: [{ send: echo }]',
      /--cards has no card 2/,
    ],
  ]
  for (const [text, reason] of rows) {
    const { result, results } = await play(text, { given: [] })
    t.equal(result, 'not begun', String(reason))
    t.match(results, [{ result: 'skipped', why: reason }])
  }
  const wrong = await play(`${HEAD}  - { host: switch, received: { 0420: 1 } }`.replace('1m', '50ms'))
  t.equal(wrong.result, 'failed')
  t.match(wrong.problems, [/^s\.yaml:7: switch: expected 1 × 0420, came 0$/])
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const blocked = await play(`title: x\nhosts: { a: { port: ${port} } }\nsteps: [{ send: echo }]`)
  taken.close()
  t.match(blocked.results, [{ result: 'skipped', why: /cannot listen on 127\.0\.0\.1:\d+: EADDRINUSE/ }])
})

t.test('terminals by other names', (t) => {
  const input = (name: string, was: string | null, confirmation: DemoTerminal['confirmation'] | null = null) => ({
    name,
    line: 1,
    was,
    confirmation,
    mac: null,
  })
  const names = (...wishes: ReturnType<typeof input>[]) => {
    const found = pickTerminals(wishes, TERMINALS)
    return typeof found === 'string' ? found : [...found].map(([name, one]) => `${name}=${one.terminal}`).join(' ')
  }
  t.equal(names(input('a', null), input('b', null)), 'a=T1 b=T3', 'explicit ones without a MAC first')
  t.equal(names(input('a', 'T2'), input('b', 'POS1')), 'a=T2 b=T1', 'the same name is the same one')
  t.equal(names(input('a', null, 'none'), input('b', null, 'none')), 'b')
  t.end()
})

t.test('faults of what is new', (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['steps: [{ loop: 0, steps: [{ send: echo }] }]', /loop '0' is not a number from 1/],
    ['steps: [{ loop: 2 }]', /a loop has steps/],
    ['steps: [{ clock: later }]', /clock 'later' is not how wrong the clock is/],
    ['steps: [{ network: cutt }]', /rule 'cutt': 'cutt', expected one of/],
    ['steps: [{ network: [down, cut] }]', /network: down or rules, not both/],
    ['steps: [{ host: x }]', /there is no host called 'x'/],
    ['hosts: { x: { port: 1, rules: [slo] } }\nsteps: [{ send: echo }]', /rule 'slo'/],
    ['hosts: { x: {} }\nsteps: [{ send: echo }]', /port is missing/],
    ['hosts: { x: { port: 1 } }\nsteps: [{ host: x, received: { 42: 1 } }]', /received: '42' needs an MTI/],
    ['cards: { a: { host: x } }\nsteps: [{ send: echo }]', /there is no host 'x' under hosts/],
    ['seed: many\nsteps: [{ send: echo }]', /seed 'many' is not a number/],
    ['steps: [{ send: message }]', /send: message needs an mti/],
    [
      'cards: { a: {} }\nsteps: [{ send: payment, card: a, amount: 3.00..1.00 }]',
      /amount '3\.00\.\.1\.00' is not an amount/,
    ],
  ]
  for (const [text, reason] of rows) {
    const result = parseScenario(`title: x\n${text}`, 's.yaml')
    t.match(result.ok ? 'accepted' : result.faults.join('\n'), reason)
  }
  t.end()
})

t.test('the published schema', (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/scenario.schema.json', import.meta.url), 'utf8'),
  )
  t.same(
    published,
    scenarioSchema(),
    'is what `akart-sim schema` prints: write it anew when the parser learns something',
  )
  const schema = Schema.Compile(scenarioSchema())
  for (const name of ownNames()) {
    const text = readFileSync(readScenario(name).file, 'utf8')
    t.ok(schema.Check(parse(text, { schema: 'core' })), name)
  }
  const refused = [
    'title: x',
    'steps: [{ send: echo }]',
    'title: x\nsteps: []',
    'title: x\ntitel: x\nsteps: [{ send: echo }]',
    'title: x\nsteps: [{ send: paymnet }]',
    'title: x\nsteps: [{ send: echo, confirm: a }]',
    'title: x\nsteps: [{ send: echo, entry: tap }]',
    'title: x\nsteps: [{ send: echo, fields: { MTI: 1 } }]',
    'title: x\nsteps: [{ wait: long }]',
    'title: x\nsteps: [{ network: cutt }]',
    'title: x\ncards: { a: { state: lost } }\nsteps: [{ send: echo }]',
    'title: x\nsteps: [{ send: echo, expect: sometimes }]',
  ]
  for (const text of refused) {
    t.notOk(schema.Check(parse(text)), text)
    t.match(parseScenario(text, 's.yaml'), { ok: false }, `the parser refuses it too: ${text}`)
  }
  const readme = readFileSync(new URL('../../../simulators/scenarios/README.md', import.meta.url), 'utf8')
  for (const [, text = ''] of readme.matchAll(/```yaml\n([^]*?)```/g)) t.ok(schema.Check(parse(text)), text)
  t.end()
})

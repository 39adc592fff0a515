import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseProfile } from '../../src/iso8583/profile.ts'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { startLoad } from '../../simulators/load/generate.ts'
import { startJudgingHost } from '../../simulators/conformance/terminal/host.ts'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { roundUp } from '../../simulators/load/chart.ts'
import { compare, readResult } from '../../simulators/load/compare.ts'
import { csvOf } from '../../simulators/load/csv.ts'
import { drawOperation, drawWithin, parseMix, readMix } from '../../simulators/load/mix.ts'
import { paceOf } from '../../simulators/load/pace.ts'
import { loadPage } from '../../simulators/load/page.ts'
import { missedThresholds } from '../../simulators/load/thresholds.ts'
import { USUAL_TPDU } from '../../simulators/terminal/framing.ts'
import { wireOf } from '../../simulators/terminal/wire.ts'
import { checkTarget, loadCards, loadTerminals, type Plan } from '../../simulators/load/plan.ts'
import { loadResult, resultLines } from '../../simulators/load/report.ts'
import { requestMaker, secondClock } from '../../simulators/load/requests.ts'
import { newStatistics, wholeLatency } from '../../simulators/load/statistics.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { type Fault, startTinyHost } from './tiny-host.ts'

const profileUrl = new URL('../../../config/iso8583/iso87-ascii.yaml', import.meta.url)
const profile = parseProfile(readFileSync(profileUrl, 'utf8'), 'iso87-ascii.yaml')

const terminal = (name: string, confirmation: DemoTerminal['confirmation'], mac: DemoTerminal['mac'] = 'none') => ({
  terminal: name,
  store: '000000000000001',
  confirmation,
  mac,
  key: mac === 'none' ? '' : '0123456789ABCDEFFEDCBA9876543210',
})
const explicit = terminal('DEMO0001', 'explicit')
const none = terminal('DEMO0004', 'none')
const terminals = [explicit, terminal('DEMO0002', 'explicit', 'retail'), none, terminal('DEMO0005', 'next')]

const numbers = ['6299100000000047', '6299100000000054', '6299100000000062']
const cards = numbers.map((number): DemoCard => ({
  number,
  track1: '',
  track2: `${number}=49127220001234567`,
  barcode: number,
  ecode: '',
  issue: 'OPEN',
  state: 'sold',
  balance: 15_000,
}))

t.test('the mix', (t) => {
  const mix = parseMix('payment=80,confirm,balance=10, topup=10')
  t.equal(mix.confirm, true)
  t.same(
    [0, 0.79, 0.81, 0.91, 0.9999999].map((random) => drawOperation(mix, random)),
    ['payment', 'payment', 'balance', 'topup', 'topup'],
  )
  t.equal(drawOperation(parseMix('echo'), 0.5), 'echo')
  for (const text of ['', 'confirm', 'paiment=1', 'payment=0', 'payment=x', 'payment=-1'])
    t.throws(() => parseMix(text), { message: /^--mix: / }, text)
  t.end()
})

t.test('who and what is used', (t) => {
  const demo = { cards, terminals, keyTerminals: [] }
  t.same(loadTerminals(demo, [], false), [none], 'without confirmations only who needs none')
  t.same(loadTerminals(demo, [], true), [explicit, none])
  t.throws(() => loadTerminals(demo, ['DEMO0009'], true), { message: /not in terminals\.csv/ })
  t.equal(
    loadTerminals(demo, ['DEMO0002'], true)[0]?.mac,
    'retail',
    'one with a MAC only by name, or where there are no others',
  )
  t.match(loadTerminals({ ...demo, terminals: terminals.slice(1, 2) }, [], true), [{ terminal: 'DEMO0002' }])
  t.throws(() => loadTerminals({ cards, terminals: [explicit], keyTerminals: [] }, [], false), {
    message: /add confirm/,
  })
  t.equal(loadCards(Array.from({ length: 100 }, () => cards[0] as DemoCard)).length, 80, '20 are left to scenarios')
  t.throws(() => loadCards([]), { message: /no sold cards/ })
  t.throws(() => checkTarget({ host: '10.0.0.1', port: 1 }, false), { message: /not this machine/ })
  t.doesNotThrow(() => checkTarget({ host: '10.0.0.1', port: 1 }, true))
  t.end()
})

t.test('no key comes twice, over the end of the trace numbers too', (t) => {
  const maker = requestMaker(
    explicit,
    { mix: parseMix('payment'), currency: '985' },
    secondClock(() => 1_795_000_000_000),
    999_950,
  )
  const keys = Array.from({ length: 100 }, () => {
    const request = maker.request('payment', cards[0] as DemoCard, 0.5)
    const confirmation = maker.confirmation(request)
    t.equal(confirmation.fields[90], `0200${request.fields[11]}${request.fields[7]}${'0'.repeat(22)}`)
    return [request.fields[11], confirmation.fields[11]]
  }).flat()
  t.equal(new Set(keys).size, 200)
  t.ok(keys.includes('999999') && keys.includes('000001') && !keys.includes('000000'))
  t.end()
})

async function load(change: Partial<Plan>, fault: Fault | null = null, during?: () => Promise<void>) {
  const host = await startTinyHost(numbers, fault, 1_000_000)
  const statistics = newStatistics()
  const stop = new AbortController()
  const plan: Plan = {
    peer: usualPeer({ host: '127.0.0.1', port: host.port }),
    profile,
    currency: '985',
    ramp: 0,
    tills: [explicit, none, explicit, none],
    connections: 2,
    outstanding: 4,
    rate: null,
    seconds: null,
    count: null,
    mix: parseMix('payment=8,confirm,balance=2'),
    cards,
    ...change,
  }
  try {
    const running = startLoad(plan, statistics, stop.signal)
    await during?.()
    await running.ended
    const outcome = { statistics, losses: running.losses(), interrupted: stop.signal.aborted, plan: {} }
    return { host, statistics, result: loadResult(outcome), text: resultLines(outcome).join('\n') }
  } finally {
    stop.abort()
    await host.stop()
  }
}

t.test('closed loop: every request is answered once and confirmed where it has to be', async (t) => {
  const { host, statistics, result, text } = await load({ count: 1_500 })
  const { payment, balance, confirm, topup } = statistics.rows
  t.equal(payment.sent + balance.sent, 1_500)
  t.equal(payment.answered + balance.answered, 1_500)
  t.equal(topup.sent, 0)
  t.ok(
    confirm.sent > 300 && confirm.sent < payment.approved,
    `${confirm.sent} confirmations: about every other payment`,
  )
  t.equal(confirm.approved, confirm.sent, 'the host knew every original')
  t.equal(host.requests(), 1_500 + confirm.sent)
  t.equal(host.seenBefore(), 0, 'no key came twice')
  t.match(result, { answered: 1_500, unanswered: 0, unmatched: 0, unreadable: 0, lostLines: 0 })
  t.equal(result.codes['00'], 1_500 + confirm.sent)
  t.equal(
    statistics.buckets.reduce((sum, one) => sum + one, 0),
    1_500,
  )
  t.match(text, /every request was answered/)
})

t.test('open loop: what waits is counted from the moment it was due', async (t) => {
  const stall = async () => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  }
  const { statistics, result } = await load({ rate: 400, seconds: 1, mix: parseMix('balance') }, null, stall)
  t.equal(statistics.rows.balance.sent, 400, 'the stall does not make it send less')
  t.equal(result.unanswered, 0)
  const whole = wholeLatency(statistics)
  t.ok(whole.max > 250_000, `the longest took ${whole.max} µs`)
  t.ok(whole.percentile(90) > 100_000, 'a fifth of the second’s requests saw the stall, not one')
  t.ok(result.seconds > 0.9, `${result.seconds} s`)
})

t.test('lost lines are counted, and it goes on', async (t) => {
  const lost = await load({ count: 6, outstanding: 2, connections: 1 }, 'hangs up')
  t.equal(lost.result.unanswered, 6)
  t.ok(lost.result.lostLines >= 3, `${lost.result.lostLines} lines lost`)
  t.match(lost.text, /unanswered 6/)
  const refused = load({ peer: usualPeer({ host: '127.0.0.1', port: 1 }), count: 1 })
  await t.rejects(refused, { message: /cannot connect to 127\.0\.0\.1:1/ })
})

t.test('when requests are due: an even flow, after a ramp', (t) => {
  const even = paceOf(10, 0)
  t.same([0, 0.05, 0.1, 1].map(even.dueBy), [1, 1, 2, 11])
  t.same([0, 1, 10].map(even.dueAt), [0, 0.1, 1])
  t.equal(even.until(3), 30)
  const ramp = paceOf(100, 2)
  t.equal(ramp.until(2), 100, 'half of what an even flow has')
  t.equal(ramp.until(3), 200)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 60, noNaN: true }),
      fc.nat(100_000),
      (rate, ramp, i) => {
        const pace = paceOf(rate, ramp)
        const at = pace.dueAt(i)
        // Request i is due exactly when i + 1 are: never earlier, and not later than rounding.
        return (
          pace.dueBy(at + 1e-6) >= i + 1 &&
          pace.dueBy(Math.max(0, at - 1e-6 - 1 / rate)) <= i + 1 &&
          pace.dueAt(i + 1) > at
        )
      },
    ),
  )
  t.end()
})

t.test('a mix as a file, ranges and pauses', (t) => {
  const dir = t.testdir({
    'mix.yaml': 'payment: 70\nbalance: 20.5\nconfirm: true\namount: 1.00..50.00\nthink: 500ms..2s\n',
    'bad.yaml': 'payment: 0\nrefund: 3\nthink: long\n',
    'empty.yaml': 'confirm: true\n',
  })
  t.same(readMix(join(dir, 'mix.yaml')), {
    shares: [
      { operation: 'payment', share: 70 },
      { operation: 'balance', share: 20.5 },
    ],
    confirm: true,
    payment: { least: 100, most: 5_000 },
    topUp: { least: 1_000, most: 1_000 },
    think: { least: 500, most: 2_000 },
  })
  t.throws(() => readMix(join(dir, 'bad.yaml')), {
    message:
      /bad\.yaml:2: a mix: unknown key 'refund'.*\n.*:1: payment '0' is not a share.*\n.*:3: think 'long' is not a time/,
  })
  t.throws(() => readMix(join(dir, 'empty.yaml')), { message: /at least one operation/ })
  t.throws(() => readMix(join(dir, 'no.yaml')), { message: /ENOENT/ })
  t.same(
    [0, 0.5, 0.999].map((random) => drawWithin({ least: 1, most: 3 }, random)),
    [1, 2, 3],
  )
  t.end()
})

t.test('second by second, as CSV, as a page, held against limits and another run', async (t) => {
  const { result } = await load({
    rate: 200,
    seconds: 2.2,
    ramp: 1,
    mix: { ...parseMix('balance=1,payment=1'), think: { least: 0, most: 0 } },
  })
  t.equal(
    result.series.reduce((sum, one) => sum + one.sent, 0),
    result.answered,
  )
  t.equal(
    result.series.reduce((sum, one) => sum + one.answered, 0),
    result.answered,
  )
  t.ok((result.series[0]?.sent ?? Infinity) < 150, 'the ramp: half of the rate in the first second')
  t.ok(result.distribution.length > 3 && result.distribution.at(-1)?.percentile === 100)
  const [head, ...rows] = csvOf(result.series).trim().split('\n')
  t.equal(head, 'second,sent,answered,approved,p50,p95,p99,p99.9,max,code 00')
  t.equal(rows.length, result.series.length)
  t.match(rows[0], /^0,\d+,\d+,\d+(,\d+(\.\d{3})?){5},\d+$/)
  const html = loadPage(result, 0)
  t.match(html, /<svg.*<path d="M64\.0.*answered.*p99\.9.*<text[^>]*>00<\/text>/s)
  t.equal(html.match(/<svg /g)?.length, 3)

  const slow = {
    ...result,
    throughput: result.throughput / 2,
    latency: { ...result.latency, p99: 900 },
    codes: { '00': 300, '96': 100 },
  }
  t.same(missedThresholds(slow, { maxP99: 50, maxP50: 10_000, minRate: result.throughput }).length, 2)
  t.match(missedThresholds(slow, { maxP99: 50 }), [/^p99 in ms: 900\.00, at most 50$/])
  t.same(missedThresholds(result, { maxP99: 60_000, minRate: 1, maxDeclined: 0 }), [])
  t.throws(() => missedThresholds(result, { maxP99: -1 }), { message: /^--max-p99 -1: expected a number$/ })
  t.same(
    compare(result, slow, 10).flatMap(({ name, worse }) => (worse ? [name] : [])),
    ['requests/s', 'p99, ms', '96, of a hundred'],
  )
  t.ok(
    compare(slow, result, 10).every(({ worse }) => !worse),
    'the other way round nothing is worse',
  )
  t.ok(compare(result, result, 0).every(({ worse, change }) => !worse && (change ?? 0) === 0))
  const dir = t.testdir({ 'a.json': JSON.stringify(result), 'b.json': '{"x":1}' })
  t.equal(readResult(join(dir, 'a.json')).answered, result.answered)
  t.throws(() => readResult(join(dir, 'b.json')), { message: /not a result of akart-sim load/ })
  t.throws(() => readResult(join(dir, 'c.json')), { message: /ENOENT/ })
  t.same([0, 0.3, 7, 99, 100, 101, 4_000].map(roundUp), [1, 0.4, 10, 100, 100, 200, 4_000])
})

t.test('any line: framing, TPDU, MAC, many connections, tills that think', async (t) => {
  const sealed = terminal('DEMO0002', 'explicit', 'aes-cmac')
  for (const [name, length, tpdu] of [
    ['iso87-bcd', 'be2', 5],
    ['iso87-hex', 'ascii4', 'none'],
    ['iso87-ascii', 'be2-inclusive', 5],
  ] as const) {
    const profile = profileNamed(name, ownProfiles())
    const wire = wireOf(profile, null)
    const host = await startJudgingHost({
      listen: { host: '127.0.0.1', port: 0 },
      frame: { length, tpdu, maxFrame: 4096 },
      wire,
      tls: null,
      terminals: [sealed],
      slowMs: 0,
      now: Date.now,
    })
    const peer = {
      address: { host: '127.0.0.1', port: host.port },
      framing: { length, tpdu: tpdu === 5 ? USUAL_TPDU : null },
      wire,
      tls: null,
    }
    const mix = {
      ...parseMix('payment,balance,echo,confirm'),
      payment: { least: 1, most: 99 },
      think: { least: 1, most: 4 },
    }
    const { result } = await load({ peer, profile, tills: [sealed], connections: 40, outstanding: 40, count: 120, mix })
    await host.stop()
    const { frames } = host.story()
    const asked = frames.filter(({ from }) => from === 'terminal')
    t.match(result, { answered: 120, unanswered: 0, unreadable: 0, unmatched: 0 }, name)
    t.same(
      asked.filter(({ mac, message }) => mac !== null || message === null),
      [],
      `${name}: every MAC is right`,
    )
    t.equal(frames.filter(({ note }) => note === 'the terminal opened a line').length, 40)
    t.ok(new Set(asked.map(({ message }) => message?.fields[4])).size > 10, 'amounts are drawn')
  }
})

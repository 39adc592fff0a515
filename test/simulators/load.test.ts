import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseProfile } from '../../src/iso8583/profile.ts'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { startLoad } from '../../simulators/load/generate.ts'
import { drawOperation, parseMix } from '../../simulators/load/mix.ts'
import { checkTarget, loadCards, loadTerminals, type Plan } from '../../simulators/load/plan.ts'
import { loadResult, resultLines } from '../../simulators/load/report.ts'
import { requestMaker, secondClock } from '../../simulators/load/requests.ts'
import { newStatistics, wholeLatency } from '../../simulators/load/statistics.ts'
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
  t.throws(() => loadTerminals(demo, ['DEMO0002'], true), { message: /sends no MACs/ })
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
    { payment: 1, topUp: 1_000 },
    secondClock(() => 1_795_000_000_000),
    999_950,
  )
  const keys = Array.from({ length: 100 }, () => {
    const request = maker.request('payment', cards[0] as DemoCard)
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
    target: { host: '127.0.0.1', port: host.port },
    tills: [explicit, none, explicit, none],
    connections: 2,
    outstanding: 4,
    rate: null,
    seconds: null,
    count: null,
    mix: parseMix('payment=8,confirm,balance=2'),
    cards,
    payment: 1,
    topUp: 1_000,
    ...change,
  }
  try {
    const running = startLoad(plan, profile, statistics, stop.signal)
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
  t.ok(result.seconds > 0.9 && result.seconds < 2, `${result.seconds} s`)
})

t.test('lost lines are counted, and it goes on', async (t) => {
  const lost = await load({ count: 6, outstanding: 2, connections: 1 }, 'hangs up')
  t.equal(lost.result.unanswered, 6)
  t.ok(lost.result.lostLines >= 3, `${lost.result.lostLines} lines lost`)
  t.match(lost.text, /unanswered 6/)
  const refused = load({ target: { host: '127.0.0.1', port: 1 }, count: 1 })
  await t.rejects(refused, { message: /cannot connect to 127\.0\.0\.1:1/ })
})

import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGremlin, usualGremlin } from '../../simulators/gremlin/gremlin.ts'
import { type Host, startHost, usualHost } from '../../simulators/host/host.ts'
import { disagreements } from './agreement.ts'
import { about, payment, message, routingSetting, type Switch } from './routing-setting.ts'

/*
 * A switch between a terminal and a host of another codec, over real sockets and a real database. Each story ends with
 * the question whether terminal, journal and host agree.
 */

const host = await startHost(usualHost())
t.teardown(host.stop)
const gremlin = await startGremlin(usualGremlin({ host: host.host, port: host.port }))
t.teardown(gremlin.stop)
const setting = await routingSetting(t, ['partner', 'other'])
/**
 * Two switches: one for hosts that answer, which waits long enough for a slow machine, and one for silent hosts, whose
 * waiting costs each such story half a second.
 */
const PATIENT = { timeoutSeconds: 10, patienceSeconds: 20 }
const main = await setting.open('partner', gremlin.port, PATIENT)
const hasty = await setting.open('partner', gremlin.port, { timeoutSeconds: 0.5 })
/** Later than the hasty one waits, by more than a machine stands still. */
const LATE_MS = 2_500
const connected = () => Promise.all([main.connected(), hasty.connected()])
await connected()

const cards = host.cards.filter(({ state, balance }) => state === 'sold' && balance > 0).map(({ number }) => number)
let next = 0
const card = (): string => cards[next++ % cards.length] ?? ''
const believes = (of: Host) => of.journal().sums

/** The upstream works again, everything is delivered, and terminal, journal and host agree. */
async function agree(test: {
  readonly same: (found: unknown, wanted: unknown, about: string) => unknown
}): Promise<void> {
  host.setRules([])
  gremlin.setRules([])
  await gremlin.line('up')
  await setting.settled('partner')
  await connected()
  test.same(await disagreements(setting, 'partner', host, []), [], 'all sides agree')
}

const result = async (sending: ReturnType<Switch['send']>): Promise<string> => (await sending)?.result ?? 'nothing'

t.test('approved, confirmed: the host is told', async (t) => {
  const paid = payment('E1', card(), 1_250)
  const told = await main.send(paid)
  t.equal(told?.result, 'approved')
  t.same(told?.row.balances, { ledger: 18_750, available: 18_750, currency: 985 }, 'the balances are those of the host')
  t.equal(await result(main.send(about('0202', paid))), 'approved')
  await agree(t)
  t.same(
    host.journal().entries.map(({ kind, state }) => `${kind} ${state}`),
    ['0200 confirmed', '0202 confirmed'],
  )
  t.equal(await result(main.send({ ...paid, mti: '0201' })), 'approved', 'a repeat is answered from the row')
  t.equal(host.journal().entries.length, 2, 'and not sent again')
})

t.test('declines are those of the host', async (t) => {
  const rows: [string, string, number][] = [
    ['unsold', 'card_unsold', 100],
    ['blocked', 'card_blocked', 100],
    ['expired', 'card_expired', 100],
    ['sold', 'exceeds_balance', 99_999_99],
  ]
  for (const [state, wanted, amount] of rows) {
    const number = host.cards.find((one) => one.state === state)?.number ?? ''
    t.equal(await result(main.send(payment('E1', number, amount))), wanted, state)
  }
  t.equal(await result(main.send(payment('E1', '6299179999999995', 100))), 'unknown_card')
  t.equal(await result(main.send(payment('E1', '6299100000009999', 100))), 'unknown_card', 'no route: our engine')
  await agree(t)
})

t.test('every operation, a balance, and a cancellation', async (t) => {
  const number = card()
  for (const code of ['006000', '200060', '210060']) {
    const asked = payment('E1', number, 500, { 3: code })
    t.equal(await result(main.send(asked)), 'approved', code)
    t.equal(await result(main.send(about('0400', asked, { 4: '000000000500' }))), 'approved', `${code} cancelled`)
    t.equal(await result(main.send(about('0400', asked))), 'original_done')
    t.equal(await result(main.send(about('0202', asked))), 'approved', 'a cancelled one is confirmed already')
  }
  const asked = message('0100', 'E1', { 3: '316000', 22: '022', 35: `${number}=4912722` })
  const told = await main.send(asked)
  t.same(told?.row.balances, { ledger: 20_000, available: 20_000, currency: 985 })
  await agree(t)
})

const FAULTS: readonly (readonly [name: string, at: 'host' | 'gremlin', rule: string, wanted: string])[] = [
  ['the host books and says nothing', 'host', 'silent on=0200 first=1', 'upstream_silent'],
  ['the host neither books nor answers', 'host', 'deaf on=0200 first=1', 'upstream_silent'],
  ['the answer comes too late', 'host', `late ms=${LATE_MS} on=0200 first=1`, 'upstream_silent'],
  ['the answer has another trace number', 'host', 'wrong-stan on=0200 first=1', 'upstream_silent'],
  ['the answer has another terminal', 'host', 'wrong-terminal on=0200 first=1', 'upstream_silent'],
  ['the answer has another amount', 'host', 'wrong-amount on=0200 first=1', 'upstream_silent'],
  ['the host answers twice', 'host', 'double on=0200 first=1', 'approved'],
  ['half an answer, and the line ends', 'host', 'half on=0200 first=1', 'upstream_silent'],
  ['an answer that cannot be read', 'host', 'garbage on=0200 first=1', 'upstream_silent'],
  ['the host books and hangs up', 'host', 'hang-up on=0200 first=1', 'upstream_silent'],
  ['the host hangs up', 'host', 'drop on=0200 first=1', 'upstream_silent'],
  ['the request is lost', 'gremlin', 'lose to=server on=0200 first=1', 'upstream_silent'],
  ['the answer is lost', 'gremlin', 'lose to=client on=0210 first=1', 'upstream_silent'],
  ['the line is cut instead of the request', 'gremlin', 'cut to=server on=0200 first=1', 'upstream_silent'],
  ['the line is reset instead of the answer', 'gremlin', 'reset to=client on=0210 first=1', 'upstream_silent'],
  ['the request comes twice', 'gremlin', 'double to=server on=0200 first=1', 'approved'],
  ['the answer comes twice', 'gremlin', 'double to=client on=0210 first=1', 'approved'],
  ['half of the request', 'gremlin', 'halve to=server on=0200 first=1', 'upstream_silent'],
  ['half of the answer', 'gremlin', 'halve to=client on=0210 first=1', 'upstream_silent'],
  ['the answer is later than the time', 'gremlin', `hold ms=${LATE_MS} to=client on=0210 first=1`, 'upstream_silent'],
  ['the answer in single bytes', 'gremlin', 'split bytes=1 ms=0 to=client on=0210 first=1', 'approved'],
  ['its length lies', 'gremlin', 'lie by=3 to=client on=0210 first=1', 'upstream_silent'],
]

t.test('after each fault terminal, journal and host agree', async (t) => {
  for (const [name, at, rule, wanted] of FAULTS) {
    const misbehaving = at === 'host' ? host : gremlin
    misbehaving.setRules([rule])
    const through = wanted === 'approved' ? main : hasty
    const paid = payment('E1', card(), 100)
    t.equal(await result(through.send(paid)), wanted, name)
    t.equal(await result(through.send({ ...paid, mti: '0201' })), wanted, `${name}: the repeat`)
    await agree(t)
  }
  const open = await setting.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM cases WHERE open_for IS NOT NULL`)
  t.equal(open[0]?.n, 0, 'no case is left: the host has reversed what it had not answered')
  t.ok(
    setting.logged.some((line) => /unmatched meanwhile: 0210 \d+ /.test(line)),
    'near misses are in the log line',
  )
})

t.test('two swapped answers are both rejected', async (t) => {
  host.setRules(['crossed ms=100 on=0200 first=2'])
  const both = [payment('E1', card(), 100), payment('E2', card(), 200)]
  t.same(await Promise.all(both.map((one) => result(hasty.send(one)))), ['upstream_silent', 'upstream_silent'])
  await agree(t)
})

/** Payments that have reached the host. */
const heard = (): number => host.state().received['0200'] ?? 0

t.test('while the first is with the host its repeat waits, and other content is 94', async (t) => {
  host.setRules(['slow ms=500 on=0200 first=1'])
  const before = host.journal().entries.length
  const paid = payment('E1', card(), 100)
  const asked = heard()
  const first = main.send(paid)
  while (heard() === asked) await sleep(1)
  const repeats = [
    main.send({ ...paid, mti: '0201' }),
    main.send({ ...paid, fields: { ...paid.fields, 4: '000000000101' } }),
  ]
  t.same(await Promise.all([first, ...repeats].map((one) => one.then((told) => told?.result ?? 'nothing'))), [
    'approved', 'approved', 'nothing',
  ]) // prettier-ignore
  t.equal(host.journal().entries.length, before + 1)
  await agree(t)
})

t.test('an 0420 while the host is at work', async (t) => {
  host.setRules(['slow ms=1500 on=0200 first=1'])
  const paid = payment('E1', card(), 100)
  const asked = heard()
  const first = main.send(paid)
  while (heard() === asked) await sleep(1)
  t.equal(await result(main.send(about('0420', paid))), 'approved')
  t.equal(await result(first), 'original_reversed')
  await agree(t)
})

t.test('never sent: 91, no reversal owed, and the next request is sent', async (t) => {
  await gremlin.line('down')
  const paid = payment('E1', card(), 100)
  t.equal(await result(main.send(paid)), 'upstream_silent')
  const owed = await setting.rows<{ n: number }>("SELECT COUNT(*) AS n FROM owed WHERE state = 'waiting'")
  t.equal(owed[0]?.n, 0)
  await gremlin.line('up')
  await connected()
  t.equal(await result(main.send(payment('E1', card(), 100))), 'approved')
  await agree(t)
})

t.test('killed between request and answer: another process settles it', async (t) => {
  const doomed = await setting.open('partner', gremlin.port, PATIENT)
  await doomed.connected()
  host.setRules(['silent on=0200 first=1'])
  const paid = payment('E1', card(), 100)
  const asked = heard()
  void doomed.send(paid)
  while (heard() === asked) await sleep(1)
  await doomed.kill()
  t.equal(await result(hasty.send({ ...paid, mti: '0201' })), 'nothing', 'neither approved nor declined')
  setting.advance(60_000)
  const next = await setting.open('partner', gremlin.port, PATIENT)
  await setting.settled('partner')
  t.equal(await result(next.send({ ...paid, mti: '0201' })), 'upstream_silent')
  await agree(t)
  t.equal(
    host
      .journal()
      .entries.filter(({ kind }) => kind === '0200')
      .at(-1)?.counts,
    false,
  )
  await next.stop()
})

t.test('money: the host’s account shows what the host has moved', async (t) => {
  const [account] = await setting.rows<{ amount: string | null }>(
    `SELECT SUM(IF(t.debit_account = a.id, t.amount, -t.amount)) AS amount FROM accounts a
     JOIN transactions t ON t.debit_account = a.id OR t.credit_account = a.id
     WHERE a.kind = 'upstream_settlement' AND a.owner = 'partner' AND t.state IN ('unconfirmed', 'confirmed')
       AND t.kind IN (200, 220)`,
  )
  const { given, taken } = believes(host)
  t.equal(Number(account?.amount ?? 0), taken - given)
})

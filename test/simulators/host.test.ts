import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControl } from '../../simulators/control/server.ts'
import { ownProfiles, profileNamed } from '../../simulators/describe/profiles.ts'
import { parseHostRule, parseHostRules } from '../../simulators/host/faults.ts'
import { startHost, usualHost } from '../../simulators/host/host.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { wireOf } from '../../simulators/terminal/wire.ts'
import { readMessage } from '../../simulators/terminal/dialect.ts'
import { openLine } from '../../simulators/terminal/line.ts'
import { hostTalk } from './host-talk.ts'

t.test('a host in good order keeps its books', async (t) => {
  const { say, money, about, balanceOf, stateOf, host } = await hostTalk(t)
  const rows: [string, () => Promise<string>, string, number][] = [
    ['sign-on', () => say('0800', 1, { 70: '001' }), '00', 200_00],
    ['echo', () => say('0800', 2, { 70: '301' }), '00', 200_00],
    ['a key exchange it does not know', () => say('0800', 3, { 70: '161' }), '12', 200_00],
    ['balance', () => say('0100', 4, money('balance', 0, 0)), '00', 200_00],
    ['payment', () => say('0200', 5, money('payment', 0, 50_00)), '00', 150_00],
    ['repeated', () => say('0201', 5, money('payment', 0, 50_00)), '00', 150_00],
    ['the same key for another amount', () => say('0200', 5, money('payment', 0, 51_00)), '94', 150_00],
    ['more than there is', () => say('0200', 6, money('payment', 0, 150_01)), '51', 150_00],
    ['in part', () => say('0200', 7, money('payment', 0, 150_01, { 48: 'P' })), '10', 0],
    ['confirmed', () => say('0202', 8, about('0200', 7)), '00', 0],
    ['reversed after that', () => say('0420', 9, about('0200', 7)), '00 CASE', 0],
    ['cancelled', () => say('0400', 10, about('0200', 7)), '00', 150_00],
    ['twice', () => say('0400', 11, about('0200', 7)), '21 DONE', 150_00],
    ['the cancellation reversed', () => say('0420', 12, about('0400', 10)), '00', 0],
    ['the first payment reversed', () => say('0420', 13, about('0200', 5)), '00', 50_00],
    ['repeated', () => say('0421', 13, about('0200', 5)), '00', 50_00],
    ['its repeat', () => say('0201', 5, money('payment', 0, 50_00)), '21 REVERSED', 50_00],
    ['its confirmation', () => say('0202', 14, about('0200', 5)), '21 REVERSED', 50_00],
    ['a reversal before its original', () => say('0420', 15, about('0200', 16)), '00', 50_00],
    ['the original', () => say('0200', 16, money('payment', 0, 1_00)), '21 REVERSED', 50_00],
    ['a confirmation of nothing', () => say('0202', 17, about('0200', 99)), '25', 50_00],
    ['an advice', () => say('0220', 18, money('payment', 0, 20_00)), '00', 30_00],
    ['a top-up', () => say('0200', 19, money('top-up', 0, 20_00)), '00', 50_00],
    ['spent', () => say('0220', 20, money('payment', 0, 50_00)), '00', 0],
    ['the top-up reversed, too late', () => say('0420', 21, about('0200', 19)), '00 CASE', 0],
    ['nothing', () => say('0200', 22, money('payment', 0, 0)), '13 AMOUNT', 0],
    ['another amount', () => say('0400', 23, { ...about('0220', 18), 4: '000000000001' }), '64', 0],
    ['no amount', () => say('0200', 24, { 3: '006000', 35: '6299170000000014=4912' }), '30 F004 missing', 0],
    ['no such operation', () => say('0200', 25, money('payment', 0, 1, { 3: '990000' })), '12', 0],
    ['no such message', () => say('0300', 26, {}), '12', 0],
    ['an unknown card', () => say('0200', 27, money('payment', 0, 1, { 35: '6299100000000047=4912' })), '14', 0],
  ]
  for (const [what, talk, wanted, balance] of rows) {
    t.equal(await talk(), wanted, what)
    t.equal(balanceOf(0), balance, `${what}: the balance`)
  }
  t.equal(await say('0200', 30, money('payment', 25, 1)), '62 BLOCKED')
  t.equal(await say('0200', 31, money('payment', 26, 1)), '54')
  t.equal(await say('0200', 32, money('payment', 20, 1)), '78 UNSOLD')
  t.equal(await say('0200', 33, money('sale', 20, 70_00)), '00')
  t.equal(await say('0200', 34, money('sale', 20, 70_00)), '78 SOLD')
  t.equal(await say('0420', 35, about('0200', 33)), '00')
  t.equal(await say('0200', 36, money('payment', 20, 1)), '78 UNSOLD', 'an undone sale leaves the card sellable')
  t.same(
    [5, 6, 7, 16, 19, 33].map((trace) => stateOf(trace)),
    ['reversed', 'declined', 'confirmed', 'tombstone', 'kept', 'reversed'],
  )
  const { sums, entries, cards } = host.journal()
  t.equal(sums.given - sums.taken, sums.moved, 'what counts is what the balances moved by')
  t.equal(entries.find(({ trace }) => trace === '000005')?.times, 4, 'how often a request came')
  t.notMatch(JSON.stringify([entries, cards]), /\d{16}/, 'no whole number')
})

t.test('each fault of a host, and whether it has booked', async (t) => {
  const books: [string, string, string, boolean][] = [
    ['normal', '00', '00', true],
    ['silent', 'silence', '00', true],
    ['deaf', 'silence', '00', false],
    ['decline code=91', '91', '00', false],
    ['slow ms=100', '00', '00', true],
    ['late ms=100', '00', '00', true],
    ['late ms=1m', 'silence', '00', true],
    ['wrong-amount', '00', '00', true],
    ['double', '00', '00', true],
    ['garbage', 'unreadable', '00', true],
    ['half', 'closed', '', true],
    ['hang-up', 'closed', '', true],
    ['drop', 'closed', '', false],
  ]
  for (const [rule, wanted, next, booked] of books) {
    const { say, saySilent, money, stateOf, balanceOf } = await hostTalk(t, [`${rule} first=1`])
    const first = wanted === 'silence' ? saySilent : say
    t.equal(await first('0200', 1, money('payment', 1, 1_00)), wanted, rule)
    t.equal(stateOf(1), booked ? 'stands' : undefined, `${rule}: booked`)
    t.equal(balanceOf(1), booked ? 199_00 : 200_00, `${rule}: its money`)
    if (next !== '') t.equal(await say('0200', 2, money('payment', 1, 1_00)), next, `${rule}: once only`)
  }
  const { say, money, stateOf } = await hostTalk(t, ['decline code=05 first=1'])
  for (const way of ['declined', 'declined again']) {
    t.equal(await say('0200', 1, money('payment', 1, 1_00)), '05', way)
    t.equal(stateOf(1), 'declined', way)
  }
})

t.test('answers that belong to somebody else', async (t) => {
  const { ask, say, saySilent, money, host } = await hostTalk(t, ['wrong-stan on=refund', 'crossed on=payment'])
  const [first, second] = await Promise.all([
    ask('0200', 1, money('payment', 1, 10_00)),
    ask('0200', 2, money('payment', 2, 20_00)),
  ])
  const amounts = [first, second].map((reply) => {
    const read = reply.kind === 'answer' ? readMessage(reply.bytes) : null
    return read?.ok === true ? Number(read.message.fields[4]) : null
  })
  t.same(amounts, [20_00, 10_00], 'each got the answer of the other')
  t.equal(await say('0200', 3, money('top-up', 1, 1_00)), '00', 'another operation is not touched')
  host.setRules(['crossed ms=50'])
  t.equal(await say('0200', 4, money('payment', 1, 1_00)), '00', 'an answer that meets no other goes out as it is')
  host.setRules(['wrong-terminal on=refund', 'normal on=0420', 'silent'])
  t.equal(await say('0420', 5, {}), '30 F090 missing', 'what is excepted')
  t.equal(await saySilent('0200', 6, money('payment', 1, 1_00)), 'silence')
  t.same(
    host.state().rules.map(({ happened }) => happened),
    [0, 1, 1],
  )
  t.equal(await say('0800', 7, { 70: '301' }), '00', 'the line itself is in order unless 0800 is named')
})

t.test('it declines reversals as often as it is told', async (t) => {
  const { say, money, about, stateOf } = await hostTalk(t, ['decline on=0420 first=3 code=96'])
  t.equal(await say('0200', 1, money('payment', 0, 1_00)), '00')
  const answers = []
  for (const mti of ['0420', '0421', '0421', '0421']) answers.push(await say(mti, 2, about('0200', 1)))
  t.same(answers, ['96', '96', '96', '00'])
  t.equal(stateOf(1), 'reversed')
})

t.test('the same seed draws the same faults', async (t) => {
  const drawn = async (seed: number) => {
    const { say } = await hostTalk(t, ['decline percent=50 on=0800 code=96'], { seed })
    const answers = []
    for (let trace = 1; trace <= 30; trace++) answers.push(await say('0800', trace, { 70: '301' }))
    return answers
  }
  const [one, again, other] = [await drawn(7), await drawn(7), await drawn(8)]
  t.same(one, again)
  t.notSame(one, other)
  t.ok(one.includes('00') && one.includes('96'))
})

t.test('the line goes down and up, and must sign on', async (t) => {
  const { say, money, host } = await hostTalk(t, [], { signOn: true })
  t.equal(await say('0200', 1, money('payment', 0, 1_00)), '58')
  t.equal(await say('0800', 2, { 70: '001' }), '00')
  t.equal(await say('0200', 3, money('payment', 0, 1_00)), '00')
  await host.line('down')
  t.equal(await say('0200', 4, money('payment', 0, 1_00)), 'closed')
  t.match(await openLine(usualPeer(host)), { ok: false, reason: /ECONNREFUSED/ })
  await host.line('up')
  const back = await openLine(usualPeer(host))
  t.ok(back.ok, 'on the same port')
  if (back.ok) await back.line.close('close')
  await host.line('flapping up=20 down=20')
  while (host.state().opened < 2) await sleep(5)
  await host.line('up')
  t.ok(host.state().opened >= 2)
  t.match(host.state(), { line: 'up', received: { '0200': 2, '0800': 1 } })
})

t.test('invalid rules', (t) => {
  const rows: [string, RegExp][] = [
    ['lte', /rule 'lte': 'lte', expected one of slow, late, silent/],
    ['silent ms=5', /silent knows no ms, only on, percent/],
    ['late ms=soon', /ms=soon is not a time/],
    ['silent percent=101', /percent=101 is not a whole number from 1 to 100/],
    ['silent percent=0', /percent=0 is not a whole number from 1 to 100/],
    ['silent first=0', /first=0 is not a whole number from 1/],
    ['silent on=0210', /'silent on=0210' never happens: 0210 is an answer, and only requests come there/],
    ['silent on=0201', /0201 is a repeat, which goes by the MTI of its original: 0200/],
    ['silent on=paymnet', /paymnet is no MTI; on takes a request such as 0200, or one of [a-z, -]*payment/],
    ['silent on=0920', /0920 is an MTI that ISO 8583 has not got/],
    ['silent 0200', /'0200' is not a setting such as percent=20/],
    ['decline code=1', /code=1 is not a response code/],
  ]
  for (const [rule, wanted] of rows) t.throws(() => parseHostRule(rule), wanted, rule)
  t.throws(
    () => parseHostRules(['late', 'silent on=payment']),
    /'silent on=payment' never happens: 'late' before it always/,
  )
  const reachable = [
    ['late', 'silent on=0800'],
    ['late on=payment', 'silent on=refund', 'silent'],
    ['late first=1', 'silent percent=50', 'deaf'],
  ]
  for (const rules of reachable) t.equal(parseHostRules(rules).length, rules.length)
  t.throws(() => wireOf(profileNamed('iso87-bcd', ownProfiles()), 'package'), /it knows iso87-ascii only/)
  t.end()
})

t.test('it is steered by HTTP', async (t) => {
  const host = await startHost(usualHost())
  t.teardown(host.stop)
  const control = await startControl(0, {
    'GET /state': host.state,
    'PUT /rules': (text) => host.setRules(text.split('\n')),
    'PUT /line': host.line,
  })
  t.teardown(control.stop)
  const at = `http://127.0.0.1:${control.port}`
  const put = (path: string, body: string) => fetch(`${at}${path}`, { method: 'PUT', body })
  t.equal((await put('/rules', 'silent on=0200\nlate ms=10')).status, 200)
  t.equal((await put('/line', 'down')).status, 200)
  const refused = await put('/rules', 'lte')
  t.equal(refused.status, 400)
  t.match(await refused.json(), { error: /expected one of/ })
  t.match(await (await fetch(`${at}/state`)).json(), { line: 'down', rules: [{ happened: 0 }, { happened: 0 }] })
  t.equal((await fetch(`${at}/nothing`)).status, 404)
  t.equal((await put('/rules', 'x'.repeat(100_000))).status, 400, 'what it is told is bounded')
})

for (const profile of ['iso87-bcd', 'iso87-ebcdic', 'iso87-hex'])
  t.test(`it speaks ${profile}`, async (t) => {
    const wire = wireOf(profileNamed(profile, ownProfiles()), null)
    const host = await startHost({ ...usualHost(), wire })
    t.teardown(host.stop)
    const opened = await openLine(usualPeer(host))
    if (!opened.ok) throw new Error(opened.reason)
    t.teardown(() => opened.line.close('close'))
    const packed = wire.write({ mti: '0800', fields: { 7: '1125093000', 11: '000001', 41: 'UP000001', 70: '301' } })
    if (!packed.ok) throw new Error(packed.reason)
    const frame = Buffer.concat([Buffer.from([0, packed.bytes.length]), packed.bytes])
    const reply = await opened.line.raw(frame, 1_000)
    if (reply.kind !== 'answer') throw new Error(reply.kind)
    t.match(wire.read(reply.bytes), { ok: true, message: { mti: '0810', fields: { 39: '00', 11: '000001' } } })
  })

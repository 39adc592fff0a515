import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { countedAs } from '../../src/core/counted-address.ts'
import { createAddresses } from '../../src/switch/addresses.ts'
import { openCertificates } from '../../src/switch/certificates.ts'
import { createSignedOn } from '../../src/switch/signed-on.ts'
import { approve, framed, listening, network, paymentOf, till, until } from './listening.ts'
import { authority, pemDirectory } from './test-certificates.ts'

/** Senders on a line: behind a load balancer, unknown, with a bad MAC, not signed on. */

const SILENCE_MS = 300
const SIGNATURE = '0d0a0d0a000d0a515549540a'
const header = (command: string, family: string, rest: string): Buffer =>
  Buffer.from(`${SIGNATURE}${command}${family}${(rest.length / 2).toString(16).padStart(4, '0')}${rest}`, 'hex')
const FROM_FOUR = 'cb007107c0000201d7b2208f'
const FROM_SIX = '20010db8000000000000000000000007fd000000000000000000000000000001d7b2208f'

t.test('behind a load balancer a line has the address that its header names', async (t) => {
  const { listener, told } = await listening(t, approve, {
    settings: { proxyFrom: ['127.0.0.0/8'], frameTimeoutMs: 300 },
  })
  const good: [string, Buffer, string][] = [
    ['IPv4', header('21', '11', FROM_FOUR), '203.0.113.7'],
    ['IPv6', header('21', '21', FROM_SIX), '2001:db8:0:0:0:0:0:7'],
    ['with extensions', header('21', '11', `${FROM_FOUR}0400050102030405`), '203.0.113.7'],
    ['a health check of its own', header('20', '00', ''), '127.0.0.1'],
    ['an unknown family', header('21', '00', 'abcd'), '127.0.0.1'],
  ]
  for (const [title, before, address] of good) {
    const line = await till(listener, { before })
    t.equal(await line.ask(network('301')), '00', title)
    t.equal(told.opened.at(-1)?.address, address, title)
  }
  const slow = await till(listener)
  for (const byte of Buffer.concat([header('21', '11', FROM_FOUR), framed(network('301'))])) {
    slow.socket.write(Buffer.from([byte]))
    await sleep(1)
  }
  await until(() => slow.answers.length === 1)
  t.equal(slow.answers.length, 1, 'byte by byte')

  const bad: [string, Buffer, string][] = [
    ['none', framed(network('301')), 'no PROXY header'],
    ['version 1', Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 55218 8335\r\n'), 'no PROXY header'],
    ['another version', header('31', '11', FROM_FOUR), 'a PROXY header of version 3, command 1'],
    ['another command', header('22', '11', FROM_FOUR), 'a PROXY header of version 2, command 2'],
    ['UDP', header('21', '12', FROM_FOUR), 'a PROXY header for family 12'],
    ['cut addresses', header('21', '11', 'cb007107'), 'a PROXY header without its addresses'],
    ['too long', header('21', '11', '00'.repeat(2049)), 'a PROXY header of 2065 bytes'],
    ['half of one', header('21', '11', FROM_FOUR).subarray(0, 20), 'no PROXY header or TLS in time'],
  ]
  for (const [title, before, why] of bad) {
    const line = await till(listener, { before })
    await line.closed
    t.equal(told.refusedLines.at(-1), why, title)
  }
  t.equal(told.opened.length, good.length + 1)
})

t.test('a header from an untrusted address is not accepted', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { proxyFrom: ['10.0.0.0/8', '::1'] } })
  const line = await till(listener, { before: header('21', '11', FROM_FOUR) })
  t.equal(await line.ask(network('301'), SILENCE_MS), 'silence')
  t.same(told.opened.map(({ address }) => address), ['127.0.0.1']) // prettier-ignore
  t.equal(await (await till(listener)).ask(network('301')), '00', 'a terminal that comes directly is served')
})

t.test('unknown terminals are counted by address, and above the limit not answered', async (t) => {
  let asked = 0
  const submit = async ({ ask }: Request) => {
    asked++
    return { result: ask.act === 'refused' ? ask.result : ('approved' as const), row: null }
  }
  const settings = { proxyFrom: ['127.0.0.1'], maxInFlight: 100 }
  const { listener, told } = await listening(t, submit, { settings, limits: { refusalsPerMinute: 3 } })
  const line = await till(listener, { before: header('21', '11', FROM_FOUR) })
  const badMac = paymentOf(1, 'KEY')
  const rows = [
    await line.ask(paymentOf(1, 'NOBODY')),
    await line.ask({ ...badMac, fields: { ...badMac.fields, 64: '0000000000000000' } }),
    await line.ask(paymentOf(1, 'T1', 'S2')),
    await line.ask(paymentOf(1, 'NOBODY'), SILENCE_MS),
    await line.ask(badMac, SILENCE_MS),
    await line.ask(paymentOf(1, 'T1', 'S2'), SILENCE_MS),
    await line.ask(paymentOf(1, 'T1')),
  ]
  t.same(
    rows,
    ['58 TERMINAL', '63 MAC', '03 STORE', 'silence', 'silence', 'silence', '00'],
    'a good terminal on that line goes on',
  )
  t.equal(asked, 2, 'what was not answered did not reach the engine') // the store's refusal is booked by it
  t.same(told.throttled, ['unknown_terminal', 'bad_mac', 'wrong_store'])
  t.same(told.throttledAddresses, ['203.0.113.7'], 'said once')
  const other = await till(listener, { before: header('21', '11', FROM_FOUR.replace(/^cb/, 'cc')) })
  t.equal(await other.ask(paymentOf(1, 'NOBODY')), '58 TERMINAL', 'another address has its own count')
  t.equal(line.socket.destroyed, false)
})

t.test(
  'a message without a terminal counts as unknown unless its MAC is right, and its answer has no MAC',
  async (t) => {
    const { listener, told } = await listening(t, approve, {
      settings: { maxInFlight: 100, maxBadFrames: 100 },
      limits: { refusalsPerMinute: 4 },
    })
    const line = await till(listener)
    const { fields, mti } = paymentOf(1, 'KEY')
    const nothing = { mti, fields: { ...fields, 22: '992' } }
    const wrong = { mti, fields: { ...nothing.fields, 64: '0000000000000000' } }
    const unMaced = { mti, fields: { ...paymentOf(1, 'T1').fields, 22: '992' } }
    const foreign = { mti, fields: { ...paymentOf(1, 'T1').fields, 64: '0000000000000000' } }
    const rows = [
      await line.ask(nothing),
      await line.ask(wrong),
      await line.ask(unMaced),
      await line.ask(foreign),
      await line.ask(nothing, SILENCE_MS),
      await line.ask(wrong, SILENCE_MS),
      await line.ask(paymentOf(1, 'T1')),
    ]
    const refused = '30 F022 entry mode'
    t.same(rows, [refused, refused, refused, '63 MAC', 'silence', 'silence', '00'])
    t.same(told.throttled, ['format_error', 'format_error'])
    t.same(line.answers.filter((answer) => answer.fields[64] !== undefined), []) // prettier-ignore
  },
)

t.test('what is counted by address', async (t) => {
  let now = 0
  const throttled: string[] = []
  const limits = { allLines: 3, lines: 3, newLines: 2, refusalsPerMinute: 2 }
  const addresses = createAddresses(limits, () => now, (address) => throttled.push(address)) // prettier-ignore
  const enter = (address = '192.0.2.1') => addresses.enter(address)
  const leave = (place: ReturnType<typeof enter>): void => (typeof place === 'string' ? undefined : place.leave())
  const proven = (place: ReturnType<typeof enter>): void => (typeof place === 'string' ? undefined : place.proven())
  const steps: [string, () => unknown, string][] = [
    ['two lines that carried no request', () => [enter(), enter()].every((place) => typeof place === 'object'), 'true'],
    ['no third one', enter, 'too many lines from this address that carried no request yet'],
    ['another address has its own', () => leave(enter('192.0.2.2')), 'undefined'],
  ]
  for (const [title, step, expected] of steps) t.equal(String(step()), expected, title)
  const mine = createAddresses(limits, () => now, () => {}) // prettier-ignore
  const [first, second] = [mine.enter('::1'), mine.enter('::1')]
  proven(first)
  proven(first)
  const third = mine.enter('::1')
  t.type(third, 'object', 'one that proved itself makes room, once')
  t.equal(mine.enter('::1'), 'too many lines from this address')
  leave(second)
  t.type(mine.enter('::1'), 'object')
  t.same([1, 2, 3, 4].map(() => mine.arrive()), [true, true, true, false], 'connections of all addresses') // prettier-ignore
  mine.gone()
  t.equal(mine.arrive(), true)

  t.same([1, 2, 3].map(() => addresses.mayBeRefused('192.0.2.1')), [true, true, false]) // prettier-ignore
  now = 59_999
  t.equal(addresses.mayBeRefused('192.0.2.1'), false)
  now = 60_000
  t.equal(addresses.mayBeRefused('192.0.2.1'), true, 'a minute later')
  for (let i = 0; i < 20_000; i++) addresses.mayBeRefused(`10.0.${i >> 8}.${i & 255}`)
  t.equal(addresses.mayBeRefused('10.200.0.1'), false, 'ten thousand addresses have counts, all others one together')
  t.same(throttled, ['192.0.2.1', 'all others'])

  const rows: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0:0:ffff::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:0:0:0:7', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ]
  for (const [address, expected] of rows) t.equal(countedAs(address), expected, address)
})

t.test('connections count from the moment they are accepted, before TLS and before the PROXY header', async (t) => {
  const write = await pemDirectory(t)
  const ca = await authority('CN=Terminals, O=Test')
  const own = await ca.issue('CN=switch.test')
  const files = { certificate: await write('a.pem', own.cert), key: await write('a.key', own.key), ca: null }
  const certificates = await openCertificates(files)
  const newLines = 'too many lines from this address that carried no request yet'
  const tls = { ca: ca.cert, servername: 'switch.test' }
  const rows = [
    ['PROXY header', { proxyFrom: ['127.0.0.1'] }, { allLines: 3 }, 'too many lines', { before: header('20', '00', '') }],
    ['TLS', { certificates }, { newLines: 3 }, newLines, { tls }],
  ] as const // prettier-ignore
  for (const [title, settings, limits, why, speech] of rows) {
    const surroundings = { settings: { ...settings, frameTimeoutMs: 60_000 }, limits }
    const { listener, told } = await listening(t, approve, surroundings)
    const silent = [await till(listener), await till(listener), await till(listener)]
    const fourth = await till(listener)
    await fourth.closed
    t.same(told.refusedLines, [why], title)
    silent[0]?.socket.resetAndDestroy()
    await until(() => told.refusedLines.length === 2)
    t.match(told.refusedLines[1], /before it was a line|ECONNRESET/)
    t.equal(await (await till(listener, speech)).ask(network('301')), '00', 'one that is gone makes room')
  }
})

t.test('a connection without a valid request is closed after 100 refusals; any other stays', async (t) => {
  const { listener, told } = await listening(t, approve, { limits: { refusalsPerMinute: 10 } })
  const stranger = framed(paymentOf(1, 'NOBODY'))
  const line = await till(listener)
  line.socket.write(Buffer.concat(Array.from({ length: 99 }, () => stranger)))
  await until(() => told.throttled.length === 89)
  t.equal(line.socket.destroyed, false)
  line.socket.write(stranger)
  await line.closed
  t.same(told.closed, ['100 refusals and no request of an active terminal'])
  t.equal(line.answers.length, 10)

  const good = await till(listener)
  t.equal(await good.ask(network('301')), '00')
  good.socket.write(Buffer.concat(Array.from({ length: 300 }, () => stranger)))
  await until(() => told.throttled.length === 90 + 300)
  t.equal(await good.ask(network('301')), '00')
})

t.test('a line that carried a request makes room for another from its address', async (t) => {
  const { listener, told } = await listening(t, approve, { limits: { newLines: 1 } })
  const first = await till(listener)
  await (
    await till(listener)
  ).closed
  t.same(told.refusedLines, ['too many lines from this address that carried no request yet'])
  t.equal(await first.ask(paymentOf(1, 'NOBODY')), '58 TERMINAL')
  await (
    await till(listener)
  ).closed
  t.equal(told.refusedLines.length, 2, 'a stranger makes none')
  t.equal(await first.ask(network('301')), '00')
  t.equal(await (await till(listener)).ask(network('301')), '00')
})

t.test('a price checker’s terminal is served on no connection', async (t) => {
  const { listener } = await listening(t, approve)
  const line = await till(listener)
  t.equal(await line.ask(paymentOf(1, 'KIOSK')), '58 TERMINAL', 'a price checker asks over the web alone')
  t.equal(await line.ask(paymentOf(2, 'T1')), '00')
})

t.test('an address has only so many lines', async (t) => {
  const { listener, told } = await listening(t, approve, { limits: { lines: 2 } })
  const lines = [await till(listener), await till(listener)]
  const third = await till(listener)
  await third.closed
  t.same(told.refusedLines, ['too many lines from this address'])
  lines[0]?.socket.destroy()
  await until(() => listener.lines() === 1)
  t.equal(await (await till(listener)).ask(network('301')), '00', 'one that ended makes room')
})

t.test('required sign-on is valid for one terminal on one connection', async (t) => {
  const { listener } = await listening(t, approve)
  const strict = await listening(t, approve, { settings: { signOn: true } })
  const line = await till(listener)
  const confirm = {
    mti: '0202',
    fields: { ...paymentOf(2, 'SIGN').fields, 90: `02000000011122173005${'0'.repeat(22)}` },
  }
  const steps: [string, typeof line, ReturnType<typeof paymentOf>, string][] = [
    ['before', line, paymentOf(1, 'SIGN'), '58 SIGNON'],
    ['also what settles', line, confirm, '58 SIGNON'],
    ['also what is not supported', line, { ...paymentOf(1, 'SIGN'), mti: '0300' }, '58 SIGNON'],
    ['another terminal need not', line, paymentOf(1, 'T1'), '00'],
    ['an echo is always answered', line, network('301', 'SIGN'), '00'],
    ['and signs nobody on', line, paymentOf(1, 'SIGN'), '58 SIGNON'],
    ['sign-on', line, network('001', 'SIGN'), '00'],
    ['then it is served', line, paymentOf(1, 'SIGN'), '00'],
    ['on that line only', await till(listener), paymentOf(1, 'SIGN'), '58 SIGNON'],
    ['sign-off', line, network('002', 'SIGN'), '00'],
    ['ends it', line, paymentOf(1, 'SIGN'), '58 SIGNON'],
  ]
  for (const [title, on, message, expected] of steps) t.equal(await on.ask(message), expected, title)

  const all = await till(strict.listener)
  t.equal(await all.ask(paymentOf(1, 'T1')), '58 SIGNON', 'a listener may demand it of all')
  t.equal(await all.ask({ ...network('001', 'T1'), fields: { ...network('001', 'T1').fields, 42: 'S2' } }), '03 STORE')
  t.equal(await all.ask(paymentOf(1, 'T1')), '58 SIGNON', 'a sign-on that was refused is none')
  t.equal(await all.ask(network('001', 'T1')), '00')
  t.equal(await all.ask(paymentOf(1, 'T1')), '00')
  t.equal(await all.ask(paymentOf(1, 'T2')), '58 SIGNON', 'for each terminal')
})

t.test('a line remembers so many terminals', async (t) => {
  const signedOn = createSignedOn()
  for (let i = 0; i <= 4096; i++) signedOn.on(`T${i}`)
  t.same([signedOn.has('T0'), signedOn.has('T1'), signedOn.has('T4096')], [false, true, true])
})

t.test('under overload new requests get 96 at once, and nothing else does', async (t) => {
  let asked = 0
  const submit = async () => {
    asked++
    return { result: 'approved' as const, row: null }
  }
  const booked = (stan: number): boolean => stan === 7
  const { listener, told } = await listening(t, submit, {
    parts: { isOverloaded: () => true, mayBeBooked: ({ stan }) => booked(stan) },
  })
  const line = await till(listener)
  const original = { 90: `02000000011122173005${'0'.repeat(22)}` }
  const about = (mti: string) => ({ mti, fields: { ...paymentOf(2).fields, 2: undefined, ...original } })
  const rows: [string, ReturnType<typeof paymentOf>, string][] = [
    ['a payment', paymentOf(1), '96'],
    ['an advice', { ...paymentOf(1), mti: '0220' }, '96'],
    ['a cancellation', about('0400'), '96'],
    ['a payment that may be booked', paymentOf(7), '00'],
    ['a repeat', { ...paymentOf(1), mti: '0201' }, '00'],
    ['a confirmation', about('0202'), '00'],
    ['a reversal', about('0420'), '00'],
    ['an echo', network('301'), '00'],
    ['a stranger', paymentOf(1, 'NOBODY'), '58 TERMINAL'],
  ]
  for (const [title, message, expected] of rows) t.equal(await line.ask(message), expected, title)
  t.equal(asked, 4)
  t.equal(told.shed, 3)
})

t.test('without ids for rows a new request gets 96; what never gets 96 gets no answer', async (t) => {
  const submit = async () => ({ result: 'approved' as const, row: null })
  const { listener } = await listening(t, submit, { parts: { nextId: () => null } })
  const line = await till(listener)
  const original = { 90: `02000000011122173005${'0'.repeat(22)}` }
  const about = (mti: string) => ({ mti, fields: { ...paymentOf(2).fields, 2: undefined, ...original } })
  const rows: [string, ReturnType<typeof paymentOf>, string][] = [
    ['a payment', paymentOf(1), '96'],
    ['a cancellation', about('0400'), '96'],
    ['a repeat', { ...paymentOf(1), mti: '0201' }, 'silence'],
    ['a confirmation', about('0202'), 'silence'],
    ['a repeated confirmation', about('0203'), 'silence'],
    ['a reversal', about('0420'), 'silence'],
    ['a repeated reversal', about('0421'), 'silence'],
    ['an echo', network('301'), '00'],
  ]
  for (const [title, message, expected] of rows) {
    t.equal(await line.ask(message, expected === 'silence' ? SILENCE_MS : undefined), expected, title)
  }
})

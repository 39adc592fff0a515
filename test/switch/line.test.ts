import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { rowOf } from '../../src/core/outcome.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { approve, ASCII, BE2, echo, listening, payment, paymentOf, till, until } from './listening.ts'

void t.test(
  'a line that is silent, and one that begins a frame and does not end it, are closed with the reason',
  async (t) => {
    const { listener, told } = await listening(t, approve, { settings: { idleTimeoutMs: 200, frameTimeoutMs: 100 } })
    const silent = await till(listener)
    await silent.closed
    t.same(told.closed, ['idle'])
    const slow = await till(listener)
    slow.socket.write(echo().subarray(0, 5))
    await slow.closed
    t.same(told.closed, ['idle', 'a frame did not end in time'])
  },
)

void t.test('frames of length zero keep a line alive, also one that has carried no request yet', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { idleTimeoutMs: 1_000 } })
  const silent = await till(listener)
  const { socket, answers } = await till(listener)
  let open = true
  void silent.closed.then(() => (open = false))
  while (open) {
    socket.write(Buffer.from('0000', 'hex'))
    await sleep(20)
  }
  t.same(told.closed, ['idle'], 'the silent line alone')
  socket.write(echo())
  await until(() => answers.length === 1)
})

void t.test('frames that keep coming cut in the middle do not run out of time', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { frameTimeoutMs: 2_000 } })
  const { socket, answers } = await till(listener)
  const bytes = Buffer.concat(Array.from({ length: 30 }, echo))
  const half = echo().length / 2
  socket.write(bytes.subarray(0, half))
  for (let at = half; at < bytes.length; at += 2 * half) {
    await sleep(80)
    socket.write(bytes.subarray(at, at + 2 * half))
  }
  await until(() => answers.length === 30)
  t.equal(answers.length, 30, 'longer than a frame may take, none of them older than a fraction of that')
  t.same(told.closed, [])
})

void t.test('above its number of requests in work a line is not read, and nothing is lost', async (t) => {
  let working = 0
  let most = 0
  const release: (() => void)[] = []
  const { listener } = await listening(
    t,
    async () => {
      most = Math.max(most, ++working)
      await new Promise<void>((resolve) => release.push(resolve))
      working--
      return { result: 'approved', row: null }
    },
    { settings: { maxInFlight: 8 } },
  )
  const { socket, answers } = await till(listener)
  // One frame a segment: what is in the same segment is taken together.
  for (let i = 0; i < 40; i++) {
    socket.write(payment(i))
    await sleep(2)
  }
  await sleep(50)
  t.equal(most, 8)
  const releasing = setInterval(() => release.shift()?.(), 1)
  await until(() => answers.length === 40)
  clearInterval(releasing)
  t.equal(answers.length, 40)
  t.equal(most, 8)
})

void t.test('answers that nobody reads end the line before they fill the memory', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { maxInFlight: 100_000 } })
  const { socket, closed } = await till(listener)
  socket.pause()
  const thousand = Buffer.concat(Array.from({ length: 1000 }, echo))
  const before = process.memoryUsage().rss
  let open = true
  void closed.then(() => (open = false))
  for (let i = 0; i < 400 && open; i++) {
    if (!socket.write(thousand)) await sleep(5)
  }
  const grown = (process.memoryUsage().rss - before) / 1024 / 1024
  // Without the cap 987; with it 55 to 110, since the collector moves this figure by tens.
  t.ok(grown < 250, `400,000 unread answers took ${grown.toFixed(0)} MiB in both ends`)
  t.ok(told.closed.length <= 1)
  socket.destroy()
})

void t.test('stopping takes no more lines, answers what is in work, and then closes', async (t) => {
  const release: (() => void)[] = []
  const { listener, told } = await listening(t, async () => {
    await new Promise<void>((resolve) => release.push(resolve))
    return { result: 'approved', row: null }
  })
  const { socket, answers, closed } = await till(listener)
  const idle = await till(listener)
  socket.write(payment(1))
  await until(() => release.length === 1)
  const stopped = listener.stop(5_000)
  await idle.closed
  socket.write(payment(2))
  await sleep(50)
  t.equal(release.length, 1, 'what comes now is not begun')
  await t.rejects(till(listener), { code: 'ECONNREFUSED' })
  release.forEach((go) => go())
  await closed
  await stopped
  t.equal(answers.length, 1)
  t.equal(answers[0]?.fields[39], '00')
  t.same(new Set(told.closed), new Set(['shut down']))
})

void t.test('a line that does not end is cut when its time is over', async (t) => {
  const { listener } = await listening(t, () => new Promise(() => {}))
  const { socket, closed } = await till(listener)
  socket.write(payment(1))
  await until(() => listener.lines() === 1)
  await listener.stop(200)
  await closed
})

void t.test('where the outcome is not known nothing is answered, and the line goes on', async (t) => {
  const { listener, told } = await listening(t, () =>
    Promise.reject(new Error('stopped while the outcome is not known')),
  )
  const { socket, answers } = await till(listener)
  socket.write(Buffer.concat([payment(1), echo()]))
  await until(() => answers.length > 0)
  await sleep(30)
  t.same(
    answers.map(({ mti }) => mti),
    ['0810'],
  )
  t.match(told.refused, [/no answer/])
})

const UNREADABLE = Buffer.from('0003626164', 'hex') // 3 bytes: bad
const IMPOSSIBLE = Buffer.from('ffff', 'hex')
const bad = (count: number): Buffer[] => Array.from({ length: count }, () => UNREADABLE)

void t.test('what came before a line is ended is answered, what comes after is not', async (t) => {
  const tooLong = ['length 65535, at most 4096']
  const inARow = ['10 unreadable messages in a row']
  const rows = [
    ['a length that cannot be', [payment(1), IMPOSSIBLE, payment(2)], 1, tooLong],
    ['unreadable messages', [payment(1), ...bad(10), payment(2)], 1, inARow],
    ['one fewer, then a good one, and as many again', [...bad(9), payment(1), ...bad(9), echo()], 2, []],
    ['they are counted as they come, not as they are answered', [payment(1), ...bad(9), echo(), UNREADABLE], 2, []],
  ] as const
  for (const [name, frames, answered, closed] of rows) {
    const release: (() => void)[] = []
    const { listener, told } = await listening(t, async () => {
      await new Promise<void>((resolve) => release.push(resolve))
      return { result: 'approved', row: null }
    })
    const one = await till(listener)
    one.socket.write(Buffer.concat(frames))
    await until(() => release.length === 1)
    await sleep(20)
    t.same(told.closed, [], `${name}: not before it is answered`)
    release.forEach((go) => go())
    if (closed.length > 0) await one.closed
    await until(() => one.answers.length === answered)
    await sleep(20)
    t.equal(release.length, 1, `${name}: nothing after it is begun`)
    t.equal(one.answers.length, answered, name)
    t.same(told.closed, closed, name)
  }
})

void t.test('a 30 gives back what the message had, and of one that cannot be parsed what could be read', async (t) => {
  const { listener } = await listening(t, approve)
  const { socket, answers } = await till(listener)
  const { mti, fields } = paymentOf(7)
  const incomplete = { mti, fields: { ...fields, 22: undefined, 59: 'keep me' } }
  const whole = pack(ASCII, { mti, fields: { ...fields, 59: 'keep me' } })
  socket.write(encodeFrame(BE2, pack(ASCII, incomplete), null))
  await until(() => answers.length === 1)
  t.match(answers[0]?.fields, { 39: '30', 44: 'F022 missing', 49: '985', 59: 'keep me', 37: /^\d{6}000007$/ })
  socket.write(encodeFrame(BE2, Buffer.concat([whole, Buffer.from('!')]), null))
  await until(() => answers.length === 2)
  t.match(answers[1]?.fields, { 11: '000007', 39: '30', 59: undefined, 49: undefined })
})

void t.test('more lines than the listener may have are refused', async (t) => {
  const { listener } = await listening(t, approve, { settings: { maxLines: 2 } })
  const lines = [await till(listener), await till(listener)]
  const third = await till(listener)
  await third.closed
  t.equal(lines.filter(({ socket }) => !socket.destroyed).length, 2)
})

void t.test('answers to one line come as they are ready, and the till matches them by trace number', async (t) => {
  const { listener } = await listening(t, async ({ key, ...request }) => {
    await sleep(key.stan === 1 ? 60 : 1)
    return { result: 'approved', row: rowOf({ key, ...request }, 'approved', {}) } as never
  })
  const { socket, answers } = await till(listener)
  socket.write(Buffer.concat([payment(1), payment(2), payment(3)]))
  await until(() => answers.length === 3)
  t.same(
    answers.map(({ fields }) => fields[11]),
    ['000002', '000003', '000001'],
  )
  t.same(new Set(answers.map(({ fields }) => fields[37])), new Set(['632617000001', '632617000002', '632617000003']))
})

void t.test('frames byte by byte, and a thousand in one segment', async (t) => {
  const { listener } = await listening(t, approve)
  const slow = await till(listener)
  for (const byte of payment(1)) {
    slow.socket.write(Buffer.from([byte]))
    await sleep(1)
  }
  await until(() => slow.answers.length === 1)
  t.equal(slow.answers[0]?.fields[11], '000001')
  const fast = await till(listener)
  fast.socket.write(Buffer.concat(Array.from({ length: 1000 }, (_, i) => payment(i))))
  await until(() => fast.answers.length === 1000)
  t.equal(new Set(fast.answers.map(({ fields }) => fields[11])).size, 1000, 'each is answered once')
})

void t.test('a slow loris: a byte now and then does not keep a frame alive', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { frameTimeoutMs: 500, idleTimeoutMs: 60_000 } })
  const lines = await Promise.all(Array.from({ length: 50 }, () => till(listener)))
  const good = await till(listener)
  const bytes = payment(1)
  let at = 0
  const trickle = setInterval(() => {
    for (const { socket } of lines) socket.write(bytes.subarray(at, at + 1))
    at++
  }, 50)
  await Promise.all(lines.map(({ closed }) => closed))
  clearInterval(trickle)
  t.same(new Set(told.closed), new Set(['a frame did not end in time']))
  t.equal(await good.ask(paymentOf(2)), '00', 'a good terminal beside them is served')
})

void t.test('a line that is reset in the middle of a frame, or before its answer, hurts nobody', async (t) => {
  const release: (() => void)[] = []
  const { listener, told } = await listening(t, async ({ key }) => {
    if (key.stan === 1) await new Promise<void>((resolve) => release.push(resolve))
    return { result: 'approved', row: null }
  })
  const [half, waiting, good] = [await till(listener), await till(listener), await till(listener)]
  half.socket.write(payment(3).subarray(0, 40))
  waiting.socket.write(payment(1))
  await until(() => release.length === 1)
  half.socket.resetAndDestroy()
  waiting.socket.resetAndDestroy()
  await until(() => listener.lines() === 1)
  release.forEach((go) => go())
  t.equal(await good.ask(paymentOf(2)), '00')
  t.equal(told.closed.length, 2)
})

void t.test('a half-closed line gets what it asked for, and then ends', async (t) => {
  const { listener, told } = await listening(t, approve)
  const { socket, answers, closed } = await till(listener)
  socket.end(Buffer.concat([payment(1), payment(2)]))
  await closed
  t.equal(answers.length, 2)
  t.same(told.closed, ['closed by the other side'])
})

void t.test('a line that never reads is not waited for when it is ended', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: { idleTimeoutMs: 1_000, maxInFlight: 100_000 } })
  const { socket } = await till(listener)
  socket.pause()
  const thousand = Buffer.concat(Array.from({ length: 1000 }, echo))
  // Less than ends a line at once, more than the sockets hold.
  for (let i = 0; i < 30 && told.closed.length === 0; i++) if (!socket.write(thousand)) await sleep(20)
  await until(() => told.closed.length === 1, 15_000)
  t.equal(told.closed.length, 1)
  await until(() => listener.lines() === 0, 15_000)
  t.equal(listener.lines(), 0)
  socket.destroy()
})

void t.test('a storm of connections is taken in, and each is served', async (t) => {
  const { listener } = await listening(t, approve, {
    settings: { backlog: 4096, maxLines: 5_000 },
    limits: { lines: 5_000 },
  })
  const tills = await Promise.all(Array.from({ length: 1_000 }, () => till(listener)))
  tills.forEach(({ socket }, i) => socket.write(payment(i)))
  const answered = (): number => tills.reduce((sum, { answers }) => sum + answers.length, 0)
  await until(() => answered() === tills.length, 15_000)
  t.equal(answered(), tills.length)
  t.equal(listener.lines(), tills.length)
  for (const { socket } of tills) socket.destroy()
})

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Registry, Store, Terminal } from '../../src/core/registry.ts'
import type { Request } from '../../src/core/request.ts'
import { createDeframer, encodeFrame, type FrameSettings } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { rowOf } from '../../src/core/outcome.ts'
import type { SwitchParts } from '../../src/switch/handle.ts'
import { openListener, type Listener, type ListenerSettings } from '../../src/switch/listener.ts'
import { createMacDesk } from '../../src/switch/mac-desk.ts'
import { createStoreDay } from '../../src/switch/store-day.ts'

/*
 * The listener and its lines over real sockets. What stands behind `submit` is ours here, so that a test decides when
 * the engine answers.
 */

const file = 'config/iso8583/iso87-ascii.yaml'
const profile = parseProfile(await readFile(file, 'utf8'), file)
const frame: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 4096 }

const store: Store = { code: 'S1', name: 'S', currency: 985, timeZone: 'UTC', language: 'en', open: true }
const terminal: Terminal = {
  code: 'T1', storeCode: 'S1', confirmation: 'none', mac: 'none', macRequired: true, active: true, openedBusinessDate: null,
} // prettier-ignore
const registry: Registry = {
  version: 1,
  stores: new Map([[store.code, store]]),
  terminals: new Map([[terminal.code, terminal]]),
  issues: new Map(),
  accounts: new Map([['store_payable S1 985', 1]]),
}

type Told = { readonly closed: string[]; readonly refused: string[] }

const named = (number: string) => ({
  numberHash: number.padStart(32, '0'),
  otherHash: null,
  newestKey: 1,
  luhn: true,
  shown: number,
})

async function listening(
  t: { teardown: (handler: () => Promise<void>) => void },
  submit: (request: Request) => Promise<{ result: 'approved'; row: null }>,
  settings: Partial<ListenerSettings> = {},
): Promise<{ listener: Listener; told: Told }> {
  const told: Told = { closed: [], refused: [] }
  let id = 1_000_001
  const parts: SwitchParts = {
    registry: () => registry,
    submit,
    closeDay: () => Promise.reject(new Error('not in these tests')),
    nextId: () => id++,
    reader: {
      stripe: () => null,
      number: named,
      barcode: named,
      ecodeHash: () => '0'.repeat(32),
    },
    macs: createMacDesk({ keysOf: () => [], reread: async () => {}, used: async () => {} }),
    exchangeKey: () => Promise.resolve(null),
    storeDay: createStoreDay(),
    now: Date.now,
    confirmTimeout: 1000,
    lateConfirmWindow: 1000,
    cancelWindow: null,
    watch: { answered: () => {}, refused: (_trace, what) => void told.refused.push(what) },
  }
  const listener = await openListener(
    {
      name: 'test', host: '127.0.0.1', port: 0, backlog: 16, maxLines: 100, profile, frame, idleTimeout: 60_000,
      frameTimeout: 60_000, maxBadFrames: 10, maxInFlight: 8, ...settings,
    }, // prettier-ignore
    parts,
    { frame: () => {}, closed: (_line, why) => void told.closed.push(why) },
  )
  t.teardown(() => listener.stop(100))
  return { listener, told }
}

/** A till that collects what it is answered. */
async function till(listener: Listener): Promise<{ socket: Socket; answers: Message[]; closed: Promise<unknown> }> {
  const socket = connect(listener.port, listener.host)
  await once(socket, 'connect')
  const answers: Message[] = []
  const deframer = createDeframer(frame)
  socket.on('data', (chunk: Buffer) => {
    deframer.push(chunk, (body) => {
      const unpacked = unpack(profile, body)
      if (unpacked.ok) answers.push(unpacked.message)
    })
  })
  socket.on('error', () => {}) // a reset is one of the ways in which the switch may close
  return { socket, answers, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

const payment = (stan: number): Buffer =>
  framed({
    mti: '0200',
    fields: {
      2: '6299100000000047', 3: '006000', 4: '000000000100', 7: '1122173005', 11: String(stan).padStart(6, '0'),
      12: '183005', 13: '1122', 22: '012', 41: 'T1', 42: 'S1', 49: '985',
    }, // prettier-ignore
  })
const echo = (): Buffer => framed({ mti: '0800', fields: { 7: '1122173005', 11: '000001', 41: 'T1', 70: '301' } })
const framed = (message: Message): Buffer => encodeFrame(frame, pack(profile, message), null)

const approve = async (request: Request) => {
  await sleep(5)
  return { result: 'approved' as const, row: null, id: request.id }
}

async function until(what: () => boolean, ms = 3000): Promise<void> {
  const end = performance.now() + ms
  while (!what() && performance.now() < end) await sleep(5)
}

void t.test(
  'a line that is silent, and one that begins a frame and does not end it, are closed with the reason',
  async (t) => {
    const { listener, told } = await listening(t, approve, { idleTimeout: 200, frameTimeout: 100 })
    const silent = await till(listener)
    await silent.closed
    t.same(told.closed, ['idle'])
    const slow = await till(listener)
    slow.socket.write(echo().subarray(0, 5))
    await slow.closed
    t.same(told.closed, ['idle', 'a frame did not end in time'])
  },
)

void t.test('frames that keep coming cut in the middle do not run out of time', async (t) => {
  const { listener, told } = await listening(t, approve, { frameTimeout: 600 })
  const { socket, answers } = await till(listener)
  const bytes = Buffer.concat(Array.from({ length: 30 }, echo))
  const half = echo().length / 2
  socket.write(bytes.subarray(0, half))
  for (let at = half; at < bytes.length; at += 2 * half) {
    await sleep(80)
    socket.write(bytes.subarray(at, at + 2 * half))
  }
  await until(() => answers.length === 30)
  t.equal(answers.length, 30, '2.4 s of frames, none of them older than 160 ms')
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
    { maxInFlight: 8 },
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
  const { listener, told } = await listening(t, approve, { maxInFlight: 100_000 })
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
  t.ok(grown < 100, `400,000 unread answers took ${grown.toFixed(0)} MiB in both ends`)
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

void t.test('a line that does not end is cut when patience is over', async (t) => {
  const { listener } = await listening(t, () => new Promise(() => {}))
  const { socket, closed } = await till(listener)
  socket.write(payment(1))
  await sleep(50)
  const began = performance.now()
  await listener.stop(200)
  await closed
  t.ok(performance.now() - began < 2000)
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

void t.test('more lines than the listener may have are refused', async (t) => {
  const { listener } = await listening(t, approve, { maxLines: 2 })
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

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { parseGremlinRule, parseGremlinRules } from '../../simulators/gremlin/faults.ts'
import { startGremlin, usualGremlin } from '../../simulators/gremlin/gremlin.ts'
import { unitCutter } from '../../simulators/gremlin/units.ts'

type Test = { readonly teardown: (handler: () => Promise<void>) => void }

const frame = (body: string): Buffer => Buffer.concat([Buffer.from([0, body.length]), Buffer.from(body)])

/** A listener that stores what it receives, a gremlin before it, and a client. Each frame is answered with `answer`. */
async function setting(t: Test, rules: readonly string[], answer: string | null = null) {
  const got = { server: Buffer.alloc(0), client: Buffer.alloc(0) }
  const ends = { server: '', client: '' }
  const sockets: Socket[] = []
  const watch = (socket: Socket, side: 'server' | 'client') => {
    sockets.push(socket)
    socket.on('data', (chunk: Buffer) => (got[side] = Buffer.concat([got[side], chunk])))
    socket.on('error', (problem: NodeJS.ErrnoException) => (ends[side] = problem.code ?? 'error'))
    socket.on('end', () => (ends[side] = 'end'))
  }
  const listener = createServer((socket) => {
    watch(socket, 'server')
    const cut = unitCutter('be2')
    socket.on('data', (chunk) => {
      if (answer !== null) for (const _ of cut(chunk)) socket.write(frame(answer))
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const target = { host: '127.0.0.1', port }
  const gremlin = await startGremlin({ ...usualGremlin(target), rules: rules.map(parseGremlinRule) })
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await gremlin.stop()
    await new Promise((resolve) => listener.close(resolve))
  })
  const client = connect({ host: gremlin.host, port: gremlin.port, noDelay: true })
  watch(client, 'client')
  await once(client, 'connect')
  const came = async (side: 'server' | 'client', bytes: number, ms = 2_000) => {
    for (let i = 0; i < ms / 5 && got[side].length < bytes && ends[side] === ''; i++) await sleep(5)
    return got[side].toString('latin1')
  }
  const ended = async (side: 'server' | 'client') => {
    while (ends[side] === '') await sleep(1)
    return ends[side]
  }
  return { gremlin, client, came, ended }
}

const [a, b, c] = ['0200 a', '0200 b', '0800 c'].map(frame)
const all = (...frames: (Buffer | undefined)[]): string =>
  Buffer.concat(frames.filter((one) => one !== undefined)).toString('latin1')

t.test('each fault, with three frames', async (t) => {
  const rows: [string, string][] = [
    ['pass', all(a, b, c)],
    ['lose first=1', all(b, c)],
    ['lose on=0800', all(a, b)],
    ['lose to=client', all(a, b, c)],
    ['lose after=1 first=1', all(a, c)],
    ['double first=1', all(a, a, b, c)],
    ['double times=3 on=0800', all(a, b, c, c, c)],
    ['swap first=1', all(b, a, c)],
    ['swap ms=30 on=0800', all(a, b, c)],
    ['hold ms=50 first=1', all(b, c, a)],
    ['delay ms=50 first=1', all(a, b, c)],
    ['split bytes=3', all(a, b, c)],
    ['lie by=1 on=0800', all(a, b, Buffer.concat([Buffer.from([0, 7]), Buffer.from('0800 c')]))],
    ['stall after=1', all(a)],
    ['lose on=0420', all(a, b, c)],
  ]
  for (const [rule, wanted] of rows) {
    const { client, came, gremlin } = await setting(t, [rule])
    client.write(all(a, b, c), 'latin1')
    t.equal(await came('server', wanted.length), wanted, rule)
    await sleep(rule.startsWith('stall') || rule.startsWith('lose') ? 20 : 0)
    t.equal(await came('server', wanted.length, 0), wanted, `${rule}: and no more`)
    t.equal(gremlin.state().frames.server, 3, `${rule}: all were seen`)
  }
})

t.test('the connection is closed on both sides', async (t) => {
  const rows: [string, string, string | RegExp][] = [
    ['cut', '', 'end'],
    ['reset', '', 'ECONNRESET'],
    ['halve', all(a).slice(0, 4), 'end'],
    ['cut after=1', all(a), 'end'],
  ]
  for (const [rule, wanted, end] of rows) {
    const { client, came, ended } = await setting(t, [rule])
    client.write(all(a, b), 'latin1')
    t.match(await ended('server'), end, `${rule}: the server`)
    t.match(await ended('client'), end, `${rule}: the client`)
    t.equal(await came('server', 0), wanted, `${rule}: what came`)
  }
})

t.test('a line that is reset while its end is passed on leaves nothing open', async (t) => {
  const connections = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const before = connections()
  const listener = createServer({ allowHalfOpen: true }, (socket) => socket.resume())
  const accepted = once(listener, 'connection') as Promise<[Socket]>
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const gremlin = await startGremlin({
    ...usualGremlin({ host: '127.0.0.1', port }),
    rules: [parseGremlinRule('reset to=client')],
  })
  const client = connect({ host: gremlin.host, port: gremlin.port, allowHalfOpen: true }).resume()
  client.on('error', () => undefined) // it is reset
  const closed = new Promise((resolve) => client.once('close', resolve))
  const [server] = await accepted
  // What arrives has passed through the gremlin, which is connected on both sides by then.
  client.write(frame('0200 x'))
  await once(server, 'data')
  // The gremlin finds both in one turn: the end of the one side, then the frame of the other.
  client.end(() => server.write(frame('0210 x')))
  await closed
  server.destroy()
  await gremlin.stop()
  await new Promise((resolve) => listener.close(resolve))
  for (let i = 0; i < 12_000 && connections() > before; i++) await sleep(5)
  t.equal(connections(), before, 'what stayed open would keep the process alive')
})

t.test('faults of answers', async (t) => {
  const answer = '0210 x'
  const back = frame(answer)
  const lost = await setting(t, ['cut to=client on=0210'], answer)
  lost.client.write(a ?? '')
  t.equal(await lost.ended('client'), 'end')
  t.equal(await lost.came('server', 8), all(a), 'the request arrived')
  const turned = await setting(t, ['corrupt to=client bits=3'], answer)
  turned.client.write(a ?? '')
  const came = Buffer.from(await turned.came('client', back.length), 'latin1')
  t.equal(came.length, back.length)
  t.ok(came.subarray(0, 2).equals(back.subarray(0, 2)), 'its length stays')
  t.notOk(came.equals(back))
  turned.gremlin.setRules([])
  turned.client.write(a ?? '')
  t.equal((await turned.came('client', 2 * back.length)).slice(back.length), all(back), 'told so, it stops')
})

t.test('a delay counts for each frame from when it came', async (t) => {
  const { client, came } = await setting(t, ['delay ms=300'])
  const since = performance.now()
  // Counted in turns of a clock that stands still with this process, as the delays do.
  let turns = 0
  const clock = setInterval(() => turns++, 10)
  for (let i = 0; i < 10; i++) client.write(a ?? '')
  await came('server', 80)
  clearInterval(clock)
  const ms = performance.now() - since
  t.ok(ms >= 299, `${ms} ms`)
  t.ok(turns < 290, `they wait together, not one after the other: ${turns} turns of 10 ms`)
})

t.test('no target listens, and the line is set down', async (t) => {
  const gremlin = await startGremlin(usualGremlin({ host: '127.0.0.1', port: 9 }))
  t.teardown(gremlin.stop)
  const lost = await new Promise<Error>((resolve) => connect(gremlin).on('error', resolve))
  t.match(lost, { code: 'ECONNRESET' })
  await gremlin.line('down')
  const [problem] = (await once(connect(gremlin), 'error')) as [NodeJS.ErrnoException]
  t.equal(problem.code, 'ECONNREFUSED')
})

t.test('without rules all bytes arrive unchanged, however they are split', async (t) => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
  for (const rule of ['pass', 'split bytes=7 ms=0', 'delay ms=1']) {
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const { client, came, ended } = await setting(t, [rule])
        // A frame that is not whole stays where it is, so there are none: the lengths are made to fit.
        const bytes = Buffer.concat(chunks.map((chunk) => Buffer.concat([Buffer.from([0, chunk.length]), chunk])))
        for (let at = 0; at < bytes.length; at += 5) client.write(bytes.subarray(at, at + 5))
        client.end()
        await ended('server')
        return (await came('server', bytes.length)) === bytes.toString('latin1')
      }),
      { numRuns: 15 },
    )
  }
})

t.test('frames are told apart by each kind of length', (t) => {
  const rows: [Parameters<typeof unitCutter>[0], string[], string[]][] = [
    ['be2', ['\0\x02ab\0', '\0\0\x01c'], ['\0\x02ab', '\0\0', '\0\x01c']],
    ['be2-inclusive', ['\0\x04ab\0\x03c'], ['\0\x04ab', '\0\x03c']],
    ['be2-inclusive', ['\0\x01rest', 'more'], ['\0\x01rest', 'more']],
    ['ascii4', ['0002', 'ab0001c'], ['0002ab', '0001c']],
    ['ascii4', ['GET / HTTP', '/1.1'], ['GET / HTTP', '/1.1']],
    ['none', ['ab', 'c'], ['ab', 'c']],
  ]
  for (const [length, chunks, wanted] of rows) {
    const cut = unitCutter(length)
    const units = chunks.flatMap((chunk) => cut(Buffer.from(chunk, 'latin1')))
    t.same(
      units.map((unit) => unit.toString('latin1')),
      wanted,
      length,
    )
  }
  t.end()
})

t.test('invalid rules', (t) => {
  const rows: [string, RegExp][] = [
    ['halv', /'halv', expected one of delay, hold, swap/],
    ['cut to=host', /to=host is not server or client/],
    ['cut ms=5', /cut knows no ms, only to, on/],
    ['cut percent=0', /percent=0 is not a whole number from 1 to 100/],
    ['cut on=9999', /'cut on=9999' never happens: 9999 is a repeat/],
    ['cut on=0200,02x0', /02x0 is no MTI/],
    ['cut to=server on=0210', /0210 is an answer, and only requests come there/],
    ['cut to=client on=0200', /0200 is a request, and only answers come there/],
    ['delay ms=-1', /ms=-1 is not a whole number up to 3600000/],
  ]
  for (const [rule, wanted] of rows) t.throws(() => parseGremlinRule(rule), wanted, rule)
  t.throws(
    () => parseGremlinRules(['cut to=client', 'lose to=client on=0210']),
    /'lose to=client on=0210' never happens/,
  )
  t.equal(parseGremlinRules(['cut to=client', 'lose']).length, 2)
  t.end()
})

import t from 'tap'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Resolver } from 'node:dns/promises'
import type { ServerResponse } from 'node:http'
import { ANSWER_MS, findTarget, post, resolveHost } from '../../src/web/webhook-connector.ts'
import { receiver } from './webhook-setting.ts'

/* Where webhooks may go (docs/spec/abuse.md, 20): attacks by names, spellings and redirections. */

type Answers = { v4: readonly string[]; v6: readonly string[] }

/** A name server on loopback that answers every question with what it is told to: RFC 1035, as much as that needs. */
async function nameServer(answers: Answers): Promise<Resolver> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const end = question.indexOf(0, 12) + 5
    const type = question.readUInt16BE(end - 4)
    const data = type === 1 ? answers.v4.map(bytesOf4) : type === 28 ? answers.v6.map(bytesOf6) : []
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(0x8180, 2)
    header.writeUInt16BE(data.length, 6)
    header.writeUInt16BE(0, 10)
    const records = data.map((address) => {
      const fixed = Buffer.alloc(12)
      fixed.writeUInt16BE(0xc00c, 0)
      fixed.writeUInt16BE(type, 2)
      fixed.writeUInt16BE(1, 4)
      fixed.writeUInt16BE(address.length, 10)
      return Buffer.concat([fixed, address])
    })
    socket.send(Buffer.concat([header, question.subarray(12, end), ...records]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const resolver = new Resolver({ timeout: 60_000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return resolver
}
const bytesOf4 = (address: string): Buffer => Buffer.from(address.split('.').map(Number))
const bytesOf6 = (address: string): Buffer =>
  Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  )

const answers: Answers = { v4: [], v6: [] }
const resolver = await nameServer(answers)
const resolve = async (host: string): Promise<string[]> =>
  (await Promise.all([resolver.resolve4(host).catch(() => []), resolver.resolve6(host).catch(() => [])])).flat()
const live = { loopback: false, resolve }
const PUBLIC = '93.184.215.14'

void t.test('a live installation sends by https to public addresses alone, however they are spelled', async (t) => {
  const rows: [string, string | null][] = [
    [`https://${PUBLIC}/hook`, null],
    ['https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/', null],
    [`http://${PUBLIC}/`, 'not_https'],
    ['ftp://shop.example/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['nothing', 'not_a_url'],
    ['https://user:pass@shop.example/', 'has_credentials'],
    ['https://127.0.0.1/', 'address_not_public'],
    ['https://127.1/', 'address_not_public'],
    ['https://2130706433/', 'address_not_public'],
    ['https://0x7f000001/', 'address_not_public'],
    ['https://0177.0.0.1/', 'address_not_public'],
    ['https://0/', 'address_not_public'],
    ['https://10.1.2.3/', 'address_not_public'],
    ['https://169.254.169.254/latest/meta-data', 'address_not_public'],
    ['https://100.64.0.1/', 'address_not_public'],
    ['https://[::1]/', 'address_not_public'],
    ['https://[::]/', 'address_not_public'],
    ['https://[fe80::1]/', 'address_not_public'],
    ['https://[fd00::1]/', 'address_not_public'],
    ['https://[::ffff:127.0.0.1]/', 'address_not_public'],
    ['https://[::ffff:7f00:1]/', 'address_not_public'],
    ['https://[::127.0.0.1]/', 'address_not_public'],
    ['https://[64:ff9b::7f00:1]/', 'address_not_public'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'address_not_public'],
    ['https://[2002:7f00:1::]/', 'address_not_public'],
    ['https://[2002:a9fe:a9fe::]/', 'address_not_public'],
    ['https://[2001:db8::1]/', 'address_not_public'],
  ]
  for (const [url, fault] of rows) {
    const found = await findTarget(live, url)
    t.equal('fault' in found ? found.fault : null, fault, url)
  }
})

void t.test('a name is looked up at each sending, and every address of it counts', async (t) => {
  const rows: [Answers, string | null][] = [
    [{ v4: [PUBLIC], v6: [] }, null],
    [{ v4: ['127.0.0.1'], v6: [] }, 'address_not_public'],
    [{ v4: [PUBLIC, '10.0.0.1'], v6: [] }, 'address_not_public'],
    [{ v4: [PUBLIC], v6: ['0:0:0:0:0:ffff:7f00:1'] }, 'address_not_public'],
    [{ v4: [], v6: [] }, 'does_not_resolve'],
  ]
  for (const [now, fault] of rows) {
    Object.assign(answers, now)
    const found = await findTarget(live, 'https://shop.example/hook')
    t.equal('fault' in found ? found.fault : null, fault, JSON.stringify(now))
  }
})

void t.test('the connection goes to the address that was checked, though the name has moved meanwhile', async (t) => {
  const hook = await receiver(t)
  const url = hook.url.replace('127.0.0.1', 'shop.example')
  Object.assign(answers, { v4: ['127.0.0.1'], v6: [] })
  const target = await findTarget({ loopback: true, resolve }, url)
  if ('fault' in target) throw new Error(target.fault)
  Object.assign(answers, { v4: ['10.255.255.1'], v6: [] })
  const sent = await post(target, { 'webhook-id': 'evt_1' }, '{}', new AbortController().signal)
  t.same(sent, { status: 204, fault: null })
  t.match(hook.all[0]?.headers['host'], /^shop\.example:\d+$/, 'under the name of the URL')
})

void t.test('a demo sends to this machine too, in the clear, and to no neighbour', async (t) => {
  const demo = { loopback: true, resolve: resolveHost }
  for (const [url, fault] of [
    ['http://127.0.0.1:3000/', null],
    ['http://localhost:3000/', null],
    ['http://[::1]:3000/', null],
    ['http://10.0.0.1/', 'not_https'],
    ['https://10.0.0.1/', 'address_not_public'],
    [`http://${PUBLIC}/`, 'not_https'],
  ] as const) {
    const found = await findTarget(demo, url)
    t.equal('fault' in found ? found.fault : null, fault, url)
  }
})

void t.test('a receiver that answers too much, or not in HTTP, does no harm', async (t) => {
  const hook = await receiver(t)
  const target = await findTarget({ loopback: true, resolve: resolveHost }, hook.url)
  if ('fault' in target) throw new Error(target.fault)
  const send = () => post(target, {}, '{}', new AbortController().signal)
  hook.behave = () => (response) => {
    response.writeHead(200)
    const more = (): void => void (response.destroyed || (response.write('x'.repeat(65_536)), setImmediate(more)))
    more()
  }
  t.same(await send(), { status: 200, fault: null }, 'its endless body is not read')
  hook.behave = () => (response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n')
  t.match(await send(), { status: null, fault: /^HPE_/ })
  hook.behave = () => (response) => void response.socket?.destroy()
  t.match(await send(), { status: null, fault: 'ECONNRESET' })
})

void t.test('a receiver has 15 s for its status, whatever it sends instead; its body may take longer', async (t) => {
  t.equal(ANSWER_MS, 15_000)
  const hook = await receiver(t)
  const target = await findTarget({ loopback: true, resolve: resolveHost }, hook.url)
  if ('fault' in target) throw new Error(target.fault)
  /** Sends the text, and `more` again and again until the line is closed. */
  const dribble = (text: string, more: string) => (response: ServerResponse) => {
    const { socket } = response
    socket?.write(text)
    const timer = setInterval(() => socket?.write(more), 20)
    socket?.once('close', () => clearInterval(timer))
  }
  const rows = [
    ['nothing', () => undefined, { status: null, fault: 'timeout' }],
    ['a header at a time', dribble('HTTP/1.1 200 OK\r\n', 'x: y\r\n'), { status: null, fault: 'timeout' }],
    ['100 again and again', dribble('', 'HTTP/1.1 100 Continue\r\n\r\n'), { status: null, fault: 'timeout' }],
    [
      'a body by bytes',
      dribble('HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n', 'x'),
      { status: 202, fault: null },
    ],
    [
      'another protocol',
      dribble('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: tls\r\n\r\n', 'x'),
      { status: null, fault: 'ECONNRESET' },
    ],
  ] as const
  for (const [what, behave, wanted] of rows) {
    hook.behave = () => behave
    // Only what never ends is given up soon.
    const withinMs = wanted.fault === 'timeout' ? 300 : 60_000
    t.same(await post(target, {}, '{}', new AbortController().signal, withinMs), wanted, what)
  }
})

void t.test('where nobody listens at the first address of a name, the next one gets it', async (t) => {
  const hook = await receiver(t)
  const url = hook.url.replace('127.0.0.1', 'shop.example')
  const send = async (...addresses: string[]) => {
    const target = await findTarget({ loopback: true, resolve: () => Promise.resolve(addresses) }, url)
    if ('fault' in target) throw new Error(target.fault)
    return post(target, {}, '{}', new AbortController().signal)
  }
  t.same(await send('127.0.0.2', '127.0.0.1'), { status: 204, fault: null })
  t.same(await send('127.0.0.2', '127.0.0.3'), { status: null, fault: 'ECONNREFUSED' })
  hook.behave = () => 500
  t.same(await send('127.0.0.1', '127.0.0.2'), { status: 500, fault: null })
  t.equal(hook.all.length, 2, 'what was answered goes nowhere else')
})

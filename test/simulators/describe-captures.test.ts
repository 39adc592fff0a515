import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { DescribeOptions } from '../../simulators/commands/describe.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PAYMENT, PAYMENT_ANSWER } from '../iso8583/example-messages.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { ipv4, ipv6, LINKS, pcap, pcapng, type Sending } from './packets.ts'
import { tell, type Told } from './tell.ts'

const ascii = (message: Message): Buffer => pack(PROFILES['iso87-ascii'], message)
const be2 = (body: Buffer): Buffer => encodeFrame({ length: 'be2', tpdu: 'none', maxFrame: 65_535 }, body, null)

const CLIENT = [5, 50_001] as const
const SERVER = [1, 8_583] as const
const ask = be2(ascii(PAYMENT))
const answer = be2(ascii(PAYMENT_ANSWER))

/** A request in two parts out of order and one part twice, over the end of the sequence numbers; and its answer. */
const START = 0xffffffff - 40
const talk: Sending[] = [
  { from: CLIENT, to: SERVER, sequence: START - 1, payload: Buffer.alloc(0), syn: true },
  { from: SERVER, to: CLIENT, sequence: 999, payload: Buffer.alloc(0), syn: true },
  { from: CLIENT, to: SERVER, sequence: (START + 60) >>> 0, payload: ask.subarray(60) },
  { from: CLIENT, to: SERVER, sequence: START, payload: ask.subarray(0, 60) },
  { from: CLIENT, to: SERVER, sequence: START, payload: ask.subarray(0, 70) },
  { from: SERVER, to: CLIENT, sequence: 1_000, payload: answer },
  { from: [5, 40_000], to: [1, 80], sequence: 7, payload: Buffer.from('GET / HTTP/1.1\r\nHost: till\r\n\r\n') },
]

t.test('captures', async (t) => {
  const file = join(t.testdir(), 'talk')
  const tellFile = (content: Buffer, options: Partial<DescribeOptions> = {}): Promise<Told> => {
    writeFileSync(file, content)
    return tell([file], options)
  }
  const packets = talk.map(ipv4)
  for (const [what, [linkType, link]] of Object.entries(LINKS)) {
    const linked = packets.map(link)
    const files = [
      pcap(linkType, linked, true, false),
      pcap(linkType, linked, false, true),
      pcapng(linkType, linked, true),
      pcapng(linkType, linked, false),
    ]
    for (const content of files) {
      const { code, text } = await tellFile(content)
      t.equal(code, 0, what)
      t.match(text, /^1\. 0200 .*\n +packet 4, 2026-11-22T12:00:03\.500Z: 10\.0\.0\.5:50001 → 10\.0\.0\.1:8583\n/, what)
      t.match(text, /^2\. 0210 .*\n +packet 6, .*: 10\.0\.0\.1:8583 → 10\.0\.0\.5:50001\n/m, what)
      t.match(text, /1 directions of TCP connections hold no message/)
    }
  }
  const [raw, asIs] = LINKS.raw
  const six = await tellFile(pcapng(raw, talk.map(ipv6), true), { json: true })
  t.equal(six.code, 0)
  t.match(JSON.parse(six.text.split('\n')[0] ?? ''), {
    message: 1,
    at: 0,
    sent: {
      packet: 4,
      time: '2026-11-22T12:00:03.500Z',
      from: '[0:0:0:0:0:0:0:5]:50001',
      to: '[0:0:0:0:0:0:0:1]:8583',
    },
    mti: '0200',
  })

  const whole = pcap(raw, packets.map(asIs), true, false)
  t.match((await tellFile(whole, { port: [8583] })).text, /^1\. 0200 .*\n(?:.*\n)*2\. 0210 (?:.*\n)*2 messages read$/)
  const http = await tellFile(whole, { port: [80] })
  t.equal(http.code, 1, 'a port is shown whatever is on it')
  t.match(await tellFile(whole, { port: [9] }), { code: 1, text: /no message was found/ })
  const cut = await tellFile(whole.subarray(0, -20))
  t.match(cut, { code: 1, text: /2\. 0210 (?:.*\n)*the capture is damaged: the file ends in packet 7\n/ })
  t.match(await tellFile(pcapng(raw, packets, true).subarray(0, -8)), {
    code: 1,
    text: /the block at \d+ is broken, or cut/,
  })
  t.match(await tellFile(pcap(147, packets, true, false)), { code: 1, text: /link type 147 were passed over/ })

  // The capture begins in the middle of a message, and later loses a packet.
  const send = (sequence: number, payload: Buffer): Sending => ({ from: CLIENT, to: SERVER, sequence, payload })
  const lossy = [send(1_000, ask.subarray(90)), send(1_033, ask), send(1_400, ask)]
  const lost = await tellFile(pcap(raw, lossy.map(ipv4), true, false))
  t.equal(lost.code, 1)
  t.match(lost.text, /^✗ at 0: the rest of a message that began earlier; 33 bytes were not read$/m)
  t.match(lost.text, /^✗ at 0: 244 bytes before this are not in the capture$/m)
  t.equal(lost.text.match(/^\d\. 0200 /gm)?.length, 2)

  // The same ports again: another connection.
  const again = [
    ...talk.slice(0, 6),
    ...talk.slice(0, 6).map((one) => ({ ...one, sequence: (one.sequence + 5_000) >>> 0 })),
  ]
  t.match((await tellFile(pcap(raw, again.map(ipv4), true, false))).text, /4 messages read$/)
})

t.test('what is not looked into is named for what it is', async (t) => {
  const ethernet = (type: number, inside: Buffer): Buffer =>
    Buffer.concat([Buffer.alloc(12), Buffer.from([type >> 8, type & 0xff]), inside])
  const file = join(t.testdir(), 'talk')
  const tellFile = (content: Buffer): Promise<Told> => {
    writeFileSync(file, content)
    return tell([file])
  }
  const sending: Sending = { from: CLIENT, to: SERVER, sequence: START, payload: ask }
  const ip = ipv4(sending)
  const fragment = Buffer.from(ip)
  fragment.writeUInt16BE(0x2000, 6)
  const six = ipv6(sending)
  const fragmentSix = Buffer.from(six)
  fragmentSix[6] = 44
  const rows: readonly (readonly [packets: Buffer[], note: RegExp])[] = [
    [
      [ethernet(0x8847, Buffer.concat([Buffer.from('00064140', 'hex'), ip]))],
      /^1 packet is MPLS, which is not unwrapped$/m,
    ],
    [[ethernet(0x8864, ip), ethernet(0x8863, ip)], /^2 packets are PPPoE, which is not unwrapped$/m],
    [[ethernet(0x0800, fragment), ethernet(0x86dd, fragmentSix)], /^2 packets are fragments of IP, which are not put/m],
  ]
  for (const [packets, note] of rows) {
    const { code, text } = await tellFile(pcap(1, packets, true, false))
    t.equal(code, 1)
    t.match(text, note)
  }
  await t.rejects(tellFile(gzipSync(pcap(1, [ethernet(0x0800, ip)], true, false))), {
    message: /^this is gzip: unpack it first, as in zcat/,
  })
})

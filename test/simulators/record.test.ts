import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { recordCommand, type RecordOptions } from '../../simulators/commands/record.ts'
import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { cardsUnder, type HostCard, PARTNER_PREFIX, trackOf } from '../../simulators/host/cards.ts'
import { parseHostRule } from '../../simulators/host/faults.ts'
import { startHost, usualHost } from '../../simulators/host/host.ts'
import { startProxy } from '../../simulators/record/proxy.ts'
import { scenarioOf } from '../../simulators/record/scenario-of.ts'
import { talkIn } from '../../simulators/record/talk.ts'
import type { Result } from '../../simulators/report/report.ts'
import { parseScenario } from '../../simulators/scenario/parse.ts'
import { gatheringResults } from '../../simulators/scenario/results.ts'
import { runScenario } from '../../simulators/scenario/run.ts'
import { type Line, matchKey, openLine } from '../../simulators/terminal/line.ts'
import { followUpOf, type Message, repeatOf, requestFor } from '../../simulators/terminal/message.ts'
import type { OperationName } from '../../simulators/terminal/operations.ts'
import { usualPeer } from '../../simulators/terminal/peer.ts'
import { stampClock } from '../../simulators/terminal/stamp.ts'
import { packagedWire } from '../../simulators/terminal/wire.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { ipv4, pcap, type Sending } from './packets.ts'

const CARDS = cardsUnder(PARTNER_PREFIX)
const demoCard = (card: HostCard): DemoCard => ({
  number: card.number,
  track1: '',
  track2: trackOf(card),
  barcode: card.number,
  ecode: '',
  issue: 'OPEN',
  state: 'sold',
  balance: card.balance,
})
const at = (place: number): DemoCard => {
  const found = CARDS[place]
  if (found === undefined) throw new Error(`there is no card ${place}`)
  return demoCard(found)
}
const terminal: DemoTerminal = {
  terminal: 'FIELD001',
  store: '000000000000042',
  confirmation: 'explicit',
  mac: 'none',
  key: '',
}
const settings = { title: 'a talk', source: 'a test', silence: 'unread', pauses: false } as const

/** A till in the field: what it says on a line, and what comes back. */
function fieldTill(line: () => Promise<Line>) {
  const stamp = stampClock(Date.now)
  const request = (
    operation: OperationName,
    card: DemoCard | null,
    amount: number | null,
    more: object = {},
  ): Message => {
    const ask = { operation, card, entry: 'swipe', amount, currency: '985', flags: null, ...more } as const
    return requestFor(ask, terminal, stamp(terminal.terminal))
  }
  const say = async (message: Message, timeoutMs = 60_000): Promise<Message | null> => {
    const packed = packagedWire.write(message)
    if (!packed.ok) throw new Error(packed.reason)
    const reply = await (await line()).ask(packed.bytes, matchKey(message.fields), timeoutMs)
    const read = reply.kind === 'answer' ? packagedWire.read(reply.bytes) : null
    return read?.ok === true ? read.message : null
  }
  const follow = (how: 'confirm' | 'reverse' | 'cancel', original: Message) =>
    followUpOf(how, original, terminal, stamp(terminal.terminal))
  return { request, say, follow }
}

/** A morning in the field: an answer that is lost, a decline, a part, a refund with the receipt of a payment. */
async function morning(port: number, lose: () => void): Promise<void> {
  let open: Line | null = null
  const line = async (): Promise<Line> => {
    if (open?.isOpen() === true) return open
    const opened = await openLine(usualPeer({ host: '127.0.0.1', port }))
    if (!opened.ok) throw new Error(opened.reason)
    open = opened.line
    return open
  }
  const { request, say, follow } = fieldTill(line)
  const pay = request('payment', at(0), 30_00)
  const paid = await say(pay)
  await say(follow('confirm', pay))
  const refund = request('refund', at(0), 10_00)
  refund.fields[37] = paid?.fields[37] ?? ''
  await say(refund)
  await say(repeatOf(refund, false))
  await say(request('payment', at(1), 500_00))
  await say(request('payment', at(1), 500_00, { flags: 'P' }))
  const foreign = request('balance', at(2), null)
  foreign.fields[22] = '901'
  foreign.fields[18] = '5411'
  await say(foreign)
  lose()
  const lost = request('payment', at(3), 20_00)
  await say(lost)
  await say(follow('reverse', lost))
  await say(request('echo', null, null))
  await (await line()).close('close')
}

async function play(text: string, port: number, given: readonly DemoCard[]) {
  const parsed = parseScenario(text, 'recorded.yaml')
  if (!parsed.ok) throw new Error(`${parsed.faults.join('\n')}\n${text}`)
  const results: Result[] = []
  const run = {
    peer: usualPeer({ host: '127.0.0.1', port }),
    currency: '985',
    demo: { cards: [], terminals: [{ ...terminal, terminal: 'TEST0001' }], keyTerminals: [] },
    given,
    stamp: stampClock(Date.now),
    used: new Set<DemoCard>(),
    clerk: { list: async () => [], decide: async () => null, clear: async () => null },
    keepGoing: false,
    seed: 1,
  }
  const result = await runScenario(parsed.scenario, run, gatheringResults(results))
  return { result, problems: results.flatMap(({ problems, why }) => [...problems, ...(why === '' ? [] : [why])]) }
}

function secretsIn(text: string, cards: readonly DemoCard[]): string[] {
  return cards.flatMap(({ number, track2 }) => [number, track2].filter((one) => text.includes(one)))
}

t.test('a proxy records a morning, which is played again on another host with other cards', async (t) => {
  const host = await startHost(usualHost())
  t.teardown(host.stop)
  const peer = usualPeer({ host: '127.0.0.1', port: host.port })
  const proxy = await startProxy({
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    peer,
    maxFrame: 4096,
    now: Date.now,
    changed: () => undefined,
  })
  await morning(proxy.port, () => host.setRules(['hang-up on=0200 first=1']))
  await proxy.stop()
  const talk = talkIn(proxy.seen())
  t.equal(talk.asked.length, 10)
  t.equal(talk.passedOver, 0)
  const text = scenarioOf(talk, settings)
  t.same(secretsIn(text, CARDS.map(demoCard)), [])
  const body = text.slice(text.indexOf('title:'))
  t.equal(
    body,
    `title: a talk
terminals:
  till1: { was: FIELD001, confirmation: explicit }
cards:
  card1: { given: 1, state: sold }
  card2: { given: 2, state: sold }
  card3: { given: 3, state: sold }
  card4: { given: 4, state: sold }
steps:
  - { send: payment, amount: "30.00", terminal: till1, line: line1, card: card1, as: payment1 }
  - { confirm: payment1, terminal: till1, line: line1 }
  - { send: refund, amount: "10.00", terminal: till1, line: line1, card: card1, fields: { "37": $payment1.37 }, as: refund3 }
  - { repeat: refund3, terminal: till1, line: line1 }
  - { send: payment, amount: "500.00", terminal: till1, line: line1, card: card2, expect: { "39": "51" } }
  - { send: payment, amount: "500.00", terminal: till1, line: line1, card: card2, fields: { "48": P }, expect: { "4": "200.00", "39": "10" } }
  - { send: balance, terminal: till1, line: line1, card: card3, fields: { "18": "5411", "22": "901" } }
  - { send: payment, amount: "20.00", terminal: till1, line: line1, card: card4, expect: unread, as: payment8 }
  - { close: line1 }
  - { reverse: payment8, terminal: till1, line: line2 }
  - { send: echo, terminal: till1, line: line2 }
`,
  )
  const other = await startHost({ ...usualHost(), cards: cardsUnder('629918') })
  t.teardown(other.stop)
  const given = other.cards.slice(5, 9).map(demoCard)
  t.same(await play(text, other.port, given), { result: 'passed', problems: [] })
  const { entries } = other.journal()
  t.ok(entries.every((entry) => entry.terminal === 'TEST0001'))
  t.same(
    entries
      .filter(({ kind }) => kind === '0200')
      .map(({ state }) => state)
      .sort(),
    ['confirmed', 'declined', 'reversed', 'stands', 'stands'],
  )

  // A host with a fault: the recording shows it once what has to come is written into it.
  const wrong = await startHost({
    ...usualHost(),
    cards: other.cards,
    rules: [parseHostRule('wrong-amount on=payment first=1')],
  })
  t.teardown(wrong.stop)
  const asked = text.replace('amount: "30.00",', 'amount: "30.00", expect: { 39: 00, 4: 30.00 },')
  t.match(await play(asked, wrong.port, given), { result: 'failed', problems: [/field 4: expected 30\.00, came/] })
})

t.test('a capture becomes a scenario', async (t) => {
  const dir = t.testdir()
  const stamp = stampClock(() => Date.UTC(2026, 10, 22, 12))
  const frame = (message: Message): Buffer => {
    const packed = packagedWire.write(message)
    if (!packed.ok) throw new Error(packed.reason)
    return encodeFrame({ length: 'be2', tpdu: 'none', maxFrame: 65_535 }, packed.bytes, null)
  }
  const ask = {
    operation: 'payment',
    card: at(0),
    entry: 'swipe',
    amount: 12_34,
    currency: '985',
    flags: null,
  } as const
  const pay = requestFor(ask, terminal, stamp('T'))
  const { 3: code = '', 4: amount = '', 7: sent = '', 11: trace = '', 41: till = '', 42: store = '' } = pay.fields
  const answer: Message = {
    mti: '0210',
    fields: { 3: code, 4: amount, 7: sent, 11: trace, 37: 'R00000000001', 38: 'ABCDEF', 39: '00', 41: till, 42: store },
  }
  const CLIENT = [5, 50_001] as const
  const SERVER = [1, 8_583] as const
  const first = frame(pay)
  const talk: Sending[] = [
    { from: CLIENT, to: SERVER, sequence: 999, payload: Buffer.alloc(0), syn: true },
    { from: CLIENT, to: SERVER, sequence: 1_000, payload: first.subarray(0, 50) },
    { from: CLIENT, to: SERVER, sequence: 1_050, payload: first.subarray(50) },
    { from: SERVER, to: CLIENT, sequence: 1, payload: frame(answer) },
  ]
  writeFileSync(join(dir, 'field.pcap'), pcap(101, talk.map(ipv4), true, false))
  const options: RecordOptions = {
    capture: join(dir, 'field.pcap'),
    listen: '',
    listenCert: undefined,
    listenKey: undefined,
    port: [8_583],
    out: join(dir, 'field.yaml'),
    title: undefined,
    silence: 'unread',
    pauses: true,
    requests: undefined,
  }
  const told: string[] = []
  const nothing = async () => undefined
  const put = (line: string) => void told.push(line)
  t.equal(await recordCommand(options, put, put, nothing), 0)
  t.match(told, [/^1 requests are in .*field\.yaml; play them with: akart-sim run/])
  const text = readFileSync(join(dir, 'field.yaml'), 'utf8')
  t.match(
    text,
    /^# Recorded from field\.pcap: 1 requests\.\n# row 1 of --cards was 629917\*{6}\d{4}\n\n?title: Recorded from field\.pcap\n/,
  )
  t.match(text, '- { send: payment, amount: "12.34", terminal: till1, card: card1 }')
  t.equal(await recordCommand({ ...options, port: [80] }, put, put, nothing), 1)
  writeFileSync(join(dir, 'text'), 'hello')
  await t.rejects(recordCommand({ ...options, capture: join(dir, 'text') }, put, put, nothing), {
    message: /neither pcap nor pcapng$/,
  })
  await t.rejects(recordCommand({ ...options, capture: join(dir, 'no') }, put, put, nothing), {
    message: /\(ENOENT\)$/,
  })
})

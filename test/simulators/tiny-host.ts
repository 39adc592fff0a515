import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { packMessage, readMessage } from '../../simulators/terminal/dialect.ts'
import type { Fields } from '../../simulators/terminal/fields.ts'
import { responseMti } from '../../simulators/terminal/operations.ts'

/** Faults of the host, which the simulator must notice. */
export type Fault = 'wrong echo' | 'repeats differ' | 'silent' | 'cut message' | 'card data' | 'wrong MTI' | 'hangs up'

type Card = { sold: boolean; ledger: number; available: number }
type Memory = { cards: Map<string, Card>; answers: Map<string, Fields>; sales: Map<string, string>; seenBefore: number }

const n12 = (minor: number) => String(minor).padStart(12, '0')
const group = (type: string, minor: number) => `60${type}985C${n12(minor)}`
const balances = (card: Card) => group('01', card.ledger) + group('02', card.available)

function decide(mti: string, fields: Fields, memory: Memory): Fields {
  if (mti === '0800') return { 39: '00' }
  if (mti === '0202') {
    const number = memory.sales.get(fields[90]?.slice(4, 20) ?? '')
    const card = number === undefined ? undefined : memory.cards.get(number)
    if (card) card.available = card.ledger
    return { 39: card ? '00' : '25' }
  }
  const number = fields[35]?.split('=')[0] ?? fields[2] ?? ''
  const card = memory.cards.get(number)
  if (!card) return { 39: '14' }
  const asked = Number(fields[4] ?? 0)
  const given = { 37: `R${fields[11]}`.padEnd(12), 38: 'A1B2C3' }
  memory.sales.set(`${fields[11]}${fields[7]}`, number)
  switch (String(fields[3]).slice(0, 2)) {
    case '31':
      return card.sold ? { 39: '00', 54: balances(card) } : { 39: '78', 44: 'UNSOLD' }
    case '90':
      if (card.sold) return { 39: '78', 44: 'SOLD' }
      Object.assign(card, { sold: true, ledger: asked })
      return { 39: '00', 4: n12(asked), 54: balances(card), ...given }
    default: {
      const partial = fields[48]?.startsWith('P') ?? false
      if (asked > card.available && !partial) return { 39: '51', 54: balances(card) }
      const taken = Math.min(asked, card.available)
      Object.assign(card, { ledger: card.ledger - taken, available: card.available - taken })
      const original = taken < asked ? group('57', asked) : ''
      return { 39: taken < asked ? '10' : '00', 4: n12(taken), 54: balances(card) + original, ...given }
    }
  }
}

function answerTo(bytes: Buffer, memory: Memory, fault: Fault | null): Buffer | null {
  const read = readMessage(bytes)
  if (!read.ok || fault === 'silent') return null
  const { mti, fields } = read.message
  const key = `${mti.slice(0, 3)}${fields[41]}${fields[11]}${fields[7]}`
  if (memory.answers.has(key)) memory.seenBefore++
  const decided = memory.answers.get(key) ?? decide(mti, fields, memory)
  memory.answers.set(key, decided)
  const echo: Fields = {}
  for (const de of [3, 7, 11, 12, 13, 41, 42, 49, 70]) {
    const value = fields[de]
    if (value !== undefined) echo[de] = value
  }
  if (fault === 'wrong echo') echo[13] = '0101'
  if (fault === 'card data' && fields[35] !== undefined) echo[35] = fields[35]
  if (fault === 'repeats differ' && mti === '0201') echo[63] = 'AGAIN'
  const packed = packMessage(
    { mti: fault === 'wrong MTI' ? '0230' : responseMti(mti), fields: { ...echo, ...decided } },
    'single',
  )
  if (!packed.ok) throw new Error(packed.reason)
  return fault === 'cut message' ? packed.bytes.subarray(0, -3) : packed.bytes
}

/** A host that knows just enough to be talked to. The cards are sellable, or sold with a balance in minor units. */
export async function startTinyHost(
  numbers: readonly string[],
  fault: Fault | null = null,
  balance: number | null = null,
) {
  const start = { sold: balance !== null, ledger: balance ?? 0, available: balance ?? 0 }
  const cards = new Map(numbers.map((number) => [number, { ...start }]))
  const memory: Memory = { cards, answers: new Map(), sales: new Map(), seenBefore: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
        const end = 2 + rest.readUInt16BE(0)
        const answer = answerTo(Buffer.from(rest.subarray(2, end)), memory, fault)
        rest = rest.subarray(end)
        if (fault === 'hangs up') return void socket.destroy()
        if (!answer) continue
        const frame = Buffer.alloc(2)
        frame.writeUInt16BE(answer.length)
        socket.write(Buffer.concat([frame, answer]))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    /** Requests whose key (kind, terminal, trace number, time) had come before. */
    seenBefore: () => memory.seenBefore,
    requests: () => memory.answers.size,
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

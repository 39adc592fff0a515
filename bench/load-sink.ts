import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { pack } from '../src/iso8583/pack.ts'
import { parseProfile } from '../src/iso8583/profile.ts'
import { unpack } from '../src/iso8583/unpack.ts'

/**
 * The smallest peer of a load generator: every request is answered 00 at once, without decision or storage. The
 * elements that an answer copies (MTI, DE11, DE41) are taken from their offsets in a request of that length, which are
 * looked up once. Prints its port; ends with its standard input.
 */

const file = new URL('../../config/iso8583/iso87-ascii.yaml', import.meta.url)
const profile = parseProfile(readFileSync(file, 'utf8'), fileURLToPath(file))
const [TRACE, TERMINAL] = [6, 8]
const PREFIX = 2

/** Where DE11 and DE41 stand, and an answer to be filled in. */
type Shape = { readonly trace: number; readonly terminal: number; readonly answer: Buffer }

const ANSWER = { 11: '000000', 39: '00', 41: 'TERMINAL' } as const
const answerTrace = (bytes: Buffer): number => bytes.indexOf(ANSWER[11], 'latin1')

function shapeOf(body: Buffer): Shape {
  const read = unpack(profile, body)
  if (!read.ok) throw new Error('a request that cannot be read')
  const { 11: trace = '', 41: terminal = '' } = read.message.fields
  const mti = `${read.message.mti.slice(0, 2)}${Number(read.message.mti[2]) + 1}0`
  const packed = pack(profile, { mti, fields: ANSWER })
  const answer = Buffer.alloc(PREFIX + packed.length)
  answer.writeUInt16BE(packed.length)
  packed.copy(answer, PREFIX)
  return {
    trace: body.lastIndexOf(trace, body.indexOf(terminal, 'latin1'), 'latin1'),
    terminal: body.indexOf(terminal, 'latin1'),
    answer,
  }
}

const shapes = new Map<string, Shape>()

function answerTo(body: Buffer): Buffer {
  const kind = `${body.toString('latin1', 0, 4)}/${body.length}`
  const shape = shapes.get(kind) ?? shapeOf(body)
  shapes.set(kind, shape)
  const answer = Buffer.from(shape.answer)
  body.copy(answer, answerTrace(answer), shape.trace, shape.trace + TRACE)
  body.copy(answer, answer.length - TERMINAL, shape.terminal, shape.terminal + TERMINAL)
  return answer
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const answers: Buffer[] = []
    while (bytes.length >= PREFIX && bytes.length >= PREFIX + bytes.readUInt16BE(0)) {
      const end = PREFIX + bytes.readUInt16BE(0)
      answers.push(answerTo(bytes.subarray(PREFIX, end)))
      bytes = bytes.subarray(end)
    }
    rest = bytes
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () =>
  console.log((server.address() as AddressInfo).port),
)
process.stdin.resume().on('end', () => process.exit())

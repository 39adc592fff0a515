import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createDeframer, encodeFrame } from '../../src/iso8583/frame.ts'
import { isRequest, responseMti } from '../../src/iso8583/mti.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import type { FuzzLine } from '../../simulators/fuzz/frames.ts'

/** The bugs of a switch, and the checker's findings. */
export const PLANTED = {
  nothing: null,
  'no answer to what is malformed': /no answer in/,
  'approves what is malformed': /an answer that nobody waits for: .* with 00/,
  'ends the line for a bad message': /the line was ended/,
  'stays after nonsense': /the line was not ended within/,
  'answers twice': /an answer that nobody waits for/,
  'answers somebody else': /an answer that nobody waits for/,
  'an answer that is cut': /an answer that cannot be read/,
} as const
export type Planted = keyof typeof PLANTED

/** A switch that knows frames and messages and nothing else, with one thing wrong. */
export async function plantedSwitch(line: FuzzLine, planted: Planted) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const deframer = createDeframer(line.frame)
    let bad = 0
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('data', (chunk: Buffer) => {
      const fault = deframer.push(chunk, (body) => {
        const read = unpack(line.profile, body)
        const message = read.ok ? read.message : read.malformed.readable
        bad = message === null || (!read.ok && !isRequest(message.mti)) ? bad + 1 : 0
        if (bad >= 10) socket.destroySoon()
        if (message === null || !isRequest(message.mti)) return
        if (!read.ok && planted === 'no answer to what is malformed') return
        if (!read.ok && planted === 'ends the line for a bad message') return socket.destroySoon()
        const { 7: de7, 11: de11, 41: de41 } = message.fields
        const fields = { 7: de7, 11: planted === 'answers somebody else' ? '000000' : de11, 41: de41 }
        const code = read.ok || planted === 'approves what is malformed' ? '00' : '30'
        const answer = pack(line.profile, { mti: responseMti(message.mti), fields: { ...fields, 39: code } })
        const sent = planted === 'an answer that is cut' ? answer.subarray(0, -1) : answer
        socket.write(encodeFrame(line.frame, sent, null))
        if (planted === 'answers twice') socket.write(encodeFrame(line.frame, sent, null))
      })
      if (fault !== null && planted !== 'stays after nonsense') socket.destroySoon()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, server }
}

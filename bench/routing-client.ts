import { once } from 'node:events'
import { connect } from 'node:net'
import { createHistogram } from 'node:perf_hooks'
import { createDeframer, encodeFrame, type FrameSettings } from '../src/iso8583/frame.ts'
import { pack } from '../src/iso8583/pack.ts'
import type { Profile } from '../src/iso8583/profile.ts'
import { unpack } from '../src/iso8583/unpack.ts'

/** Answers per second, and latencies in ms. */
export type ClientRound = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly answered: number
}

const FRAME: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 4096 }
const LINES = 4
const LAST_STAN = 999_999

let stan = 0

/**
 * Payments of one grosz by terminal DEMO0004, which confirms nothing, so many outstanding on a few lines, for `ms`: to a
 * switch or to the host behind it, in the same words.
 *
 * @throws when anything is not approved
 */
export async function payFor(
  profile: Profile,
  target: string,
  cards: readonly string[],
  outstanding: number,
  ms: number,
): Promise<ClientRound> {
  const [host = '', port] = target.split(':')
  const sockets = Array.from({ length: Math.min(LINES, outstanding) }, () =>
    connect({ host, port: Number(port), noDelay: true }),
  )
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const latency = createHistogram()
  const sentAt = new Map<string, number>()
  const started = performance.now()
  let last = started
  let answered = 0
  let refused: string | null = null

  await new Promise<void>((resolve) => {
    const send = (line: number): void => {
      const number = String((++stan % LAST_STAN) + 1).padStart(6, '0')
      sentAt.set(number, performance.now())
      const body = pack(profile, payment(number, cards[stan % cards.length] ?? ''))
      sockets[line]?.write(encodeFrame(FRAME, body, null))
    }
    for (const [line, socket] of sockets.entries()) {
      const deframer = createDeframer(FRAME)
      socket.on('data', (chunk: Buffer) => {
        deframer.push(chunk, (body) => {
          const read = unpack(profile, body)
          if (!read.ok) throw new Error('an answer that cannot be read')
          const { 11: number = '', 39: code } = read.message.fields
          last = performance.now()
          latency.record(Math.max(1, Math.round((last - (sentAt.get(number) ?? last)) * 1000)))
          sentAt.delete(number)
          answered++
          if (code !== '00') refused ??= `answered ${String(code)}`
          if (last - started < ms && refused === null) send(line)
          else if (sentAt.size === 0) resolve()
        })
      })
    }
    for (let i = 0; i < outstanding; i++) send(i % sockets.length)
  })
  for (const socket of sockets) socket.destroy()
  if (refused !== null) throw new Error(`${target} ${String(refused)}`)
  return {
    perSecond: answered / ((last - started) / 1000),
    p50: latency.percentile(50) / 1000,
    p99: latency.percentile(99) / 1000,
    answered,
  }
}

function payment(number: string, track2: string) {
  const iso = new Date().toISOString().replaceAll(/\D/gu, '')
  return {
    mti: '0200',
    fields: {
      3: '006000',
      4: '000000000001',
      7: iso.slice(4, 14),
      11: number,
      12: iso.slice(8, 14),
      13: iso.slice(4, 8),
      22: '022',
      35: track2,
      41: 'DEMO0004',
      42: '000000000000001',
      49: '985',
    },
  }
}

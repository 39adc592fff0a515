import { connect } from 'node:net'
import { createHistogram } from 'node:perf_hooks'

/*
 * Callers of AkartWeb, each on a line of its own that stays open: it writes the bytes of a payment and reads the bytes of the
 * answer, so that the load itself needs little processor time. `web-load.js HOST:PORT KEY CALLERS MS`, tokens by lines on standard
 * input; the outcome is one line of JSON.
 */

export type WebRound = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly answered: number
  /** Processor time of the load, µs a request. */
  readonly loadCpu: number
}

const [target = '', key = '', callers = '1', ms = '1000'] = process.argv.slice(2)
const [host = '', port = ''] = target.split(':')
let said = ''
for await (const part of process.stdin) said += String(part)
const tokens = said.trim().split('\n')
const run = `${process.pid}-${Date.now()}`
const latency = createHistogram()
let count = 0
let last = 0

const message = (n: number): string => {
  const body = `{"card":{"token":"${tokens[n % tokens.length]}"},"amount":{"value":1,"currency":"PLN"},"confirm":true}`
  return `POST /api/v1/payments HTTP/1.1\r\nHost: ${target}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nIdempotency-Key: ${run}-${n}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

let asked = 0
const began = performance.now()
const caller = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(port), host).setNoDelay(true)
    let sent = 0
    let text = ''
    const ask = (): void => {
      if (performance.now() - began >= Number(ms)) return void socket.end(resolve)
      sent = performance.now()
      socket.write(message(asked++))
    }
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/\r\ncontent-length: (\d+)/iu.exec(text)?.[1] ?? 0)
      if (text.length < head + 4 + length) return
      if (!text.startsWith('HTTP/1.1 201')) return reject(new Error(text))
      text = ''
      last = performance.now()
      latency.record(Math.max(1, Math.round((last - sent) * 1000)))
      count++
      ask()
    })
  })

const before = process.cpuUsage()
await Promise.all(Array.from({ length: Number(callers) }, caller))
const { user, system } = process.cpuUsage(before)
const round: WebRound = {
  perSecond: count / ((last - began) / 1000),
  p50: latency.percentile(50) / 1000,
  p99: latency.percentile(99) / 1000,
  answered: count,
  loadCpu: (user + system) / count,
}
console.log(JSON.stringify(round))

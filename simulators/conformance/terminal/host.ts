/** The host that judges a terminal's messages. */

import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { FrameSettings } from '../../../src/iso8583/frame.ts'
import { doorOf } from '../../control/door.ts'
import type { DemoTerminal } from '../../demo/terminals.ts'
import { type HostLine, lineOn } from '../../host/lines.ts'
import type { Address } from '../../terminal/address.ts'
import type { Message } from '../../terminal/message.ts'
import { originalMti } from '../../terminal/operations.ts'
import { macProblem, packWithMac } from '../../terminal/seal.ts'
import type { Wire } from '../../terminal/wire.ts'
import { MONEY, perform, type Turn } from './acts.ts'
import { type Recorder, recorderOf } from './recorder.ts'
import type { Act, Situation } from './situations.ts'
import { isRepeat } from './trace.ts'

export type JudgeSettings = {
  readonly listen: Address
  readonly frame: FrameSettings
  readonly wire: Wire
  readonly tls: TlsOptions | null
  readonly terminals: readonly DemoTerminal[]
  readonly slowMs: number
  readonly now: () => number
}

export type JudgingHost = Pick<Recorder, 'story' | 'next'> & {
  readonly port: number
  /** Begins a situation, to which later messages belong. */
  readonly begin: (situation: Situation) => void
  readonly stop: () => Promise<void>
}

/** Another last digit or bit of the MAC, which is the last field. */
function spoilt(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  const last = changed.length - 1
  changed.writeUInt8(changed.readUInt8(last) === 0x30 ? 0x31 : 0x30, last)
  return changed
}

const HOW = {
  send: (line, bytes, tpdu) => line.send(bytes, tpdu),
  half: (line, bytes, tpdu) => line.sendHalf(bytes, tpdu),
  spoil: (line, bytes, tpdu) => line.send(spoilt(bytes), tpdu),
  'cut short': (line, bytes, tpdu) => line.send(bytes.subarray(0, bytes.length >> 1), tpdu),
} satisfies Record<Parameters<Turn['put']>[2], (line: HostLine, bytes: Buffer, tpdu: Buffer | null) => void>

/** Plays the host of a terminal under test, and writes down what happens. */
export async function startJudgingHost(settings: JudgeSettings): Promise<JudgingHost> {
  const { wire, terminals, slowMs, listen, frame, tls, now } = settings
  const terminalOf = (message: Message): DemoTerminal | null =>
    terminals.find(({ terminal }) => terminal === (message.fields[41] ?? '').trimEnd()) ?? null
  const recorder = recorderOf(now, terminalOf)
  const timers = new Set<NodeJS.Timeout>()
  let situation: Situation | null = null

  const turnOf = (message: Message, line: HostLine, tpdu: Buffer | null): Turn => ({
    message,
    original: recorder.original(),
    number: recorder.count(),
    slowMs,
    put: (answer, what, how) => {
      if (answer === null) return
      const terminal = terminalOf(message)
      const packed =
        terminal === null ? { ...wire.write(answer), message: answer } : packWithMac(wire, answer, 'single', terminal)
      if (!packed.ok) throw new Error(`an answer of the judge's cannot be packed: ${packed.reason}`)
      recorder.note({ from: 'host', message: packed.message, note: what })
      HOW[how](line, packed.bytes, tpdu)
    },
    close: line.close,
    later: (ms, what) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        what()
      }, ms)
      timers.add(timer)
    },
    say: (note) => void recorder.note({ from: 'line', message: null, note }),
  })
  const actFor = (message: Message): Act => {
    const found = recorder.partOf(message)
    const list: readonly Act[] = found === null ? [] : (situation?.[found.part] ?? [])
    return found === null ? 'answer' : (list[found.before] ?? list.at(-1) ?? 'answer')
  }
  const take = (line: HostLine, body: Buffer, tpdu: Buffer | null): void => {
    const read = wire.read(body)
    if (!read.ok)
      return void recorder.note({ from: 'terminal', message: null, note: `it cannot be read: ${read.reason}` })
    const { message } = read
    const terminal = terminalOf(message)
    const mac = terminal === null ? null : macProblem(wire, body, message, terminal)
    const noted = recorder.note({ from: 'terminal', message, note: '', mac })
    if (situation !== null && MONEY.has(originalMti(message.mti)) && !isRepeat(message)) recorder.about(noted)
    perform[actFor(message)](turnOf(message, line, tpdu))
  }
  const welcome = (socket: Socket): void => {
    recorder.note({ from: 'line', message: null, note: 'the terminal opened a line' })
    lineOn(socket, frame, take)
    socket.on('close', () => void recorder.note({ from: 'line', message: null, note: 'the line ended' }))
  }
  const door = doorOf({ ...listen, tls, allowHalfOpen: false, welcome })
  await door.open()
  return {
    port: door.port(),
    begin: (next) => {
      recorder.begin()
      situation = next
    },
    story: recorder.story,
    next: recorder.next,
    stop: async () => {
      await door.shut()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

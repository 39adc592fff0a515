import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { RunningAkart } from './akart.ts'
import { childrenTime } from './machine.ts'

/** One run of `akart-sim load`: answers per second, confirmations included; ms; processor time per answer, µs. */
export type LoadRound = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly switchCpu: number
  readonly serverCpu: number
  readonly loadCpu: number
}

/** The parts of `akart-sim load --json` that are read. */
export type LoadResult = {
  readonly seconds: number
  readonly operations: Readonly<
    Record<string, { readonly sent: number; readonly answered: number; readonly approved: number }>
  >
  readonly latency: { readonly p50: number; readonly p99: number }
  readonly latencyByCode: Readonly<Record<string, { readonly p50: number; readonly p99: number; readonly max: number }>>
  readonly unsent: number
  readonly codes: Readonly<Record<string, number>>
}

const COMMAND = fileURLToPath(new URL('../simulators/akart-sim.js', import.meta.url))

/** @throws when a request went unanswered or was refused for another reason than a card at its maximum balance */
export async function runLoad(
  akart: RunningAkart,
  words: readonly string[],
  outstanding: number,
  ms: number,
): Promise<LoadRound> {
  const before = { switch: akart.switchCpu(), server: akart.serverCpu(), load: childrenTime() }
  const places = ['--terminals', String(outstanding), '--outstanding', String(outstanding)]
  const { seconds, operations, latency, codes } = await load(akart, [...places, ...words], ms)
  const strange = Object.keys(codes).filter((one) => !EXPECTED.has(one))
  if (strange.length > 0) throw new Error(`answered ${strange.join(', ')}: ${JSON.stringify(codes)}`)
  const answered = Object.values(operations).reduce((sum, one) => sum + one.answered, 0)
  return {
    perSecond: answered / seconds,
    p50: latency.p50,
    p99: latency.p99,
    switchCpu: (akart.switchCpu() - before.switch) / answered,
    serverCpu: (akart.serverCpu() - before.server) / answered,
    loadCpu: (childrenTime() - before.load) / answered,
  }
}

/** `akart-sim load` in a process of its own. @throws when a request went unanswered */
export async function load(akart: RunningAkart, words: readonly string[], ms: number): Promise<LoadResult> {
  const args = [
    COMMAND, 'load', '--home', akart.home, '--target', akart.target, '--json', '--seconds', String(ms / 1000), ...words,
  ] // prettier-ignore
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  const code = await exited
  if (code !== 0) throw new Error(`akart-sim load ended with ${String(code)}:\n${complaints}${out}`)
  return JSON.parse(out) as LoadResult
}

/** 61 is expected: eighty cards soon reach their maximum balance. */
const EXPECTED: ReadonlySet<string> = new Set(['00', '61'])

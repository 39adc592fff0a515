import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { openConnection, type Access } from '../src/db/access.ts'

/** The machine, one line per fact: plain figures mean nothing without it, and ratios little. */
export async function machineLines(access: Access): Promise<string[]> {
  return [
    `${availableParallelism()} x ${processorModel()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `node ${process.versions.node}, MariaDB ${await serverVersion(access)}, load ${loadAverage()} before the run`,
  ]
}

function processorModel(): string {
  const line = readFileSync('/proc/cpuinfo', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('model name'))
  return line?.slice(line.indexOf(':') + 1).trim() ?? process.arch
}

export const loadAverage = (): string => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' ')

async function serverVersion(access: Access): Promise<string> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query({ sql: 'SELECT VERSION()', rowsAsArray: true })
    return String((rows as unknown as string[][])[0]?.[0])
  } finally {
    await connection.end()
  }
}

// The unit of utime and stime in proc(5): 1/100 s on every Linux that Node runs on.
const TICK_US = 10_000

/** Processor time of a process and its threads, µs, in steps of 10 ms. */
export function processorTime(pid: number): number {
  return times(pid)[0]
}

/** Processor time of the children of this process that have ended, µs. */
export const childrenTime = (): number => times(process.pid)[1]

/** Bytes. */
export function residentMemory(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) * 1024
}

/** utime + stime and cutime + cstime, fields 14 to 17, of proc(5). */
function times(pid: number): readonly [number, number] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before may hold spaces
  const [user = NaN, system = NaN, usersChildren = NaN, systemChildren = NaN] = fromThird.slice(11, 15).map(Number)
  return [(user + system) * TICK_US, (usersChildren + systemChildren) * TICK_US]
}

const FLUSHES = 500

/** Flushes per second of a small appended write, one after the other: what a commit alone on this disk would get. */
export function flushesPerSecond(directory: string): number {
  const own = mkdtempSync(join(directory, 'flush-'))
  const file = openSync(join(own, 'log'), 'w')
  try {
    const bytes = Buffer.alloc(512, 1)
    const started = performance.now()
    for (let i = 0; i < FLUSHES; i++) {
      writeSync(file, bytes)
      fdatasyncSync(file)
    }
    return FLUSHES / ((performance.now() - started) / 1000)
  } finally {
    closeSync(file)
    rmSync(own, { recursive: true })
  }
}

// The product as a user has it: `akart up` in a home of its own, seen through its printed line, its CSV files and TCP.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { MacKind } from './mac.ts'
import { AKART, SHORT_LIVED } from '../programs.ts'

export type Card = {
  readonly number: string
  readonly track1: string
  readonly track2: string
  readonly barcode: string
  readonly ecode: string
}
export type TerminalRow = {
  readonly terminal: string
  readonly store: string
  readonly mac: MacKind
  readonly key: string
}

/** The kinds of demo cards: issue and state in cards.csv. */
export type CardKind = 'sold' | 'sellable' | 'blocked' | 'expired' | 'inactive' | 'gift' | 'giftNew'

const kindToRow: Record<CardKind, string> = {
  sold: 'OPEN,sold',
  sellable: 'OPEN,sellable',
  blocked: 'OPEN,blocked',
  expired: 'OPEN,expired',
  inactive: 'OPEN,inactive',
  gift: 'GIFT50,sold',
  giftNew: 'GIFT50,sellable',
}

export type Akart = {
  readonly home: string
  /** Any command of `akart` on this home: its exit code and output. */
  readonly command: (...words: readonly string[]) => Promise<{ readonly code: number | null; readonly said: string }>
  /** Where terminals connect; another port after a restart. */
  readonly address: () => string
  /** A demo card that no other test of this home has touched. */
  readonly card: (kind: CardKind) => Card
  readonly terminal: (name: string) => TerminalRow
  /** Ends the process by this signal; the exit code, or null after SIGKILL. */
  readonly stop: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
  readonly start: () => Promise<void>
  /** `akart ledger verify`: its exit code and output. */
  readonly verify: () => Promise<{ readonly code: number | null; readonly said: string }>
  /** Stops, and removes the home. */
  readonly remove: () => Promise<void>
}

const readRows = async (path: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(','))

const run = (home: string, env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [...SHORT_LIVED, AKART, 'up', '--home', home, '--iso-port', '0', '--http-port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  })

const readyAddress = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const row of createInterface({ input: child.stdout })) {
    const iso = /^ready .*\biso=(\S+)/.exec(row)?.[1]
    if (iso === undefined) continue
    child.stdout.resume()
    return iso
  }
  throw new Error('akart up ended before it was ready')
}

/**
 * Starts `akart up` on an empty home, or one that is there, and waits for its ready line. `environment` as `onTestServer`
 * gives it; else it has a database server of its own, which ends with it.
 */
export const startAkart = async (environment: NodeJS.ProcessEnv = {}, there: string | null = null): Promise<Akart> => {
  const home = there ?? (await mkdtemp(join(tmpdir(), 'akart-conformance-')))
  const env = { ...process.env, ...environment }
  let child = run(home, env)
  let address = await readyAddress(child)
  const cards = await readRows(join(home, 'demo', 'cards.csv'))
  const terminals = await readRows(join(home, 'demo', 'terminals.csv'))
  const used = new Set<string>()

  const stop = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
    return child.exitCode
  }
  const command: Akart['command'] = async (...words) => {
    const child = spawn(process.execPath, [AKART, ...words, '--home', home], { env })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await once(child, 'close')
    return { code: child.exitCode, said }
  }
  return {
    address: () => address,
    card: (kind) => {
      const row = cards.find(
        ([number = '', , , , , issue, state]) => !used.has(number) && kindToRow[kind] === `${issue},${state}`,
      )
      if (row === undefined) throw new Error(`the demo data has no ${kind} card left`)
      const [number = '', track1 = '', track2 = '', barcode = '', ecode = ''] = row
      used.add(number)
      return { number, track1, track2, barcode, ecode }
    },
    terminal: (name) => {
      const [terminal = '', store = '', , mac = '', key = ''] = terminals.find((row) => row[0] === name) ?? []
      if (terminal === '') throw new Error(`no terminal ${name} in terminals.csv`)
      return { terminal, store, mac: mac as MacKind, key }
    },
    stop,
    start: async () => {
      child = run(home, env)
      address = await readyAddress(child)
    },
    home,
    command,
    verify: () => command('ledger', 'verify'),
    remove: async () => {
      await stop('SIGTERM')
      await rm(home, { recursive: true, force: true })
    },
  }
}

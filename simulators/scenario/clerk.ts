import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { originalMti } from '../terminal/operations.ts'
import type { Exchange, Memory } from './exchange.ts'
import type { CasesStep, CaseInput, DecideStep } from './scenario.ts'

/** A case in `akart cases list --json`; `transmitted` is DE7 with its year. */
export type CaseRow = {
  id: number
  reason: string
  claim: string | null
  resolution: string | null
  transaction: { key: { store: string; terminal: string; kind: number; stan: number; transmitted: number } }
}

/** The back office of the switch, as far as scenarios need it. A failure is returned: the output of the command. */
export type Clerk = {
  list: () => Promise<CaseRow[] | string>
  /** Null when the decision was booked. */
  decide: (id: number, decision: 'confirm' | 'reverse') => Promise<string | null>
  /** Lets a card be sold that is answered 78 CHECK. Null when it was done. */
  clear: (number: string) => Promise<string | null>
}

/** The `akart` command beside this simulator; for a simulator that is installed alone, the one in PATH. */
const own = fileURLToPath(new URL('../../src/cli/akart.js', import.meta.url))
const akart: readonly [string, ...string[]] = existsSync(own) ? [process.execPath, own] : ['akart']

/** Far more cases than a home of demo cards has. */
const MOST = '100000'

function runAkart(args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const [program, ...before] = akart
    const child = spawn(program, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.on('error', () =>
      resolve({ code: null, out: '', err: `the command ${program} is not here; leave cases out (--no-cases)` }),
    )
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

async function listCases(home: string): Promise<CaseRow[] | string> {
  const { code, out, err } = await runAkart(['cases', 'list', '--home', home, '--all', '--most', MOST, '--json'])
  if (code !== 0) return `akart cases list ended with ${code}: ${err.trim()}`
  const rows = out.split('\n').filter((line) => line.startsWith('{'))
  return rows.map((line) => JSON.parse(line) as CaseRow)
}

/**
 * Calls that come while one is under way share the next one: it begins after all of them asked, and sees what each has
 * done. A listing costs a second of processor time, and many scenarios ask for one at their end.
 */
function sharing<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  let next: Promise<T> | null = null
  const start = (): Promise<T> => {
    next = null
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (running === null) return start()
    next ??= running.then(start, start)
    return next
  }
}

/**
 * Renews the switch's cards.csv with unused cards, and makes further ones if too few are left, because earlier runs and
 * loads have used them. False without a database; then the file stays as it is.
 */
export async function renewDemoCards(home: string): Promise<boolean> {
  const hasDatabase = existsSync(join(home, 'mariadb')) || (process.env['AKART_DATABASE_URL'] ?? '') !== ''
  return hasDatabase && (await runAkart(['demo', 'reset', '--home', home])).code === 0
}

/** `akart cases` on the home of the switch. */
export function clerkOf(home: string): Clerk {
  return {
    list: sharing(() => listCases(home)),
    decide: async (id, decision) => {
      const how = [`--${decision}`, '--reason', 'a scenario', '--who', 'akart-sim', '--home', home]
      const { code, out, err } = await runAkart(['cases', 'resolve', String(id), ...how])
      return code === 0 ? null : `akart cases resolve ended with ${code}: ${`${out}${err}`.trim()}`
    },
    clear: async (number) => {
      const how = ['--reason', 'a scenario', '--who', 'akart-sim', '--home', home]
      const { code, out, err } = await runAkart(['card', 'clear', number, ...how])
      return code === 0 ? null : `akart card clear ended with ${code}: ${`${out}${err}`.trim()}`
    },
  }
}

/** DE7 without its year. */
const WITHOUT_YEAR = 10_000_000_000

/** The case about a request: the open one where there are several, else the latest. */
function caseOf({ request: { mti, fields } }: Exchange, cases: CaseRow[]): CaseRow | null {
  const about = cases.filter(
    ({ transaction: { key } }) =>
      key.terminal === fields[41]?.trimEnd() &&
      key.store === fields[42]?.trimEnd() &&
      key.kind === Number(originalMti(mti)) &&
      key.stan === Number(fields[11]) &&
      key.transmitted % WITHOUT_YEAR === Number(fields[7]),
  )
  return about.find(({ resolution }) => resolution === null) ?? about.at(-1) ?? null
}

const inWords = (reason: string | null, closed: string | null) =>
  `${reason ?? 'a case'}, ${closed === null ? 'open' : `closed (${closed})`}`

function wishProblem({ of, wanted }: CaseInput, memory: Memory, cases: CaseRow[]): string | null {
  const exchange = memory.get(of)
  if (!exchange) return `the step '${of}' was not sent`
  const found = caseOf(exchange, cases)
  const about = `case about '${of}': expected`
  if (wanted === null) return found && `${about} none, there is ${inWords(found.reason, found.resolution)}`
  if (found === null) return `${about} ${inWords(wanted.reason, wanted.closed)}, there is none`
  const fits = (wanted.reason === null || wanted.reason === found.reason) && wanted.closed === found.resolution
  if (!fits)
    return `${about} ${inWords(wanted.reason, wanted.closed)}, there is ${inWords(found.reason, found.resolution)}`
  const claimed = wanted.claim === null || wanted.claim === (found.claim === null ? 'absent' : 'present')
  return claimed ? null : `${about} the store’s claim ${wanted.claim}, there is ${found.claim ?? 'none'}`
}

/** The faults of the cases. */
export async function casesProblems(step: CasesStep, memory: Memory, clerk: Clerk): Promise<string[]> {
  const cases = await clerk.list()
  if (typeof cases === 'string') return [cases]
  return step.wishes.flatMap((input) => wishProblem(input, memory, cases) ?? [])
}

/** Lets the clerk decide; returns what went wrong. */
export async function decideProblems({ decisions }: DecideStep, memory: Memory, clerk: Clerk): Promise<string[]> {
  const cases = await clerk.list()
  if (typeof cases === 'string') return [cases]
  const problems = decisions.map(async ({ of, decision }) => {
    const exchange = memory.get(of)
    if (!exchange) return `the step '${of}' was not sent`
    const found = caseOf(exchange, cases)
    return found === null ? `there is no case about '${of}'` : clerk.decide(found.id, decision)
  })
  return (await Promise.all(problems)).filter((problem) => problem !== null)
}

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FF1 } from '@noble/ciphers/ff1.js'
import { createScramble } from '../src/cards/ff1.ts'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { readIssue as readSettings } from '../src/cards/read-issue.ts'
import { generation } from '../src/jobs/generation.ts'
import { takeOne } from '../src/jobs/runner.ts'
import type { Actor } from '../src/office/actor.ts'
import { exportIssue } from '../src/office/export-issue.ts'
import { GENERATION, orderGeneration } from '../src/office/generation-order.ts'
import { createIssue } from '../src/office/issues.ts'
import type { Office } from '../src/office/office.ts'
import { isRefused, refusalText, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { makersOf } from '../src/app/home-office.ts'
import { openBooks, PLACE } from './books.ts'
import { benchOffice } from './bench-office.ts'
import { machineLines } from './machine.ts'

/**
 * FF1 on node:crypto against @noble/ciphers; then an issue as it is made: cards with scrambled numbers and eCodes by the
 * job, and the file of its maker with tracks and check values. A run whose file is not whole has measured nothing.
 */

const CARDS = Number(process.env['AKART_BENCH_CARDS'] ?? 1_000_000)
const keys = deriveCardKeys(DEMO_MASTER)

export async function benchIssuing(): Promise<void> {
  scramblers()
  const books = await openBooks()
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const { office, close } = await benchOffice(books.access, { keys: () => keys, makers: makersOf(PLACE) })
    await create(office)
    await measured('generate', books.serverCpu, () => generate(office))
    await measured('export', books.serverCpu, () => exportAll(office))
    await close()
    await books.prove(0)
  } finally {
    await books.close()
  }
}

/** µs for each number of nine digits. */
function scramblers(): void {
  const tweak = Buffer.from('16:629910')
  const ours = createScramble(keys.scramble, tweak, 9)
  const theirs = FF1(10, keys.scramble, tweak)
  const lot = Array.from({ length: 1_000 }, (_, i) => i * 999_983)
  const digits = lot.map((value) => Array.from(String(value).padStart(9, '0'), Number))
  const time = (rounds: number, work: () => void): string => {
    work()
    const from = performance.now()
    for (let i = 0; i < rounds; i++) work()
    return ((performance.now() - from) / rounds).toFixed(2)
  }
  const lots = time(50, () => void ours(lot))
  const single = time(5, () => lot.forEach((value) => ours([value])))
  const noble = time(3, () => digits.forEach((value) => theirs.encrypt(value)))
  console.log(`FF1, µs a number: lots of 1,000 ${lots}, one by one ${single}, @noble/ciphers ${noble}`)
}

const CLERK: Actor = { login: 'bench', name: 'bench', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }

function must<Result>(result: Result | Refused): Result {
  if (isRefused(result)) throw new Error(refusalText(result, 'en'))
  return result
}

async function create(office: Office): Promise<void> {
  const plan = {
    code: 'BENCH',
    name: 'Bench',
    prefix: '629919',
    count: String(CARDS),
    saleMinimum: '10',
    saleMaximum: '500',
  }
  const read = readSettings(new Map(Object.entries(plan)), '2026-11-25')
  if ('faults' in read) throw new Error('the plan of the bench is wrong')
  must(await createIssue(office, CLERK, read.settings))
}

async function generate(office: Office): Promise<void> {
  must(await orderGeneration(office, CLERK, { issue: 'BENCH' }))
  const { access } = office.db
  const trouble = (what: string, error: unknown): void => console.error(what, error)
  const outcome = await takeOne(
    { access, kinds: { [GENERATION]: generation(() => keys) }, trouble },
    null,
    new AbortController().signal,
  )
  if (outcome !== 'done') throw new Error(`the generation ended with ${outcome}`)
}

async function exportAll(office: Office): Promise<void> {
  // In the temporary directory of the run, which goes with it.
  const file = join(process.env['TMPDIR'] ?? PLACE, `${randomBytes(6).toString('hex')}.csv`)
  const input = { issue: 'BENCH', maker: 'csv', file, reason: null, newEcodes: false }
  const facts = must(await exportIssue(office, CLERK, input))
  if (facts.cards !== CARDS) throw new Error(`${facts.cards} cards in the file`)
}

const SAMPLE_EVERY_MS = 500

async function measured(what: string, serverCpu: () => number, work: () => Promise<void>): Promise<void> {
  const memory: number[] = []
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss() / 2 ** 20), SAMPLE_EVERY_MS)
  const [from, server, own] = [performance.now(), serverCpu(), process.cpuUsage()]
  await work()
  clearInterval(sampling)
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(own)
  const each = (microseconds: number): string => (microseconds / CARDS).toFixed(0)
  const early = memory[Math.floor(memory.length / 10)] ?? NaN
  console.log(
    `${what}: ${CARDS} cards in ${seconds.toFixed(1)} s, ${Math.round(CARDS / seconds)} a second; ` +
      `µs a card: node ${each(user + system)}, MariaDB ${each(serverCpu() - server)}; ` +
      `RSS ${early.toFixed(0)} MB after a tenth, ${Math.max(...memory).toFixed(0)} at most`,
  )
}

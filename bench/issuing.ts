import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FF1 } from '@noble/ciphers/ff1.js'
import { createScramble } from '../src/cards/ff1.ts'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { readIssue as readSettings } from '../src/cards/read-issue.ts'
import { envelopeOf, writeMakerFile } from '../src/app/maker-stream.ts'
import { readMaker } from '../src/app/maker-file.ts'
import { generation } from '../src/jobs/generation.ts'
import { takeOne } from '../src/jobs/runner.ts'
import type { Access } from '../src/db/access.ts'
import { beginExport, finishExport, type ExportWish } from '../src/office/exports.ts'
import { GENERATION, orderGeneration } from '../src/office/generation-order.ts'
import { createIssue } from '../src/office/issue-records.ts'
import { printedCards } from '../src/office/printed-cards.ts'
import { openBooks, PLACE } from './books.ts'
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
    await create(books.access)
    await measured('generate', books.serverCpu, () => generate(books.access))
    await measured('export', books.serverCpu, () => exportAll(books.access))
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

async function create(access: Access): Promise<void> {
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
  await createIssue(access, read.settings, 'bench')
}

async function generate(access: Access): Promise<void> {
  await orderGeneration(access, 'BENCH', 'bench')
  const trouble = (what: string, error: unknown): void => console.error(what, error)
  const outcome = await takeOne(
    { access, kinds: { [GENERATION]: generation(() => keys) }, trouble },
    null,
    new AbortController().signal,
  )
  if (outcome !== 'done') throw new Error(`the generation ended with ${outcome}`)
}

async function exportAll(access: Access): Promise<void> {
  const layout = await readMaker(PLACE, 'csv')
  const fileName = `${randomBytes(6).toString('hex')}.csv`
  const common = { code: 'BENCH', maker: 'csv', who: 'bench', reason: null, fileName, encryptedTo: null }
  const wish: ExportWish = { ...common, ecodes: 'yes', tracks: true }
  const order = await beginExport(access, wish)
  const { issue, seed } = order
  const lots = printedCards({ access, keys, issue, serials: { first: 1, last: CARDS }, seed, renew: false })
  // In the temporary directory of the run, which goes with it.
  const file = join(process.env['TMPDIR'] ?? PLACE, fileName)
  const facts = await writeMakerFile(file, { keys, layout, envelope: await envelopeOf(layout) }, lots)
  await finishExport(access, order, wish, facts)
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

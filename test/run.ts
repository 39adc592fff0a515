// `make test`: one private database server for the whole run, linters beside the tests, and a last line that counts.
//
//   node build/test/run.js                          everything
//   node build/test/run.js build/test/x.test.js …   these files
//   node build/test/run.js office/welfare docs/ …   the files whose paths begin like this
//   node build/test/run.js --soak                   the long tests, test/**/*.soak.ts, or the ones named after it
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Access, parseDatabaseUrl, toUrl } from '../src/db/access.ts'
import { migrate } from '../src/db/migrations.ts'
import { createDatabase } from '../src/home/database-server.ts'
import type { RunningMariadb } from '../src/home/mariadb-server.ts'
import { bundle } from './bundle.ts'
import { type Cost, costsOfChildren, costTable, processorTimeOf, processorTimeOfMachine } from './costs.ts'
import { dropDatabase } from './database.ts'
import { TEST_BUNDLE } from './programs.ts'
import { schemaCopy } from './schema-copy.ts'
import { startTestServer, TEST_DATABASE_URL, TEST_SCHEMA_FILE } from './server.ts'
import { type Job, runLanes } from './lanes.ts'
import { inGroups, isWaiting, longestFirst } from './schedule.ts'
import { signalGroup, tapFiles } from './tap-files.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
// The number of files that run at the same time: one more than processors, because each file sometimes waits for disk or database.
const BUSY = Math.min(6, availableParallelism() + 1)
// The number of files that run besides, which mostly wait.
const WAITING = 1
// Seconds for one file: three times what the longest one takes on two busy processors.
const TIMEOUT = 600
const STOPPED_BY_HAND = 130

// Tests look at what programs print; picocolors would colour it where CI or FORCE_COLOR is set.
const PLAIN = { NO_COLOR: '1', FORCE_COLOR: undefined } as const

const running = new Set<ChildProcess>()
const costs = costsOfChildren()
const machineBefore = processorTimeOfMachine()
let stopped = false

/** Starts a program in a process group of its own, so that the whole group can be ended; Ctrl-C is forwarded to it. */
function startLinter(command: string, options: readonly string[]): ChildProcess {
  const child = spawn(join(ROOT, 'node_modules', '.bin', command), options, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  remember(child, command)
  return child
}

function remember(child: ChildProcess, name: string): void {
  running.add(child)
  costs.watch(child, name)
  child.once('close', () => running.delete(child))
}

/** The tests follow from the sources: compiled files of deleted tests may remain. */
async function compiled(ending: string): Promise<string[]> {
  const files = await readdir(join(ROOT, 'test'), { recursive: true })
  return files
    .filter((file) => file.endsWith(`${ending}.ts`))
    .map((file) => join('build', 'test', file.replace(/\.ts$/, '.js')))
    .sort()
}

const LINTERS = [
  ['oxlint', ['--type-aware', '--quiet']],
  ['oxfmt', ['--list-different', '--ignore-path', '.gitignore', '.']],
  ['knip', ['--no-progress']],
] as const satisfies readonly (readonly [string, readonly string[]])[]

/** A job for each linter; `failed` counts those that complain. */
function linters(): { readonly jobs: readonly Job[]; readonly failed: () => number } {
  let failed = 0
  const jobs = LINTERS.map(([command, options]) => async () => {
    const from = performance.now()
    const linter = startLinter(command, options)
    const [said, [code]] = await Promise.all([
      linter.stdout === null ? '' : text(linter.stdout),
      once(linter, 'close') as Promise<[number | null]>,
    ])
    if (stopped) return
    process.stdout.write(said)
    console.log(`${code === 0 ? 'ok' : 'not ok'} - ${command} (${Math.round(performance.now() - from)} ms)`)
    if (code !== 0) failed += 1
  })
  return { jobs, failed: () => failed }
}

type Schema = { readonly file: string; readonly remove: () => Promise<void> }

/** Migrates one database on the server, of which all others of the run are copies. */
async function writeSchema(server: Access): Promise<Schema> {
  const access = { ...server, database: `test_schema_${process.pid}` }
  await createDatabase(access)
  await migrate(access)
  const directory = await mkdtemp(join(tmpdir(), 'akart-schema-'))
  const file = join(directory, 'schema.sql')
  await writeFile(file, await schemaCopy(access))
  const remove = async (): Promise<void> => {
    await dropDatabase(access)
    await rm(directory, { recursive: true, force: true })
  }
  return { file, remove }
}

// Seconds of processor of each process, the dearest first.
const COSTS_FILE = join('build', 'test-costs.txt')
const MOST_SHOWN = 10

/** Shows the files with the most processor time at the end of each complete run; two processors have 720 s in 6 minutes. */
async function sayCosts(server: RunningMariadb | null): Promise<void> {
  const own = server === null ? [] : [{ name: 'the database server', seconds: processorTimeOf(server.pid).own }]
  const all: readonly Cost[] = [...costs.all(), ...own].sort((a, b) => b.seconds - a.seconds)
  const sum = all.reduce((seconds, cost) => seconds + cost.seconds, 0)
  if (sum === 0) return
  await mkdir(join(ROOT, 'build'), { recursive: true })
  await writeFile(join(ROOT, COSTS_FILE), costTable(all))
  const machine = processorTimeOfMachine() - machineBefore
  console.log(
    `${machine.toFixed(0)} s of this machine's processors. ${sum.toFixed(0)} s are counted by file; the dearest, of`,
  )
  console.log(`which ${COSTS_FILE} lists all (a browser does not wait for the processes that draw its pages):`)
  process.stdout.write(costTable(all.slice(0, MOST_SHOWN)))
}

/** A name without an ending selects all files that begin with it: `docs/links`, `office/welfare/`. */
function namedFiles(name: string, all: readonly string[]): readonly string[] {
  if (name.endsWith('.js')) return [name]
  const found = all.filter((file) => file.startsWith(join('build', 'test', name)))
  if (found.length === 0) throw new Error(`no test begins with ${name}`)
  return found
}

async function main(given: readonly string[]): Promise<number> {
  const isSoak = given[0] === '--soak'
  const named = isSoak ? given.slice(1) : given
  const isEverything = given.length === 0
  const all = await compiled(isSoak ? '.soak' : '.test')
  const files = named.length > 0 ? named.flatMap((name) => namedFiles(name, all)) : all

  if (isEverything) process.env[TEST_BUNDLE] = await bundle(files)
  const theirs = process.env[TEST_DATABASE_URL]
  const server = theirs === undefined || theirs === '' ? await startTestServer() : null
  const url = server === null ? (theirs ?? '') : toUrl({ ...server.access, database: 'akart' })
  try {
    const schema = await writeSchema(parseDatabaseUrl(url))
    const tests = tapFiles({
      directory: ROOT,
      environment: { ...PLAIN, [TEST_DATABASE_URL]: url, [TEST_SCHEMA_FILE]: schema.file },
      timeout: isSoak ? 0 : TIMEOUT,
      say: (line) => console.log(line),
      started: remember,
      stopped: () => stopped,
    })
    const lint = isEverything ? linters() : null
    const job =
      (group: readonly string[]): Job =>
      () =>
        tests.run(...group)
    const ordered = longestFirst(isEverything ? inGroups(files) : files.map((file) => [file]))
    await runLanes(
      [
        { workers: BUSY, jobs: [...(lint?.jobs ?? []), ...ordered.filter((group) => !isWaiting(group)).map(job)] },
        { workers: WAITING, jobs: ordered.filter(isWaiting).map(job) },
      ],
      () => stopped,
    )
    await schema.remove()
    if (isEverything || isSoak) await sayCosts(server)
    const count = tests.end()
    const failed = count.failed + (lint?.failed() ?? 0)
    const passed = count.passed + (lint === null ? 0 : lint.jobs.length - lint.failed())
    await server?.stop()
    if (count.skipped > 0) console.log(`${count.skipped} skipped`)
    console.log(`${passed} passed, ${failed} failed`)
    if (stopped) return STOPPED_BY_HAND
    return failed === 0 && passed > 0 ? 0 : 1
  } finally {
    await server?.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopped = true
    for (const child of running) signalGroup(child, 'SIGTERM')
  })
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  return 1
})

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchArchive } from './archive.ts'
import { benchBeforeAfter } from './before-after.ts'
import { benchEndToEnd } from './e2e.ts'
import { benchEngine } from './engine.ts'
import { benchIssuing } from './issuing.ts'
import { benchIdleLines } from './idle-lines.ts'
import { benchLoadGenerator } from './load-generator.ts'
import { benchLockedRow } from './locked-row.ts'
import { benchOverload } from './overload.ts'
import { benchRouting } from './routing.ts'
import { benchWeb } from './web.ts'
import { benchReports } from './reports.ts'
import { benchSearch } from './search.ts'
import { benchWelfare } from './welfare.ts'

/**
 * `node build/bench/run.js [archive|before-after|codec|engine|e2e|issuing|idle-lines|load-generator|locked-row|overload|reports|routing|search|web|welfare]`, all of them where none is named; then each in a
 * process of its own, so that none affects the compiled code or the memory of the next. Exit code 0 when everything ran and the books balance.
 */
const BENCHES = {
  archive: benchArchive,
  'before-after': benchBeforeAfter,
  codec: async () => void (await import('./codec.ts')),
  engine: benchEngine,
  e2e: benchEndToEnd,
  issuing: benchIssuing,
  'idle-lines': benchIdleLines,
  'load-generator': benchLoadGenerator,
  'locked-row': benchLockedRow,
  overload: benchOverload,
  routing: benchRouting,
  web: benchWeb,
  reports: benchReports,
  search: benchSearch,
  welfare: benchWelfare,
} as const satisfies Record<string, () => Promise<void>>

const isBench = (name: string): name is keyof typeof BENCHES => Object.hasOwn(BENCHES, name)

function inOwnProcess(name: string): Promise<number> {
  console.log(`\n== ${name}`)
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

const names = process.argv.slice(2)
const [only] = names
const unknown = names.find((name) => !isBench(name))
if (unknown !== undefined) {
  console.error(`${unknown}: expected ${Object.keys(BENCHES).join(', ')} or nothing for all`)
  process.exitCode = 2
} else if (names.length === 1 && only !== undefined && isBench(only)) {
  await BENCHES[only]()
} else {
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    process.exitCode = (await inOwnProcess(name)) || Number(process.exitCode ?? 0)
  }
}

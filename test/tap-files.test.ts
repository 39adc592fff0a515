import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { TEST_BUNDLE } from './programs.ts'
import { tapFiles } from './tap-files.ts'

// Its files are plain ones, with the tap that they import.
delete process.env[TEST_BUNDLE]
const TAP = import.meta.resolve('tap')
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

// Seconds: one ends by its time, and no other one does, however busy the machine is.
const [SHORT, LONG] = [2, 240]
const TOO_LONG = 'one that takes too long'

const rows: readonly [title: string, source: string, passed: number, failed: number, said: RegExp][] = [
  ['what passes', `t.pass('a'); t.test('b', async (t) => { t.pass('c'); t.pass('d') })`, 3, 0, /^ok - .*one\.mjs \(\d+ ms\)$/],
  ['what fails is named', `t.test('b', async (t) => { t.pass('c'); t.equal(1, 2, 'd') })`, 1, 1, /FAILED .*one\.mjs > b > d/],
  ['what is skipped', `t.test('b', { skip: true }, async (t) => { t.fail('c') })`, 0, 0, /^ok/],
  ['a file that ends badly after all has passed', `t.pass('a'); t.teardown(() => process.exit(3))`, 1, 1, /ended: with 3/],
  ['one that is killed', `t.pass('a'); process.kill(process.pid, 'SIGKILL')`, 1, 1, /ended: by SIGKILL/],
  [TOO_LONG, `t.test('b', () => new Promise(() => setTimeout(() => {}, 4_000)))`, 0, 1, /FAILED .*one\.mjs/],
] // prettier-ignore

for (const [title, source, passed, failed, said] of rows) {
  void t.test(title, async (t) => {
    const file = join(t.testdir(), 'one.mjs')
    writeFileSync(file, `import t from '${TAP}'\n${source}\n`)
    const lines: string[] = []
    const files = tapFiles({
      directory: ROOT,
      environment: {},
      timeout: title === TOO_LONG ? SHORT : LONG,
      say: (line) => void lines.push(line),
      started: () => undefined,
      stopped: () => false,
    })
    await files.run(file)
    const count = files.end()
    t.match({ ...count }, { passed, failed }, lines.join('\n'))
    t.match(lines.join('\n'), said)
  })
}

void t.test('files that run in one process are told apart by what failed, and all of them run', async (t) => {
  const directory = t.testdir()
  const sources = {
    'a.test.js': `t.test('a', async (t) => t.equal(1, 2, 'differs'))`,
    'b.test.js': `throw new Error('no module')`,
    'c.test.js': `t.test('c', async (t) => { process.exitCode = 3 })`,
    'd.test.js': `t.test('d', async (t) => t.pass('e'))`,
  }
  for (const [name, source] of Object.entries(sources))
    writeFileSync(join(directory, name), `import t from '${TAP}'\n${source}\n`)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  const lines: string[] = []
  const files = tapFiles({
    directory: ROOT,
    environment: {},
    timeout: LONG,
    say: (line) => void lines.push(line),
    started: () => undefined,
    stopped: () => false,
  })
  const names = Object.keys(sources).map((name) => join(directory, name))
  await files.run(...names)
  const said = lines.join('\n')
  for (const failed of ['a > differs', names[1], `${names[3]} > ${names[2]} left the exit code alone`])
    t.match(said, `FAILED ${directory}: a b c d > ${failed}`)
  t.match(said, /no module/)
  t.equal(files.end().failed > 0, true)
})

import { spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startHost, usualHost } from '../../simulators/host/host.ts'
import { trackOf } from '../../simulators/host/cards.ts'
import { plain } from './tell.ts'

const assemble = fileURLToPath(new URL('../../simulators/package/assemble.js', import.meta.url))
const MOST_BYTES = 3_000_000

/** Runs a program in a directory; what it needs of the environment is the path. */
function run(cwd: string, command: string, args: readonly string[]) {
  return new Promise<{ code: number | null; out: string }>((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', npm_config_update_notifier: 'false' }
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (out += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out: plain(out) }))
  })
}

t.test('the simulator as a package, installed in an empty directory', { timeout: 240_000 }, async (t) => {
  // Outside of this project, so that nothing of it can be found by going up.
  const dir = await mkdtemp(join(tmpdir(), 'akart-package-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const packed = await run(dir, process.execPath, [assemble, join(dir, 'made')])
  t.equal(packed.code, 0, packed.out)
  const tarball = packed.out.trim()
  const size = statSync(tarball).size
  t.ok(size < MOST_BYTES, `${size} bytes`)

  const place = await mkdtemp(join(dir, 'empty-'))
  const installed = await run(place, 'npm', ['install', '--offline', '--no-audit', '--no-fund', tarball])
  t.equal(installed.code, 0, installed.out)
  const inside = join(place, 'node_modules', 'akart-sim')
  const manifest = JSON.parse(await readFile(join(inside, 'package.json'), 'utf8')) as Record<string, unknown>
  t.match(manifest, { name: 'akart-sim', bin: { 'akart-sim': String } })
  t.notOk('private' in manifest)
  const files = await readdir(inside, { recursive: true })
  t.same(
    files.filter((file) => /mysql2|knex|fastify|src\/(core|db|store|engine|switch|office|cli|app)\//.test(file)),
    [],
    'no server, no database driver',
  )

  const host = await startHost(usualHost())
  t.teardown(host.stop)
  const [, card] = host.cards
  if (card === undefined) throw new Error('the host has no cards')
  writeFileSync(join(place, 'cards.csv'), `number,track2\n${card.number},${trackOf(card)}\n`)
  writeFileSync(
    join(place, 'mine.yaml'),
    'title: mine\ncards: { gift: { given: 1 } }\nsteps:\n  - { send: payment, card: gift, amount: 1.00, as: pay }\n  - { reverse: pay }\n',
  )
  writeFileSync(join(place, 'till.yaml'), `target: 127.0.0.1:${host.port}\nterminal: T1\nstore: S1\n`)
  const sim = (...args: string[]) => run(place, join(place, 'node_modules', '.bin', 'akart-sim'), args)
  t.match(await sim('--version'), { code: 0, out: `${String(manifest['version'])}\n` })
  t.match(
    await sim('send', 'payment', '--till', 'till.yaml', '--card', trackOf(card), '--amount', '2.50', '--confirm'),
    {
      code: 0,
      out: /← 0210 .*00 approved.*← 0212 /s,
    },
  )
  t.match(await sim('run', 'mine.yaml', '--till', 'till.yaml', '--cards', 'cards.csv', '--junit', 'junit.xml'), {
    code: 0,
    out: /2 steps passed/,
  })
  t.match(await sim('run', 'nosuch'), {
    code: 2,
    out: /^nosuch: no such file or directory \(ENOENT\); built in are .*first-sale/,
  })
  const load = [
    'load',
    '--till',
    'till.yaml',
    '--cards',
    'cards.csv',
    '--count',
    '50',
    '--mix',
    'balance,confirm',
    '--report',
    'load.html',
  ]
  t.match(await sim(...load), { code: 0, out: /every request was answered/ })
  t.match(await sim('describe', '0800 8220000080000000 0400000000000000', '--profile', 'iso87-bcd'), {
    out: /network management/,
  })
  t.match(await sim('schema'), { code: 0, out: /"title": "A scenario of akart-sim run"/ })
  t.match(await sim('conformance', '--till', 'till.yaml', '--cards', 'cards.csv', '--section', '4', '--no-cases'), {
    out: /\? .*there is no terminal DEMO|\? .*no unused card/,
  })
})

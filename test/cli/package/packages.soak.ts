import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

/* `make packages` as its users have it: made twice, unpacked elsewhere, and a payment taken from nothing but the tarball. */

const ASSEMBLE = fileURLToPath(new URL('../../../src/cli/package/assemble.js', import.meta.url))
const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'akart-packages-'))
t.teardown(() => rm(root, { recursive: true, force: true }))

const sums = async (name: string): Promise<string[][]> => {
  const { stdout } = await run(process.execPath, [ASSEMBLE, join(root, name)])
  return stdout.trim().split('\n').map((line) => line.split(/ +/u)) // prettier-ignore
}

const first = await sums('first')
const tarball = first.find(([, file]) => file?.endsWith('.tgz'))?.[1] ?? ''
const debian = first.find(([, file]) => file?.endsWith('.deb'))?.[1] ?? ''

t.test('the same bytes every time', async (t) => {
  const second = await sums('second')
  t.same(
    second.map(([sum]) => sum),
    first.map(([sum]) => sum),
  )
  t.equal(first.length, 3)
})

/** `akart up` of a program until `work` is done. */
async function serving(program: string, work: (iso: string, home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(root, 'home-'))
  const env = { PATH: process.env['PATH'], HOME: root }
  const ports = ['--iso-port', '0', '--http-port', '0']
  const up = spawn(process.execPath, [program, 'up', '--home', home, ...ports], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface({ input: up.stdout })) {
      const iso = /^ready iso=(\S+)/u.exec(line)?.[1]
      if (iso !== undefined) {
        up.stdout.resume()
        await work(iso, home)
        break
      }
    }
  } finally {
    up.kill('SIGTERM')
    await once(up, 'exit')
  }
}

t.test('the tarball alone, installed without a registry', async (t) => {
  const place = join(root, 'npm')
  await mkdir(place)
  await writeFile(join(place, 'package.json'), '{}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: place })
  const inside = join(place, 'node_modules', 'akart')
  await serving(join(inside, 'build/src/cli/akart.js'), async (iso, home) => {
    const simulator = join(inside, 'build/simulators/akart-sim.js')
    const payment = ['send', 'payment', '--card', 'sold', '--amount', '12.50', '--home', home, '--target', iso]
    t.match((await run(process.execPath, [simulator, ...payment])).stdout, /00/u)
    const verify = ['ledger', 'verify', '--home', home]
    t.match(
      (await run(process.execPath, [join(inside, 'build/src/cli/akart.js'), ...verify])).stdout,
      /the books agree/u,
    )
  })
  t.match(JSON.parse(await readFile(join(inside, 'sbom.cdx.json'), 'utf8')), { bomFormat: 'CycloneDX' })
})

t.test('the Debian package, unpacked', { skip: debian === '' ? 'no dpkg-deb here' : false }, async (t) => {
  const place = join(root, 'debian')
  await run('dpkg-deb', ['--extract', debian, place])
  const { stdout } = await run('dpkg-deb', ['--field', debian])
  t.match(stdout, /^Package: akart$/mu)
  await serving(join(place, 'usr/lib/akart/build/src/cli/akart.js'), async (iso) => {
    t.match(iso, /^127\.0\.0\.1:\d+$/u)
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { bill } from '../../../src/cli/package/bill-of-materials.ts'

/* Parts of `make packages`; the soaks beside it make, install and use them. */

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8')

const npmSays = (name: string, refs: readonly string[]): string =>
  JSON.stringify({
    serialNumber: String(Math.random()),
    metadata: { timestamp: new Date().toISOString(), component: { 'bom-ref': name, name, version: '1.0.0' } },
    components: refs.map((ref) => ({
      'bom-ref': ref,
      name: ref.split('@')[0],
      version: ref.split('@')[1],
      externalReferences: [
        { type: 'distribution', url: 'https://downloads.example/x.tgz' },
        { type: 'website', url: 'https://example.com' },
      ],
    })),
    dependencies: [{ ref: name, dependsOn: refs }, ...refs.map((ref) => ({ ref, dependsOn: [] }))],
  })

t.test('a bill of materials of both packages: each component once, and the same for the same release', async (t) => {
  const about = { version: '1.2.3', at: 1_700_000_000 }
  const make = (): string => bill([npmSays('akart', ['b@2', 'a@1']), npmSays('ui', ['a@1', 'c@3'])], about)
  t.equal(make(), make())
  const made = JSON.parse(make()) as { components: { 'bom-ref': string }[] }
  t.same(
    made.components.map((one) => one['bom-ref']),
    ['a@1', 'b@2', 'c@3'],
  )
  t.match(made, {
    bomFormat: 'CycloneDX',
    serialNumber: /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u,
    metadata: { timestamp: '2023-11-14T22:13:20.000Z', component: { name: 'akart', version: '1.2.3' } },
    dependencies: [{ ref: 'a@1' }, { ref: 'akart', dependsOn: ['a@1', 'b@2', 'c@3'] }, { ref: 'b@2' }, { ref: 'c@3' }],
  })
  t.notMatch(make(), /downloads\.example/u, 'no address that it was downloaded from')
  t.match(make(), /"website"/u)
  t.not(make(), bill([npmSays('akart', ['b@2', 'a@1'])], about))
})

t.test('the Debian package agrees with the rest', async (t) => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  const [, oldest = ''] = /^\^(\d+\.\d+)\./u.exec(engines.node) ?? []
  t.match(read('config/debian/control'), `nodejs (>= ${oldest})`)
  const unit = read('config/systemd/akart.service')
  for (const file of read('config/debian/conffiles').trim().split('\n')) t.ok(unit.includes(file), file)
  const postinst = read('config/debian/postinst')
  const [, user = ''] = /^User=(.*)$/mu.exec(unit) ?? []
  t.match(postinst, `getent passwd ${user}`)
  t.notMatch(postinst, /systemctl (enable|(re)?start (?!\$\(cat))/u, 'nothing is started but what an update stopped')
  const [noted = ''] = /\/run\/akart\S+/u.exec(read('config/debian/preinst')) ?? []
  t.ok(noted !== '' && postinst.includes(`systemctl start $(cat ${noted})`), 'what preinst notes, postinst starts')
  t.notMatch(read('config/debian/postrm'), /\/var\/lib\/akart\b(?! has)/u, 'the books are never removed')
  const installed = ['/usr/lib/akart/build/src/cli/akart.js', '/usr/lib/akart/build/simulators/akart-sim.js']
  t.ok(read('config/debian/akart').includes(installed[0] ?? ''))
  t.ok(read('config/debian/akart-sim').includes(installed[1] ?? ''))
  t.ok(unit.replaceAll('/opt/akart', '/usr/lib/akart').includes(installed[0] ?? ''))
})

t.test("a command on the home of a service knows the service's database, on another home it does not", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'akart-package-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const program = join(directory, 'akart')
  const url = 'mysql://akart@db.example/akart?passwordFile=/etc/akart/db%20password&tlsCa=$(false)'
  writeFileSync(join(directory, 'environment'), `# the database\nAKART_DATABASE_URL=${url}\nAKART_LOG_LEVEL="warn"\nPATH=/nowhere\n`) // prettier-ignore
  // akart@2.service: what all share, then its own.
  writeFileSync(join(directory, '2.yaml'), '{}')
  writeFileSync(join(directory, '2.environment'), "AKART_LOG_LEVEL='debug'")
  writeFileSync(program, read('config/debian/akart').replace('=/etc/akart', `=${directory}`).replace(/^exec .*$/mu, 'env')) // prettier-ignore
  const known = (options: readonly string[], env: NodeJS.ProcessEnv = {}): readonly string[] =>
    spawnSync('sh', [program, ...options], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } })
      .stdout.split('\n')
      .filter((line) => line.startsWith('AKART_'))
      .sort()
  const wanted = [`AKART_DATABASE_URL=${url}`, 'AKART_LOG_LEVEL=warn']
  t.same(known(['user', 'list', '--home', '/var/lib/akart']), wanted)
  t.same(known(['user', 'list', '--home=/var/lib/akart/']), wanted)
  t.same(known(['user', 'list', '--home', '/var/lib/akart/2']), [wanted[0], 'AKART_LOG_LEVEL=debug'])
  t.same(known(['demo', 'reset', '--home', '/home/ola/demo']), [])
  t.same(known(['demo', 'reset', '--home', '/var/lib/akart/demo']), [], 'no service has this home')
  t.same(known(['archive', 'run', '--home', '/home/ola', '--out', '/var/lib/akart']), [], 'no home, but a place')
  t.same(known(['user', 'list']), [])
  t.same(known(['doctor', '--home', '/var/lib/akart'], { AKART_DATABASE_URL: 'mysql://a@b/c' }), ['AKART_DATABASE_URL=mysql://a@b/c']) // prettier-ignore
})

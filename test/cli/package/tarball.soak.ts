import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { textOf } from '../../docs/markdown.ts'
import { emptyDirectory, fileOf, makePackages, run, serving } from './made.ts'

/* The tarball of `make packages` as its users have it: a payment is taken from nothing else. */

t.test('the tarball alone, installed without a registry', async (t) => {
  const root = await emptyDirectory(t)
  const made = await makePackages(join(root, 'made'))
  const place = join(root, 'opt')
  await mkdir(place)
  const lines = [...textOf('docs/installing.md').matchAll(/^ {4}# (.*)$/gmu)].map(([, line = '']) => line)
  const from = lines.findIndex((line) => line.startsWith('mkdir /opt/akart-'))
  const walk = lines.slice(from, from + 3).join('\n').replaceAll('/opt', place).replaceAll('~/akart-0.1.0.tgz', fileOf(made, '.tgz')) // prettier-ignore
  t.match(walk, /npm install --offline \S+\.tgz$/mu, 'the lines of the page')
  await run('bash', ['-euc', walk])
  const inside = join(place, 'akart')
  await serving(root, join(inside, 'build/src/cli/akart.js'), async (iso, home) => {
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

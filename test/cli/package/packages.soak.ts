import { join } from 'node:path'
import t from 'tap'
import { emptyDirectory, fileOf, makePackages, run, serving } from './made.ts'

/* `make packages`, made twice, and the Debian package unpacked elsewhere; tarball.soak.ts and debian-….soak.ts install. */

const root = await emptyDirectory(t)
const first = await makePackages(join(root, 'first'))
const debian = fileOf(first, '.deb')

t.test('the same bytes every time', async (t) => {
  const second = await makePackages(join(root, 'second'))
  t.same(second.sums, first.sums)
  t.equal(first.files.length, debian === '' ? 2 : 3)
})

t.test('the Debian package, unpacked', { skip: debian === '' ? 'no dpkg-deb here' : false }, async (t) => {
  const place = join(root, 'debian')
  await run('dpkg-deb', ['--extract', debian, place])
  const { stdout } = await run('dpkg-deb', ['--field', debian])
  t.match(stdout, /^Package: akart$/mu)
  await serving(root, join(place, 'usr/lib/akart/build/src/cli/akart.js'), (iso) => {
    t.match(iso, /^127\.0\.0\.1:\d+$/u)
    return Promise.resolve()
  })
})

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { productionDirectory, productionFile } from '../../src/cli/production-file.ts'

const data = await mkdtemp(join(tmpdir(), 'akart-data-'))
t.teardown(() => rm(data, { recursive: true, force: true }))

t.test('files of numbers and tracks go beside no source code, where nobody else can read', async (t) => {
  const directory = await productionDirectory({ XDG_DATA_HOME: data })
  t.equal(directory, join(data, 'akart'))
  t.equal((await stat(directory)).mode & 0o777, 0o700)
})

t.test('the file that was named is taken; else one of its own for this moment', async (t) => {
  process.env['XDG_DATA_HOME'] = data
  t.teardown(() => void delete process.env['XDG_DATA_HOME'])
  t.equal(await productionFile('mine.csv', 'XMAS26', 'csv'), 'mine.csv')
  const file = await productionFile(undefined, 'XMAS26', 'csv')
  t.equal(dirname(file), join(data, 'akart'))
  t.match(file, /XMAS26-\d{8}T\d{9}Z\.csv$/u)
  t.notOk(file.startsWith(process.cwd()))
})

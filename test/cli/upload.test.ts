import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { uploadOf } from '../../src/cli/upload.ts'

t.test('a file of a list is read when it is one, and no larger than a list may be', async (t) => {
  const directory = t.testdir()
  const at = (name: string): string => join(directory, name)
  await writeFile(at('list.csv'), 'employee,amount\n')
  const read = await uploadOf(at('list.csv'))
  t.same([read.name, String(Buffer.from(read.content))], ['list.csv', 'employee,amount\n'])
  const large = await open(at('large.csv'), 'w')
  // Far more than memory has, and no byte of it on the disk.
  await large.truncate(2 ** 40)
  await large.close()
  await t.rejects(uploadOf(at('large.csv')), /large\.csv.*20 MB/su)
  await mkdir(at('directory'))
  await t.rejects(uploadOf(at('directory')), /it is a directory$/u)
  await t.rejects(uploadOf('/dev/zero'), /not a file/u)
  await t.rejects(uploadOf(at('none.csv')), /ENOENT/u)
})

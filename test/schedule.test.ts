import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { isWaiting, LONG, longestFirst, WAITING } from './schedule.ts'

t.test('long files come first, in order, and the others as they were', async (t) => {
  const files = [
    'build/test/a.test.js',
    `build/test/${LONG[1]}.test.js`,
    'build/test/b.test.js',
    `build/test/${LONG[0]}.test.js`,
  ]
  t.same(longestFirst(files), [files[3], files[1], files[0], files[2]])
  t.equal(isWaiting(`build/test/${WAITING[0]}.test.js`), true)
  t.equal(isWaiting(`build/test/${LONG[0]}.test.js`), false)
})

t.test('every file that is named is there, once', async (t) => {
  const named = [...LONG, ...WAITING]
  t.equal(new Set(named).size, named.length)
  for (const name of named) {
    await t.resolves(access(fileURLToPath(new URL(`../../test/${name}.test.ts`, import.meta.url))), name)
  }
})

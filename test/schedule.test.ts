import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ALONE, inGroups, isWaiting, LONG, longestFirst, WAITING } from './schedule.ts'

const file = (name: string): string => `build/test/${name}.test.js`

t.test('long files come first, in order, and the others as they were', async (t) => {
  const groups = ['a', LONG[1], 'b', LONG[0]].map((name) => [file(name)])
  t.same(longestFirst(groups), [groups[3], groups[1], groups[0], groups[2]])
  t.equal(isWaiting([file(WAITING[0])]), true)
  t.equal(isWaiting([file(LONG[0])]), false)
})

t.test('the files of a room run together, all of them once, but for those that are named', async (t) => {
  const room = Array.from({ length: 15 }, (_, i) => file(`core/a${i}`))
  const files = [file('architecture'), ...room, file(LONG[0]), file(WAITING[0]), file(ALONE[0]), file('cards/b')]
  const groups = inGroups(files)
  t.same(groups[0], room.slice(0, 12))
  t.same(groups[1], room.slice(12))
  t.same(groups.slice(2).flat().sort(), files.filter((one) => !room.includes(one)).sort())
  t.ok(groups.slice(2).every(({ length }) => length === 1))
})

t.test('every file that is named is there, once', async (t) => {
  const named = [...LONG, ...WAITING, ...ALONE]
  t.equal(new Set(named).size, named.length)
  for (const name of named) {
    await t.resolves(access(fileURLToPath(new URL(`../../test/${name}.test.ts`, import.meta.url))), name)
  }
})

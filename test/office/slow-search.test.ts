import t from 'tap'
import { searchSlowly } from '../../src/office/slow-search.ts'
import { testDatabase } from '../database.ts'
import { ok, testOffice } from './test-office.ts'

/* At most two searches without an index run at a time: a caller who leaves early frees the place. */

const office = await testOffice(t, await testDatabase(t))

t.test('requests that were dropped before and while the connection was opened hold no place', async (t) => {
  for (let n = 0; n < 3; n++) {
    t.match(await searchSlowly(office, 'SELECT SLEEP(600)', AbortSignal.abort()), { refused: 'search_ended' })
    const leaving = new AbortController()
    const asked = searchSlowly(office, 'SELECT SLEEP(600)', leaving.signal)
    leaving.abort()
    t.match(await asked, { refused: 'search_ended' })
  }
  t.same(await ok(searchSlowly(office, 'SELECT 7', new AbortController().signal)), [[7]])
})

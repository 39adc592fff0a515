import t from 'tap'
import { toUrl } from '../../src/db/access.ts'
import { emptyDatabase } from '../database.ts'
import { upForTest } from '../up.ts'

void t.test('two processes are started at once on an empty database: both serve', { timeout: 400_000 }, async (t) => {
  for (let round = 1; round <= 2; round++) {
    const url = toUrl(await emptyDatabase(t))
    const both = await Promise.allSettled([1, 2].map(() => upForTest(t, { AKART_DATABASE_URL: url })))
    for (const one of both) {
      t.equal(one.status, 'fulfilled', one.status === 'rejected' ? String(one.reason) : 'serves')
      if (one.status === 'fulfilled') t.notMatch(one.value.errors(), / at .*\.js:\d+/u, 'without a stack')
    }
  }
})

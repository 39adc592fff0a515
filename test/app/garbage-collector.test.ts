import t from 'tap'
import { collectorFlag } from '../../src/app/garbage-collector.ts'

void t.test('the garbage collector has helpers where there are processors for them', async (t) => {
  for (const processors of [1, 2, 3]) t.equal(collectorFlag(processors), '--no-parallel-scavenge')
  for (const processors of [4, 64]) t.equal(collectorFlag(processors), null)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { costsOfChildren, costTable, processorTimeOf, processorTimeOfMachine } from './costs.ts'

/** Works until it has had so many milliseconds of processor, however long that takes. */
const work = (ms: number): string => `while (process.cpuUsage().user < ${ms} * 1000);`

t.test('a child is charged with what it and its own children took', async (t) => {
  const costs = costsOfChildren()
  const inner = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(work(400))}])`
  for (const [name, source] of [
    ['idle', ''],
    ['starts one that works', inner],
  ] as const) {
    const child = spawn(process.execPath, ['-e', source], { stdio: 'ignore' })
    costs.watch(child, name)
    await once(child, 'exit')
  }
  if (processorTimeOf('self').own === 0) return t.comment('no /proc here')
  const seconds = new Map(costs.all().map((cost) => [cost.name, cost.seconds]))
  t.ok((seconds.get('starts one that works') ?? 0) >= 0.4, [...seconds].join(' '))
  t.ok((seconds.get('idle') ?? 9) < (seconds.get('starts one that works') ?? 0), [...seconds].join(' '))
  t.ok(seconds.has('the runner'))
})

t.test('the dearest come first in the table; a process that is gone took nothing', async (t) => {
  t.equal(costTable([{ name: 'a b', seconds: 12.345 }]), '   12.3 a b\n')
  t.same(processorTimeOf(2 ** 30), { own: 0, children: 0 })
})

t.test('the machine has worked for as long as any process on it', async (t) => {
  const [before, own] = [processorTimeOfMachine(), processorTimeOf('self').own]
  if (own === 0) return t.comment('no /proc here')
  while (processorTimeOf('self').own < own + 0.2);
  const worked = processorTimeOfMachine() - before
  // Each counts in ticks of its own.
  t.ok(worked >= 0.15, `${worked} s of 0.2`)
})

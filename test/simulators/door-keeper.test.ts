import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { keeperOf } from '../../simulators/control/door-keeper.ts'

t.test('a flapping door that is told `down` while it opens stays shut', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const done: string[] = []
  let opening = Promise.resolve()
  const keeper = keeperOf({
    port: () => 1,
    lines: () => 0,
    opened: () => 0,
    open: async () => {
      done.push('open')
      await opening
    },
    shut: async () => void done.push('shut'),
  })
  await keeper.tell('flapping up=10 down=10')
  mock.timers.tick(10)
  await turn()
  let isOpen = (): void => {}
  opening = new Promise((resolve) => {
    isOpen = resolve
  })
  mock.timers.tick(10)
  await keeper.tell('down')
  isOpen()
  await turn()
  mock.timers.tick(1_000)
  await turn()
  t.same(done, ['open', 'shut', 'open', 'shut'])
  t.equal(keeper.told(), 'down')
})

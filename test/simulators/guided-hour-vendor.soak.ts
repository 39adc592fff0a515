import t from 'tap'
import { typeTasks } from './guided-hour.ts'

t.test('the guided hour of the README, as it is typed: a vendor connects a terminal', { timeout: 290_000 }, (t) =>
  typeTasks(t, 1, 5),
)

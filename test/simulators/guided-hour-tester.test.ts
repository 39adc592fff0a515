import t from 'tap'
import { typeTasks } from './guided-hour.ts'

t.test('the guided hour of the README, as it is typed: a tester writes, records and loads', { timeout: 290_000 }, (t) =>
  typeTasks(t, 6, 10),
)

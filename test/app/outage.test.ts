import t from 'tap'
import { throughOutage } from './outage.ts'

// 40 s: outage.soak.ts
for (const seconds of [1, 5]) {
  void t.test(`the database is away for ${seconds} s`, { timeout: 90_000 }, (t) => throughOutage(t, seconds))
}

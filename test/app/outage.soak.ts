import t from 'tap'
import { throughOutage } from './outage.ts'

void t.test('the database is away for 40 s', { timeout: 180_000 }, (t) => throughOutage(t, 40, 5_000))

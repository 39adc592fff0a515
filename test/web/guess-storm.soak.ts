import t from 'tap'
import { quantile, shapesOf, storm, stormSetting, wasAnswered } from './guess-storm.ts'

/*
 * 1,000 guesses a second from 200 addresses for 75 seconds, so that the minute of the budgets turns: nothing is learned by
 * answer or time, holders are served within 300 ms (p95), and the alert comes within a minute (docs/spec/web.md, section 7).
 */

void t.test('1,000 a second from 200 addresses', { timeout: 300_000 }, async (t) => {
  const done = await storm(await stormSetting(t), { rate: 1_000, seconds: 75 })
  const answered = done.guesses.filter(wasAnswered)
  const holders = done.holders.map(({ ms }) => ms)
  const p95 = quantile(holders, 0.95)
  t.comment(`${done.guesses.length} guesses, ${answered.length} answered, alert after ${done.alertedAfter} ms`)
  t.comment(`${holders.length} holders: p50 ${quantile(holders, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`)
  t.ok(done.guesses.length >= 74_000)
  t.ok(answered.length < 1_000, 'a few for each address and minute')
  t.ok(
    done.holders.every(({ status }) => status === 200),
    'every holder is served',
  )
  t.ok(p95 < 300)
  t.ok(done.alertedAfter !== null && done.alertedAfter < 60_000)
  for (const door of ['api', 'page'] as const) {
    t.equal(shapesOf(done, door).size, 1)
    const medians = (['no card', 'wrong eCode', 'never sold'] as const).map((guess) => {
      const times = answered.filter((told) => told.door === door && told.guess === guess).map(({ ms }) => ms)
      t.ok(Math.min(...times) >= 295)
      return quantile(times, 0.5)
    })
    t.comment(`${door}: medians ${medians.map((ms) => ms.toFixed(1)).join(', ')} ms`)
    t.ok(Math.max(...medians) - Math.min(...medians) < 20, 'the time tells nothing')
  }
})

import t from 'tap'
import { shapesOf, storm, stormSetting, wasAnswered } from './guess-storm.ts'

/** A short form of `guess-storm.soak.ts`, which sends 1,000 requests a second: checks the answers, not the speed. */

void t.test('200 addresses try numbers at API and page: one answer, an alert, holders served', async (t) => {
  const done = await storm(await stormSetting(t), { rate: 200, seconds: 4 })
  for (const door of ['api', 'page'] as const) {
    t.equal(shapesOf(done, door).size, 1, `${door}: unknown, wrong eCode and never sold look alike`)
    t.same(new Set(done.holders.filter((one) => one.door === door).map(({ status }) => status)), new Set([200]))
  }
  const answered = done.guesses.filter(wasAnswered)
  t.same(new Set(done.guesses.map(({ status }) => status)), new Set([200, 402, 429]))
  t.ok(answered.length < 350, `${answered.length} of ${done.guesses.length} guesses were answered`)
  t.ok(answered.every(({ ms }) => ms >= 295))
  t.type(done.alertedAfter, 'number')
})

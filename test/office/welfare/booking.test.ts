import t from 'tap'
import { killedBooking, killSetting } from './booking-kills.ts'
import { welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
await world.rows("UPDATE issues SET maximum_balance = 1000000000 WHERE code = 'OPEN'")
const cards = await killSetting(world)

t.test('killed at every named step, and in the middle of a lot', async (t) => {
  await killedBooking(t, world, cards, 1, ['opened', 'staged 1', 50, 'booked'])
  await killedBooking(t, world, cards, 2, ['staged 2', 130, 'never'])
})

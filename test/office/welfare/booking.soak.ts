import t from 'tap'
import { type Kill, killedBooking, killSetting } from './booking-kills.ts'
import { welfareSetting } from './welfare-setting.ts'

/** 200 kills at random, 5 for each of 40 batches; the seed is printed, and AKART_SOAK_SEED repeats one. */

const BATCHES = 40
const KILLS = 5
const seed = Number(process.env['AKART_SOAK_SEED'] ?? Date.now() % 1_000_000)

const world = await welfareSetting(t)
await world.changeOpen('maximum_balance = 100000000000')
const cards = await killSetting(world)
let state = seed
const random = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((state / 2_147_483_648) * below)
}
const NAMED = ['opened', 'staged 1', 'staged 2', 'booked'] as const

t.test(`200 kills, AKART_SOAK_SEED=${seed}`, async (t) => {
  for (let round = 1; round <= BATCHES; round++) {
    const kills = Array.from({ length: KILLS }, (): Kill =>
      random(4) === 0 ? (NAMED[random(4)] ?? 'opened') : 1 + random(300),
    )
    await killedBooking(t, world, cards, round, kills)
  }
})

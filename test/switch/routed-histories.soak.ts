import t from 'tap'
import { randomInt } from 'node:crypto'
import { openLane, playHistories } from './routed-histories.ts'
import { routingSetting } from './routing-setting.ts'

const HISTORIES = 10_000
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const LANES = Array.from({ length: 16 }, (_, i) => `l${i}`)

t.test(`${HISTORIES} histories between terminals, switch and hosts, seed ${SEED}`, { timeout: 0 }, async (t) => {
  const setting = await routingSetting(t, LANES)
  const lanes = await Promise.all(LANES.map((name) => openLane(t, setting, name)))
  t.same(await playHistories(lanes, HISTORIES, SEED), [])
})

import t from 'tap'
import { randomInt } from 'node:crypto'
import { openLane, playHistories } from './routed-histories.ts'
import { routingSetting } from './routing-setting.ts'

const HISTORIES = Number(process.env['AKART_MODEL_HISTORIES'] ?? '120')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const LANES = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7', 'l8', 'l9', 'l10', 'l11', 'l12'] as const

t.test(`${HISTORIES} histories between terminals, switch and hosts, seed ${SEED}`, { timeout: 240_000 }, async (t) => {
  const setting = await routingSetting(t, LANES)
  const lanes = await Promise.all(LANES.map((name) => openLane(t, setting, name)))
  t.same(await playHistories(lanes, HISTORIES, SEED), [])
})

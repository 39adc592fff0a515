import t from 'tap'
import { randomInt } from 'node:crypto'
import { checkPortions } from './portion-check.ts'

/* Thousands of histories, and some of 5,000 moves over months. */

t.setTimeout(0)
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

t.test(`5,000 histories, seed ${SEED}`, async (t) => {
  const { finding, transfers, shifted } = checkPortions({ seed: SEED, histories: 5_000 })
  t.equal(finding, null)
  t.comment(`${transfers} transfers, ${shifted} shifts`)
})

t.test(`5 histories of 5,000 moves, seed ${SEED}`, async (t) => {
  const { finding, transfers, shifted } = checkPortions({ seed: SEED, histories: 5, long: true })
  t.equal(finding, null)
  t.comment(`${transfers} transfers, ${shifted} shifts`)
})

import { randomInt } from 'node:crypto'
import t from 'tap'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { Times } from './history-company.ts'
import { welfareSetting } from './welfare-setting.ts'

const seed = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const times = new Times()
const clock = (): number => times.now
const world = await welfareSetting(t, clock)
const other = await testOffice(t, world.setting.access, { clock })

t.test(`what an employer does, against a model, AKART_MODEL_SEED=${seed}`, async (t) => {
  const { finding } = await playHistories(world, [world.office, other], 6, seed, times)
  t.equal(finding, null)
})

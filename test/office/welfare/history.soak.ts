import { randomInt } from 'node:crypto'
import t from 'tap'
import { testOffice } from '../test-office.ts'
import { playHistories } from './history.ts'
import { Times } from './history-company.ts'
import { welfareSetting } from './welfare-setting.ts'

const HISTORIES = Number(process.env['AKART_MODEL_ROUNDS'] ?? '200')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))
const times = new Times()
const clock = (): number => times.now
const world = await welfareSetting(t, clock)
const other = await testOffice(t, world.setting.access, { clock })

t.test(`${HISTORIES} histories of an employer, AKART_MODEL_SEED=${SEED}`, { timeout: 0 }, async (t) => {
  const { finding } = await playHistories(world, [world.office, other], HISTORIES, SEED, times)
  t.equal(finding, null)
})

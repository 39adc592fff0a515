import t from 'tap'
import { randomInt } from 'node:crypto'
import { engineSetting } from './engine-setting.ts'
import { runModel } from './engine-model-run.ts'

const HISTORIES = Number(process.env['AKART_SOAK_HISTORIES'] ?? '50000')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

void t.test(`${HISTORIES} histories through two engines, seed ${SEED}`, async (t) => {
  const setting = await engineSetting(t)
  const report = await runModel(setting, HISTORIES, SEED)
  t.equal(report.finding, null)
  t.ok(report.histories >= HISTORIES, `${report.histories} histories, ${report.requests} requests`)
})

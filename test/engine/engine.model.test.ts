import t from 'tap'
import { randomInt } from 'node:crypto'
import { engineSetting } from './engine-setting.ts'
import { runModel } from './engine-model-run.ts'

const HISTORIES = Number(process.env['AKART_MODEL_HISTORIES'] ?? '400')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

t.test(`${HISTORIES} histories through two engines, seed ${SEED}`, { timeout: 240_000 }, async (t) => {
  const setting = await engineSetting(t)
  const report = await runModel(setting, HISTORIES, SEED)
  t.equal(report.finding, null)
  t.ok(report.histories >= HISTORIES, `${report.histories} histories, ${report.requests} requests`)
  t.comment(`${report.requests} requests, ${report.restarts} restarts, ${report.broken} broken commits`)
})

import t from 'tap'
import { randomInt } from 'node:crypto'
import { runApiModel } from './api-model-run.ts'

const HISTORIES = Number(process.env['AKART_SOAK_HISTORIES'] ?? '5000')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

t.setTimeout(0)
void t.test(`${HISTORIES} histories of two shops and a till over HTTP, seed ${SEED}`, async (t) => {
  const report = await runApiModel(t, HISTORIES, SEED)
  t.equal(report.finding, null)
  t.ok(report.histories >= HISTORIES)
  t.comment(`${report.histories} histories, ${report.requests} requests, ${report.kills} kills, ${report.late} late`)
})

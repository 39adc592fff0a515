import t from 'tap'
import { randomInt } from 'node:crypto'
import { runApiModel } from './api-model-run.ts'

const HISTORIES = Number(process.env['AKART_MODEL_HISTORIES'] ?? '40')
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? randomInt(2 ** 31))

void t.test(
  `${HISTORIES} histories of two shops and a till over HTTP, seed ${SEED}`,
  { timeout: 240_000 },
  async (t) => {
    const report = await runApiModel(t, HISTORIES, SEED)
    t.equal(report.finding, null)
    t.ok(report.histories >= HISTORIES)
    t.ok(report.undecided * 20 <= report.histories, `${report.undecided} undecided`)
    t.comment(`${report.histories} histories, ${report.requests} requests, ${report.kills} kills, ${report.late} late`)
  },
)

import t from 'tap'
import { mustBePlantable, playPlanted } from '../../planting.ts'
import { PORTION_BUGS } from './portion-bugs.ts'

/* Proves that the checker of portions works: it must find each of these bugs. */

t.setTimeout(0)
t.jobs = 2
const SEED = Number(process.env['AKART_MODEL_SEED'] ?? '4')
const HISTORIES = 2_000

await mustBePlantable(PORTION_BUGS)
const module = new URL('portion-player.js', import.meta.url).href
await Promise.all(
  [null, ...PORTION_BUGS].map((bug) =>
    t.test(`${bug?.name ?? 'without a bug'}, seed ${SEED}`, async (t) => {
      const { finding, histories } = await playPlanted({ bug, module, input: { seed: SEED, histories: bug === null ? 300 : HISTORIES } }, {}) // prettier-ignore
      if (bug === null) t.equal(finding, null)
      else t.not(finding, null, `found within ${HISTORIES} histories`)
      t.comment(`after ${histories} histories`)
    }),
  ),
)

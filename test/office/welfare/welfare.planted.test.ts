import t from 'tap'
import { findAll } from '../../engine/engine-planted.ts'
import { mustBePlantable } from '../../planting.ts'
import { FURTHER_WELFARE_BUGS, USUAL_WELFARE_BUGS } from './welfare-bugs.ts'

t.setTimeout(240_000)
await mustBePlantable([...USUAL_WELFARE_BUGS, ...FURTHER_WELFARE_BUGS])
// One shows that the checker sees; the soak plays all of them. Without a bug `history.test.ts` plays.
await findAll(t, USUAL_WELFARE_BUGS.slice(0, 1), {
  player: '../office/welfare/history-player.js',
  histories: 60,
  plain: false,
})

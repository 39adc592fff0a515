import t from 'tap'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_BUGS, USUAL_BUGS } from './engine-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await mustBePlantable([...USUAL_BUGS, ...FURTHER_BUGS])
// Two show that the checker sees; the soak plays all of them, 3 s of processor each. Without a bug `engine.model.test.ts` plays.
await findAll(t, USUAL_BUGS.slice(0, 2), { player: 'engine-model-player.js', histories: 200, plain: false })

import t from 'tap'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_FOUNDATION_BUGS, USUAL_FOUNDATION_BUGS } from './foundations-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await mustBePlantable([...USUAL_FOUNDATION_BUGS, ...FURTHER_FOUNDATION_BUGS])
// One shows that the checker sees; the soak plays all of them. Without a bug `foundations.model.test.ts` plays.
await findAll(t, USUAL_FOUNDATION_BUGS.slice(0, 1), { player: 'foundations-player.js', histories: 60, plain: false })

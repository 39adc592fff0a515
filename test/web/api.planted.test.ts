import t from 'tap'
import { findAll } from '../engine/engine-planted.ts'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_API_BUGS, USUAL_API_BUGS } from './api-bugs.ts'

t.setTimeout(240_000)
await mustBePlantable([...USUAL_API_BUGS, ...FURTHER_API_BUGS])
// One shows that the checker sees; the soak plays all of them. Without a bug `api.model.test.ts` plays.
await findAll(t, USUAL_API_BUGS.slice(0, 1), { player: '../web/api-model-player.js', histories: 200, plain: false })

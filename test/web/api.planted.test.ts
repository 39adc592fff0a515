import t from 'tap'
import { findAll } from '../engine/engine-planted.ts'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_API_BUGS, USUAL_API_BUGS } from './api-bugs.ts'

t.setTimeout(240_000)
await mustBePlantable(FURTHER_API_BUGS)
await findAll(t, USUAL_API_BUGS, { player: '../web/api-model-player.js', histories: 200, plain: false })

import t from 'tap'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_FOUNDATION_BUGS, USUAL_FOUNDATION_BUGS } from './foundations-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await mustBePlantable(FURTHER_FOUNDATION_BUGS)
await findAll(t, USUAL_FOUNDATION_BUGS, { player: 'foundations-player.js', histories: 60 })

import t from 'tap'
import { mustBePlantable } from '../planting.ts'
import { FURTHER_BUGS, USUAL_BUGS } from './engine-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await mustBePlantable(FURTHER_BUGS)
await findAll(t, USUAL_BUGS)

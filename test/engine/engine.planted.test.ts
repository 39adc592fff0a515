import t from 'tap'
import { USUAL_BUGS } from './engine-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await findAll(t, USUAL_BUGS)

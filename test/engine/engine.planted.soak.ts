import t from 'tap'
import { FURTHER_BUGS, USUAL_BUGS } from './engine-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(0)
await findAll(t, [...USUAL_BUGS, ...FURTHER_BUGS])

import t from 'tap'
import { FURTHER_FOUNDATION_BUGS, USUAL_FOUNDATION_BUGS } from './foundations-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(0)
await findAll(t, [...USUAL_FOUNDATION_BUGS, ...FURTHER_FOUNDATION_BUGS], {
  player: 'foundations-player.js',
  histories: 60,
})

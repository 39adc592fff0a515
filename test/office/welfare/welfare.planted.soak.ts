import t from 'tap'
import { findAll } from '../../engine/engine-planted.ts'
import { FURTHER_WELFARE_BUGS, USUAL_WELFARE_BUGS } from './welfare-bugs.ts'

t.setTimeout(0)
await findAll(t, [...USUAL_WELFARE_BUGS, ...FURTHER_WELFARE_BUGS], {
  player: '../office/welfare/history-player.js',
  histories: 25,
})

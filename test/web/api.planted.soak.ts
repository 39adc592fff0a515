import t from 'tap'
import { findAll } from '../engine/engine-planted.ts'
import { FURTHER_API_BUGS, USUAL_API_BUGS } from './api-bugs.ts'

t.setTimeout(0)
await findAll(t, [...USUAL_API_BUGS, ...FURTHER_API_BUGS], { player: '../web/api-model-player.js', histories: 200 })

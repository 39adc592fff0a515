import t from 'tap'
import { FOUNDATION_BUGS } from './foundations-bugs.ts'
import { findAll } from './engine-planted.ts'

t.setTimeout(240_000)
await findAll(t, FOUNDATION_BUGS, { player: 'foundations-player.js', histories: 60 })

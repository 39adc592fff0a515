import t from 'tap'
import { findAll } from '../../../engine/engine-planted.ts'
import { PROOF_BUGS } from './proof-bugs.ts'

t.setTimeout(0)
await findAll(t, PROOF_BUGS, { player: '../office/reports/proof/proof-player.js', histories: 3 })

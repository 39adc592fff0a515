// Plays what its parent orders with a bug in the product, says the verdict, and ends.
import { once } from 'node:events'
import { register } from 'node:module'
import process from 'node:process'
import type { Order, Verdict } from './planting.ts'

const [{ bug, module, input }] = (await once(process, 'message')) as [Order]
if (bug !== null) register('./planting-hooks.js', import.meta.url, { data: bug })
const { play } = (await import(module)) as { play: (input: unknown) => Promise<Verdict> }
if (bug !== null && !('isBugPlanted' in globalThis)) throw new Error(`${module} does not load src/${bug.file}.ts`)

const verdict = await play(input)
process.send?.(verdict, () => process.exit(0))

// Module hooks of planted-process.ts, in the thread that Node gives them: one module is loaded with the bug in it.
import type { LoadHook } from 'node:module'
import { type Bug, fileOf, planted } from './planting.ts'

let bug: Bug | null = null

export function initialize(given: Bug): void {
  bug = given
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context)
  if (bug === null || url !== fileOf(bug)) return loaded
  const source = planted(Buffer.from(loaded.source as Uint8Array).toString('utf8'), bug)
  return { ...loaded, source: `${source}\nglobalThis.${PLANTED} = true\n` }
}

/** The process sees by it that the module was loaded at all. */
const PLANTED = 'isBugPlanted'

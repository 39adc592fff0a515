import { isScalar } from 'yaml'
import type { Section } from './profile-file.ts'

/**
 * The values that other terminals send in DE 22, digits 1 and 2, and their meaning: `02` stripe, `01` keyed, or
 * `refuse`. Networks disagree about 05, 07, 80, 90 and 91, so each dialect defines them.
 */
export type EntryModes = ReadonlyMap<string, '01' | '02' | 'refuse'>

const TAKEN_FOR = ['01', '02', 'refuse'] as const
/** The values that have the meaning of docs/protocol.md in every dialect. */
const OURS: ReadonlySet<string> = new Set(['01', '02', '03', '81'])

export const NO_ENTRY_MODES: EntryModes = new Map()

/** Reads `{ 80: 02, 90: refuse }`. YAML parses `05` as a number, so the source text of each value is used. */
export function parseEntryModes({ node, complain }: Section): EntryModes {
  return new Map(
    node.items.map(({ key, value }) => {
      const mode = written(key)
      if (!/^\d\d$/u.test(mode)) return complain(key, `entry mode ${mode}: it is two digits`)
      if (OURS.has(mode)) return complain(key, `entry mode ${mode} is the same in every dialect`)
      const given = written(value)
      const takenFor = TAKEN_FOR.find((one) => one === given)
      return [
        mode,
        takenFor ?? complain(value ?? key, `entry mode ${mode}: it may be ${TAKEN_FOR.join(', ')}`),
      ] as const
    }),
  )
}

const written = (node: unknown): string => (isScalar(node) ? (node.source ?? '') : '')

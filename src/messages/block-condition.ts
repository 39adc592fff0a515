import type { Block } from '../core/card.ts'

/** DE 25 of a block: why (docs/spec/terminal.md, section 3). */
export const BLOCK_CONDITIONS = {
  '41': 'lost',
  '43': 'stolen',
  '00': 'customer',
  '20': 'suspicion',
} as const satisfies Record<string, Block>

export const blockOf = (de25: string | undefined): Block | null =>
  de25 !== undefined && de25 in BLOCK_CONDITIONS ? BLOCK_CONDITIONS[de25 as keyof typeof BLOCK_CONDITIONS] : null

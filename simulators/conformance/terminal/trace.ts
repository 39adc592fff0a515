import type { DemoTerminal } from '../../demo/terminals.ts'
import { maskedFields } from '../../terminal/fields.ts'
import type { Message } from '../../terminal/message.ts'
import { originalMti } from '../../terminal/operations.ts'

/** Something that happened on a line between a terminal and the judge. */
export type Frame = {
  /** From 1 on, over the whole run. */
  readonly number: number
  /** Milliseconds since the run began, and since 1970. */
  readonly atMs: number
  readonly clock: number
  readonly from: 'terminal' | 'host' | 'line'
  /** Null for lines that begin or end, and for what cannot be read. */
  readonly message: Message | null
  /** An unreadable message, or the host's deliberate fault. */
  readonly note: string
  /** The fault of a message's MAC; null: none, or the terminal has no key. */
  readonly mac: string | null
}

/** A situation as it went. */
export type Story = {
  /** The request that it is about; null as long as none came. */
  readonly original: Frame | null
  /** Its frames. */
  readonly frames: readonly Frame[]
  /** The frames before it. */
  readonly before: readonly Frame[]
  /** Null: unknown, so MACs and confirmations cannot be judged. */
  readonly terminal: DemoTerminal | null
}

/** A message of the terminal's, with the frame that it came in. */
export type Said = { readonly frame: Frame; readonly mti: string; readonly fields: Message['fields'] }

export const saidBy = (frames: readonly Frame[], from: 'terminal' | 'host'): Said[] =>
  frames.flatMap((frame) =>
    frame.from === from && frame.message !== null
      ? [{ frame, mti: frame.message.mti, fields: frame.message.fields }]
      : [],
  )

/** A repeat has the key of its original. */
export const keyOf = ({ mti, fields }: Pick<Said, 'mti' | 'fields'>): string =>
  [originalMti(mti), fields[42]?.trimEnd() ?? '', fields[41]?.trimEnd() ?? '', fields[11], fields[7]].join('/')

export const isRepeat = ({ mti }: Pick<Said, 'mti'>): boolean => Number(mti[3]) % 2 === 1

/** Whether DE90 of a message names this request of the same terminal. */
export const names = (said: Said, original: Said): boolean =>
  (said.fields[90] ?? '').startsWith(
    `${originalMti(original.mti)}${original.fields[11] ?? ''}${original.fields[7] ?? ''}`,
  ) && said.fields[41] === original.fields[41]

/** `#4 12.031 s terminal → 0420 3 006000 11 000018 …`, numbers masked. */
export function frameLine({ number, atMs, from, message, note }: Frame): string {
  const head = `#${number}  ${(atMs / 1_000).toFixed(3)} s  `
  const added = note === '' ? '' : `  (${note})`
  if (from === 'line') return `${head}${note}`
  const arrow = from === 'terminal' ? 'terminal →' : 'host     ←'
  if (message === null) return `${head}${arrow} ${note}`
  const fields = Object.entries(maskedFields(message.fields)).map(([de, value]) => `${de}=${value.trimEnd()}`)
  return `${head}${arrow} ${message.mti}  ${fields.join(' ')}${added}`
}

import type { TerminalOperation } from '../core/operations.ts'
import { TOTALS_DE } from './totals.ts'

/**
 * The message table of docs/spec/terminal.md, section 3, keyed by request MTI with the repeat bit cleared: which fields
 * must be there, and which operations may be asked for. A request MTI that is not here is answered 12.
 */
export type MessageKind = {
  readonly kind: number
  readonly mandatory: readonly number[]
  /** Operations that DE 3 may name; empty: DE 3 is that of the original and is ignored. */
  readonly operations: readonly TerminalOperation[]
  readonly carries: 'card' | 'original' | 'network' | 'totals'
}

const LABELS = [3, 7, 11, 12, 13, 41, 42] as const

/** The messages in which a terminal asks for each operation. The compiler demands a row for a new operation. */
const ASKED_BY = {
  payment: ['0200', '0220'],
  sale: ['0200'],
  top_up: ['0200'],
  refund: ['0200', '0220'],
  cash_out: ['0200'],
  balance: ['0100', '0200'],
  duplicate: ['0200'],
  block: ['0600'],
  unblock: ['0600'],
} as const satisfies Record<TerminalOperation, readonly ('0100' | '0200' | '0220' | '0600')[]>

const askedBy = (mti: string): readonly TerminalOperation[] =>
  (Object.keys(ASKED_BY) as TerminalOperation[]).filter((name) => ASKED_BY[name].some((one) => one === mti))

export const MESSAGE_KINDS = {
  '0100': { kind: 100, mandatory: [...LABELS, 22], operations: askedBy('0100'), carries: 'card' },
  '0200': { kind: 200, mandatory: [...LABELS, 22], operations: askedBy('0200'), carries: 'card' },
  '0202': { kind: 202, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0220': { kind: 220, mandatory: [...LABELS, 22], operations: askedBy('0220'), carries: 'card' },
  '0400': { kind: 400, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0420': { kind: 420, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0500': { kind: 500, mandatory: [7, 11, 41, 42, ...TOTALS_DE], operations: [], carries: 'totals' },
  '0520': { kind: 520, mandatory: [7, 11, 41, 42], operations: [], carries: 'totals' },
  '0600': { kind: 600, mandatory: [...LABELS, 22], operations: askedBy('0600'), carries: 'card' },
  '0800': { kind: 800, mandatory: [7, 11, 41, 70], operations: [], carries: 'network' },
} as const satisfies Record<string, MessageKind>

export const messageKindOf = (mtiWithoutRepeat: string): MessageKind | null =>
  mtiWithoutRepeat in MESSAGE_KINDS ? MESSAGE_KINDS[mtiWithoutRepeat as keyof typeof MESSAGE_KINDS] : null

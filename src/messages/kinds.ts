import type { TerminalOperation } from '../core/operations.ts'
import { TOTALS_DE } from './totals.ts'

/**
 * The message table of docs/spec/terminal.md, section 3, keyed by request MTI with the repeat bit cleared: which fields
 * must be there, and which operations may be asked for. A request MTI that is not here is answered 12.
 */
export type MessageKind = {
  readonly kind: number
  readonly mandatory: readonly number[]
  /** Operations that DE 3 may name; empty: DE 3 is that of the original and not looked at. */
  readonly operations: readonly TerminalOperation[]
  readonly carries: 'card' | 'original' | 'network' | 'totals'
}

const LABELS = [3, 7, 11, 12, 13, 41, 42] as const
const FINANCIAL: readonly TerminalOperation[] = [
  'payment',
  'sale',
  'top_up',
  'refund',
  'cash_out',
  'balance',
  'duplicate',
]

export const MESSAGE_KINDS = {
  '0100': { kind: 100, mandatory: [...LABELS, 22], operations: ['balance'], carries: 'card' },
  '0200': { kind: 200, mandatory: [...LABELS, 22], operations: FINANCIAL, carries: 'card' },
  '0202': { kind: 202, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0220': { kind: 220, mandatory: [...LABELS, 22], operations: ['payment', 'refund'], carries: 'card' },
  '0400': { kind: 400, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0420': { kind: 420, mandatory: [...LABELS, 90], operations: [], carries: 'original' },
  '0500': { kind: 500, mandatory: [7, 11, 41, 42, ...TOTALS_DE], operations: [], carries: 'totals' },
  '0520': { kind: 520, mandatory: [7, 11, 41, 42], operations: [], carries: 'totals' },
  '0600': { kind: 600, mandatory: [...LABELS, 22], operations: ['block', 'unblock'], carries: 'card' },
  '0800': { kind: 800, mandatory: [7, 11, 41, 70], operations: [], carries: 'network' },
} as const satisfies Record<string, MessageKind>

export const messageKindOf = (mtiWithoutRepeat: string): MessageKind | null =>
  mtiWithoutRepeat in MESSAGE_KINDS ? MESSAGE_KINDS[mtiWithoutRepeat as keyof typeof MESSAGE_KINDS] : null

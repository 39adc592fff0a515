import type { TerminalOperation } from '../core/operations.ts'

/** The operation of the first two digits of DE 3, and the code that our own terminals send. */
export type ProcessingCode = { readonly operation: TerminalOperation; readonly nominal: boolean }

/** Every operation that a terminal can ask for must have its code here; docs/spec/terminal.md, section 3. */
const BY_OPERATION = {
  payment: ['00'],
  sale: ['90', '93'],
  top_up: ['21'],
  refund: ['20'],
  cash_out: ['61'],
  balance: ['31', '30'],
  duplicate: ['40'],
  block: ['73'],
  unblock: ['74'],
} as const satisfies Record<TerminalOperation, readonly string[]>

export const NOMINAL_SALE = '93'

export const PROCESSING_CODES: ReadonlyMap<string, ProcessingCode> = new Map(
  (Object.keys(BY_OPERATION) as TerminalOperation[]).flatMap((operation) =>
    BY_OPERATION[operation].map((code) => [code, { operation, nominal: code === NOMINAL_SALE }] as const),
  ),
)

export const processingCodeOf = (de3: string): ProcessingCode | null => PROCESSING_CODES.get(de3.slice(0, 2)) ?? null

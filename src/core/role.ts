import { KIND } from './key.ts'

/**
 * The effect of a transaction on the books, independent of requester and message: `books` an operation, `confirms` or
 * undoes an earlier one (`cancels`: on request; `reverses`: because it did not happen), `rebooks` a reversed one.
 * `informs`: no effect by its nature (a balance inquiry, an end of day).
 */
export const ROLES = ['books', 'confirms', 'cancels', 'reverses', 'rebooks', 'informs'] as const
export type Role = (typeof ROLES)[number]

const OF_KIND: Readonly<Record<number, Role>> = {
  [KIND.financial]: 'books',
  [KIND.advice]: 'books',
  [KIND.administration]: 'books',
  [KIND.office]: 'books',
  [KIND.following]: 'books',
  [KIND.confirmation]: 'confirms',
  [KIND.resolution]: 'confirms',
  [KIND.cancellation]: 'cancels',
  [KIND.reversal]: 'reverses',
}

/** The role of a message that is not looked into, and of rows from before roles were kept. */
export const roleOfKind = (kind: number): Role => OF_KIND[kind] ?? 'informs'

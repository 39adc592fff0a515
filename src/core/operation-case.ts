import type { Block, Card, CardState } from './card.ts'
import type { Issue } from './issue.ts'
import type { Amount } from './money.ts'
import type { OperationRule } from './operations.ts'
import type { Pack } from './pack.ts'
import type { OperationAsk, Request } from './request.ts'
import type { State } from './state.ts'
import type { Transaction } from './transaction.ts'

/** The input of an operation's checks and of its booking. */
export type Case = {
  readonly state: State
  readonly request: Request
  readonly ask: OperationAsk
  readonly rule: OperationRule
  readonly card: Card
  readonly issue: Issue
  readonly pack: Pack | null
  /** The effective state and block, with the rules of issue and pack. */
  readonly standing: CardState
  readonly block: Block | null
  readonly amount: Amount
  /** The payment on the receipt that a refund was asked for with. */
  readonly payment: Transaction | null
  /** The expiry that an extension undoes. */
  readonly expiry: Transaction | null
  /** The card that a duplicate puts in the place of the presented one. */
  readonly successor: Card | null
}

import type { Channel } from './channel.ts'
import type { AccountId, Amount } from './money.ts'
import type { Operation } from './operations.ts'

/** Loads of many cards of which all are booked or none. `booked` and `dropped` are for good. */
export type StagedBatch = {
  readonly id: number
  readonly operation: Operation
  /** Debited by its loads. */
  readonly account: AccountId
  readonly state: 'staging' | 'booked' | 'dropped'
  readonly booked: {
    readonly at: number
    readonly businessDate: string
    readonly channel: Channel
    readonly who: string | null
  } | null
}

export type StagedLoad = {
  /** Of its transaction to be. */
  readonly id: number
  readonly spareId: number
  readonly batchId: number
  readonly line: number
  readonly cardId: number
  readonly amount: Amount
}

/** The lookup text of a line in {@link StagedBatch}'s batch. */
export const lineText = ({ batchId, line }: { readonly batchId: number; readonly line: number }): string =>
  `${batchId} ${line}`

import type { Amount, AccountId } from '../core/money.ts'
import type { Block } from '../core/card.ts'
import type { Operation } from '../core/operations.ts'
import type { ToAttach } from '../core/attached.ts'
import type { Requester } from '../core/channel.ts'
import { ownRequest } from '../core/own-request.ts'
import type { NumberHashes, Office, Request } from '../core/request.ts'
import type { Key } from '../core/key.ts'
import type { ShownCard } from '../db/sql/shown-cards.ts'
import { presentedCard } from './presented-card.ts'

/** A request of a person or a job about a card. */
export type OfficeInput = {
  readonly operation: Operation
  readonly requester: Requester
  readonly key: Key
  readonly card: Omit<ShownCard, 'issueId'>
  readonly amount?: Amount
  readonly currency?: number
  /** The account on the other side, where money moves. */
  readonly contra?: AccountId
  readonly block?: Block
  readonly successor?: NumberHashes
  readonly office?: Office
  /** Inserted with the decision: the audit row. */
  readonly attached?: readonly ToAttach[]
}

/** Ids for the row to be and a spare one, ms since 1970, and the date where the card is valid. */
export type Moment = { readonly id: number; readonly spareId: number; readonly now: number; readonly today: string }

export function officeRequest(input: OfficeInput, { id, spareId, now, today }: Moment): Request {
  const { operation, requester, key, card } = input
  const amount = input.amount ?? null
  const currency = input.currency ?? null
  return ownRequest({
    id,
    spareId,
    key,
    by: 'office',
    requester,
    attached: input.attached ?? [],
    at: now,
    day: today,
    processingCode: '',
    amount,
    currency,
    trace: `${operation}-${card.id}`.slice(0, 24),
    ask: {
      act: 'operation',
      operation,
      presented: presentedCard(card),
      nominal: false,
      amount,
      currency,
      contra: input.contra ?? null,
      partial: false,
      ontoNew: false,
      block: input.block ?? null,
      successor: input.successor ?? null,
      receipt: null,
      office: input.office ?? null,
    },
  })
}

import type { Request } from './request.ts'
import type { SafMessage } from './routed.ts'
import type { Settlement, State } from './state.ts'

/**
 * The messages that a host must receive once a transaction that it has too is settled here: the reversal of a reversed
 * one, the confirmation if the host expects it. An 0400 was sent before; only a clerk's decision is new to the host.
 */
export function safMessagesAfter(state: State, { at, ask }: Request, settlement: Settlement): readonly SafMessage[] {
  const { transaction, state: becomes } = settlement
  const routed = state.routed.get(transaction.id)
  if (routed === undefined || becomes === transaction.state) return []
  const messageOf = (kind: SafMessage['kind'], since: number): readonly SafMessage[] => [
    { transactionId: transaction.id, upstream: routed.upstream, kind, since },
  ]
  switch (becomes) {
    case 'reversed':
      // While the host is at work on it the reversal waits: some hosts forget one that overtakes its original.
      return messageOf(420, transaction.state === 'pending' ? (routed.answerBy ?? at) : at)
    case 'confirmed':
      return routed.confirms && transaction.state === 'unconfirmed' ? messageOf(202, at) : []
    case 'cancelled':
      return ask.act === 'resolution' ? messageOf(420, at) : []
    case 'declined':
    case 'pending':
    case 'unconfirmed':
      return []
  }
}

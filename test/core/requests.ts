import { type Requester, TERMINAL } from '../../src/core/channel.ts'
import { type Asker, OPERATIONS } from '../../src/core/operations.ts'
import type { Ask, CancellationAsk, NumberHashes, OperationAsk, Presented, Request } from '../../src/core/request.ts'
import { type Key, KIND, timerKey } from '../../src/core/key.ts'
import type { Transaction } from '../../src/core/transaction.ts'
import {
  CONFIRM_TIMEOUT,
  ecodeHashOf,
  LATE_CONFIRM_WINDOW,
  numberHashOf,
  PLN,
  TERMINALS,
  type TerminalName,
} from './setting.ts'

/** The parts of a request that do not follow from its terminal and time. */
export type Circumstances = {
  readonly id: number
  readonly terminal: TerminalName
  readonly kind: number
  readonly stan: number
  readonly at: number
  /** The business day; null: the day of `at`. */
  readonly day: string | null
}

/** YYYYMMDDhhmmss of an instant, UTC. */
const transmittedAt = (at: number): number =>
  Number(
    new Date(at)
      .toISOString()
      .replaceAll(/[^0-9]/g, '')
      .slice(0, 14),
  )

export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Row ids come in pairs: the spare one belongs to the request too. */
export const spareOf = (id: number): number => id + 1

export function requestOf(ask: Ask, { id, terminal, kind, stan, at, day }: Circumstances): Request {
  const { store, confirmation } = TERMINALS[terminal]
  const amount = 'amount' in ask ? ask.amount : null
  return {
    id,
    spareId: spareOf(id),
    key: { store, terminal, kind, stan, transmitted: transmittedAt(at) },
    content: JSON.stringify(ask),
    requester: requesterOf(ask),
    source: terminal,
    at,
    today: dateOf(at),
    businessDate: day ?? dateOf(at),
    confirmation,
    confirmTimeoutMs: CONFIRM_TIMEOUT,
    lateConfirmWindowMs: LATE_CONFIRM_WINDOW,
    cancelWindowMs: null,
    ask,
    attached: [],
    labels: {
      processingCode: '006000',
      localTime: '1122183005',
      rrn: `R${stan}`,
      approvalCode: 'A7K2Q9',
      entryMode: '022',
      amount,
      currency: PLN,
      echo: null,
      line: 'test',
      trace: `t${id}`,
    },
  }
}

/** A terminal asks for what terminals may ask for, else a person or a job. */
function requesterOf(ask: Ask): Requester {
  if (ask.act !== 'operation') return TERMINAL
  const asks: readonly Asker[] = OPERATIONS[ask.operation].asks
  if (asks.includes('terminal')) return TERMINAL
  return asks.includes('office') ? { channel: 'menu', who: 'ola' } : { channel: 'job', who: 'night' }
}

/** The confirm timer's request about a transaction. */
export const timerRequest = (original: Transaction, id: number, at: number): Request => ({
  ...requestOf(
    { act: 'reversal', by: 'timer', original: original.key, amount: null, presented: null },
    { id, terminal: 'O1', kind: KIND.reversal, stan: 0, at, day: null },
  ),
  key: timerKey(original.id),
})

/** Its number, kept under the only key there is. */
export const numberNamed = (card: string): NumberHashes => ({
  numberHash: numberHashOf(card),
  otherHash: null,
  newestKey: 1,
})

export const stripeOf = (card: string): Presented => ({
  ...numberNamed(card),
  luhn: true,
  shown: card,
  by: 'stripe',
  stripe: { expiry: '4912', version: 0, genuine: true },
  ecodeHash: null,
})

export const numberOf = (card: string, by: 'keyed' | 'barcode'): Presented => ({ ...stripeOf(card), by, stripe: null })

export const ecommerceOf = (card: string, ecodeHash = ecodeHashOf(card)): Presented => ({
  ...stripeOf(card),
  by: 'ecommerce',
  stripe: null,
  ecodeHash,
})

export const operationAsk = (
  operation: OperationAsk['operation'],
  card: string,
  amount: number | null,
  more: Partial<OperationAsk> = {},
): OperationAsk => ({
  act: 'operation',
  operation,
  presented: stripeOf(card),
  nominal: false,
  amount,
  currency: PLN,
  contra: null,
  partial: false,
  ontoNew: false,
  block: null,
  successor: null,
  receipt: null,
  office: null,
  ...more,
})

export const confirmationAsk = (original: Key): Ask => ({ act: 'confirmation', original })
export const cancellationAsk = (
  original: Key,
  amount: number | null = null,
  presented: Presented | null = null,
): CancellationAsk => ({
  act: 'cancellation',
  original,
  amount,
  presented,
  sending: null,
})
export const reversalAsk = (original: Key, amount: number | null = null, presented: Presented | null = null): Ask => ({
  act: 'reversal',
  by: 'terminal',
  original,
  amount,
  presented,
})

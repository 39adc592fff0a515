import { hash } from 'node:crypto'
import type { AccountId, ContraAccount } from '../core/money.ts'
import { OPERATIONS, type OperationRule } from '../core/operations.ts'
import { TERMINAL } from '../core/channel.ts'
import type { Ask, Request } from '../core/request.ts'
import { KIND, type Key } from '../core/key.ts'
import { roleOfKind } from '../core/role.ts'
import type { Result } from '../core/result.ts'
import type { Message } from '../iso8583/message.ts'
import { approvalCodeOf } from './approval-code.ts'
import { blockOf } from './block-condition.ts'
import type { CardRead, OriginalRead } from './read.ts'
import { referenceOf } from './transmission-time.ts'

/** Data about the terminal and the switch that a request is built with. */
export type Circumstances = {
  /** The id of the new row, and a spare one. */
  readonly id: number
  readonly spareId: number
  readonly at: number
  readonly today: string
  readonly businessDate: string
  readonly confirmation: Request['confirmation']
  readonly confirmTimeoutMs: number
  readonly lateConfirmWindowMs: number
  readonly cancelWindowMs: number | null
  /** The store's account for this side and currency; null: it has none. */
  readonly account: (kind: ContraAccount, currency: number) => AccountId | null
  readonly line: string
  readonly trace: string
}

/** Translates a read message into a request of the engine: no field numbers, no clock, no random numbers. */
export function toRequest(message: Message, read: CardRead | OriginalRead, around: Circumstances): Request {
  return requestOf(message, read.key, around, askOf(message, read, around), {
    amount: read.amount,
    currency: read.currency,
    shown: read.presented?.shown ?? '',
  })
}

/** The request row of an end of day. The card engine does not decide it, but stores its row like any other. */
export const toDayEnd = (message: Message, key: Key, around: Circumstances): Request =>
  requestOf(
    message,
    key,
    around,
    { act: 'refused', result: 'approved', role: 'informs' },
    { amount: null, currency: null, shown: '' },
  )

/** A request that is refused before the engine, so that the refusal is stored under its key. */
export function toRefused(message: Message, key: Key, around: Circumstances, result: Result): Request {
  const amount = message.fields[4] === undefined ? null : Number(message.fields[4])
  const currency = message.fields[49] === undefined ? null : Number(message.fields[49])
  const ask = { act: 'refused', result, role: roleOfKind(key.kind) } as const
  return requestOf(message, key, around, ask, { amount, currency, shown: '' })
}

type AmountAndCard = { readonly amount: number | null; readonly currency: number | null; readonly shown: string }

function requestOf({ fields }: Message, key: Key, around: Circumstances, ask: Ask, stated: AmountAndCard): Request {
  const { id, spareId, at, today, businessDate, confirmation, line, trace } = around
  const { confirmTimeoutMs, lateConfirmWindowMs, cancelWindowMs } = around
  return {
    id,
    spareId,
    key,
    content: contentOf(fields, stated.shown),
    requester: TERMINAL,
    source: key.terminal,
    at,
    today,
    businessDate,
    confirmation,
    confirmTimeoutMs,
    lateConfirmWindowMs,
    cancelWindowMs,
    ask,
    attached: [],
    labels: {
      processingCode: fields[3] ?? '',
      localTime: `${fields[13] ?? ''}${fields[12] ?? ''}`,
      rrn: fields[37]?.trimEnd() || referenceOf(key.transmitted, key.stan),
      approvalCode: approvalCodeOf(id),
      entryMode: fields[22] ?? '',
      amount: stated.amount,
      currency: stated.currency,
      echo: fields[59] === undefined ? null : digestOf(fields[59]),
      line,
      trace,
    },
  }
}

function askOf({ fields }: Message, read: CardRead | OriginalRead, around: Circumstances): Ask {
  if (read.format === 'original') {
    const { original, amount, presented } = read
    if (original === null) {
      return {
        act: 'unclear_reversal',
        came: `DE90 ${fields[90] ?? ''} DE7 ${fields[7] ?? ''} DE37 ${fields[37] ?? ''}`.slice(0, 100),
      }
    }
    switch (read.kind.kind) {
      case KIND.confirmation:
        return { act: 'confirmation', original }
      case KIND.cancellation:
        return { act: 'cancellation', original, amount, presented, sending: null }
      default:
        return { act: 'reversal', by: 'terminal', original, amount, presented }
    }
  }
  if (read.code === null) return { act: 'refused', result: 'unsupported', role: roleOfKind(read.key.kind) }
  const { operation, nominal } = read.code
  const { contra }: OperationRule = OPERATIONS[operation]
  const flags = fields[48] ?? ''
  return {
    act: 'operation',
    operation,
    nominal,
    presented: read.presented,
    amount: read.amount,
    currency: read.currency,
    contra: contra === null || read.currency === null ? null : around.account(contra, read.currency),
    partial: flags[0] === 'P' && read.kind.kind === KIND.financial,
    block: operation === 'block' ? blockOf(fields[25]) : null,
    successor: operation === 'duplicate' ? read.successor : null,
    ontoNew: flags[1] === 'N' && operation === 'refund',
    receipt: operation === 'refund' ? fields[37]?.trimEnd() || null : null,
    office: null,
  }
}

/**
 * The digest of the content that must be the same under one key (docs/spec/terminal.md, section 4). Of the card it
 * contains only the masked number: a digest of the whole number could be searched by brute force, and would change with
 * a rotation of keys (decision 0080).
 */
const contentOf = (fields: Message['fields'], shown: string): string =>
  digestOf([fields[3], fields[4], shown, fields[48], fields[49], fields[90]].join('\u0000'))

const digestOf = (text: string): string => hash('sha256', text).slice(0, 32)

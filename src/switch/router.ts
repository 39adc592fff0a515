/** Routes a request to the engine or to the upstream host of its card. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId } from '../core/money.ts'
import type { OperationAsk, Request } from '../core/request.ts'
import type { Sending } from '../core/routed.ts'
import type { Message } from '../iso8583/message.ts'
import type { Upstream } from '../upstreams/upstream.ts'
import { type Answer, type AskParts, askHost, type Work } from './ask-host.ts'
import { numberIn, type Routes } from './routes.ts'

export type RouterParts = AskParts & {
  readonly routes: Routes
  readonly nextStan: () => number | null
  /** The ledger account of an upstream in a currency. */
  readonly account: (upstream: string, currency: number) => AccountId | null
}

/** Answers a request: by the engine, or by the host that has the card. Rejects where nothing may be answered. */
export type Router = (request: Request, isRepeat: boolean, message: Message) => Promise<Answer>

// Deducted from the time of a process that has sent a request: after that time another process may settle it.
export const GRACE_MS = 5_000
const AGAIN_MS = 250
const OVERLOADED: Answer = { result: 'overloaded', row: null }

/**
 * The first step of a routed request is a row under its once-only key, committed as pending; then the host is asked,
 * and its answer is the second step (`ask-host.ts`). All other requests go to the engine unchanged.
 */
export function createRouter(parts: RouterParts): Router {
  const { submit, upstreams, now } = parts
  if (upstreams.size === 0) return submit
  /** Row id → the answer to come, of what this process has sent: as many as connections and queues can hold. */
  const running = new Map<number, Promise<Answer>>()
  const longest = Math.max(0, ...[...upstreams.values()].map(waitOf))

  const sending = (request: Request, wait: number): Sending | null => {
    const stan = parts.nextStan()
    if (stan === null) return null
    return { stan, transmitted: transmittedAt(now()), answerBy: request.at + parts.timeoutMs + wait + GRACE_MS }
  }

  /** The request as its first step; null where the engine alone decides; 'overloaded' where there is no trace number. */
  const firstStep = (request: Request, message: Message): Omit<Work, 'message'> | 'overloaded' | null => {
    const { ask } = request
    if (ask.act === 'cancellation') {
      const goes = sending(request, longest)
      return goes === null ? 'overloaded' : { request: { ...request, ask: { ...ask, sending: goes } }, money: NO_MONEY }
    }
    if (ask.act !== 'operation') return null
    const number = numberIn(message.fields)
    const to = number === null ? null : parts.routes(number, ask.operation, ask.presented.by)
    const upstream = to === null ? undefined : upstreams.get(to)
    if (number === null || upstream === undefined) return null

    const goes = sending(request, waitOf(upstream))
    if (goes === null) return 'overloaded'
    const { name, kind } = upstream.settings
    const account = ask.currency === null ? null : parts.account(name, ask.currency)
    const via = { ...goes, upstream: name, confirms: kind.confirms, account, card: ask.presented.shown }
    const { operation, contra } = ask
    return {
      request: { ...request, ask: { act: 'forward', operation, amount: amountOf(ask), contra, via } },
      money: { account, contra, partial: ask.partial },
    }
  }

  const carry = async (work: Work, isRepeat: boolean): Promise<Answer> => {
    const first = await submit(work.request, isRepeat)
    const { row, forwarding } = first
    if (row === null || forwarding === null) return first
    if (row.id !== work.request.id) return running.get(row.id) ?? again(work)
    // A reversal that came in one batch with it was faster.
    if (row.state !== 'pending') return { result: row.state === 'reversed' ? 'original_reversed' : row.result, row }
    const answer = askHost(parts, work, row, forwarding).finally(() => running.delete(row.id))
    running.set(row.id, answer)
    return answer
  }

  /** Another process has sent it, or one that is no more: looked at again until it is settled, or the terminal has given up. */
  const again = async (work: Work): Promise<Answer> => {
    if (now() - work.request.at > parts.timeoutMs) throw new Error('the host has not answered yet')
    await sleep(AGAIN_MS)
    return carry(work, true)
  }

  return async (request, isRepeat, message) => {
    const step = firstStep(request, message)
    if (step === 'overloaded') return OVERLOADED
    return step === null ? submit(request, isRepeat) : carry({ ...step, message }, isRepeat)
  }
}

const NO_MONEY: Work['money'] = { account: null, contra: null, partial: false }

/** The longest time from sending a request until its host counts as silent. */
const waitOf = ({ settings: { pool, timeoutMs } }: Upstream): number => pool.acquireTimeoutMs + timeoutMs

/** A nominal sale may omit its amount or send zero: then the host knows the amount. */
const amountOf = ({ nominal, amount }: OperationAsk): number | null => (nominal && amount === 0 ? null : amount)

const transmittedAt = (at: number): number => Number(new Date(at).toISOString().replaceAll(/\D/gu, '').slice(0, 14))

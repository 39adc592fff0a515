import { setImmediate } from 'node:timers/promises'
import { accountName } from '../../src/core/registry.ts'
import { KIND } from '../../src/core/key.ts'
import type { ForwardAsk, Request } from '../../src/core/request.ts'
import type { HostAnswer } from '../../src/core/routed.ts'
import { keepRegistry } from '../../src/db/registry.ts'
import { openUpstreamBooks } from '../../src/db/upstream-books.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type EngineSetting, STORE } from '../engine/engine-setting.ts'

export type RoutedPayment = { readonly id: number; readonly request: Request; readonly ask: ForwardAsk }

/** Payments with cards of other hosts, as the router books them; the hosts get accounts and queues. */
export async function routedPayments(setting: EngineSetting, engine: Engine, upstreams: readonly string[]) {
  await openUpstreamBooks(setting.access, upstreams)
  const registry = await keepRegistry(setting.access, () => {})
  const { accounts } = registry.current()
  await registry.stop()
  let stan = 0
  let row = 0

  /** A payment that is with its host. */
  async function sent(upstream: string, answerBy = Date.now() + 3_000_000): Promise<RoutedPayment> {
    const ask: ForwardAsk = {
      act: 'forward',
      operation: 'payment',
      amount: 100,
      contra: accounts.get(accountName('store_payable', STORE, 985)) ?? null,
      via: {
        upstream,
        account: accounts.get(accountName('upstream_settlement', upstream, 985)) ?? null,
        confirms: true,
        card: '629917******0016',
        stan: ++stan,
        transmitted: 20261125101208,
        answerBy,
      },
    }
    const request = setting.request(ask, {
      kind: KIND.financial,
      terminal: 'E0000001',
      stan: ++row,
      confirmation: 'explicit',
    })
    const { forwarding } = await engine.submit(request)
    if (forwarding?.routed.stan !== stan) throw new Error('the payment is not to be sent')
    return { id: request.id, request, ask }
  }

  async function answered({ id, request, ask }: RoutedPayment, answer: HostAnswer): Promise<string> {
    const account = { account: ask.via.account, contra: ask.contra, partial: false }
    const second = {
      ...request,
      id: setting.nextId(),
      spareId: setting.nextId(),
      ask: { act: 'answer', id, ...account, answer } as const,
    }
    return (await engine.submit(second)).result
  }

  /** Makes this number of payments that the host did not answer, so that reversals are owed to it; returns their ids in order. */
  async function silent(upstream: string, count: number): Promise<number[]> {
    const ids: number[] = []
    for (let i = 0; i < count; i++) {
      const payment = await sent(upstream)
      const result = await answered(payment, { outcome: 'silent', code: null })
      if (result !== 'upstream_silent') throw new Error(result)
      ids.push(payment.id)
      // The order of the queue is by the millisecond.
      for (const now = Date.now(); Date.now() === now;) await setImmediate()
    }
    return ids
  }

  return { sent, answered, silent, nextStan: () => ++stan }
}

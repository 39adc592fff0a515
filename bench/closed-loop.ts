/** A closed loop of callers: each sends its next request when the last one is answered. */

import { createHistogram } from 'node:perf_hooks'
import type { Request } from '../src/core/request.ts'
import { KIND } from '../src/core/key.ts'
import { isApproved } from '../src/core/result.ts'
import type { Answer } from '../src/engine/executor.ts'
import type { Mix, Traffic } from './traffic.ts'

export type Submit = (request: Request) => Promise<Answer>

/** One round: answered requests per second, confirmations included; latencies in ms. */
export type Round = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Processor time per request, µs: of this process, callers included, and of the database server. */
  readonly nodeCpu: number
  readonly serverCpu: number
  readonly answered: number
}

/**
 * A number of callers, each sending its next request after the answer, for `ms`; then it waits for the open answers.
 *
 * @throws if a request is not approved: every card can cover it
 */
export async function closedLoop(
  submit: Submit,
  traffic: Traffic,
  mix: Mix,
  callers: number,
  ms: number,
  serverTime: () => number,
): Promise<Round> {
  const latency = createHistogram()
  const before = { node: process.cpuUsage(), server: serverTime() }
  const started = performance.now()
  let answered = 0
  let last = started

  const ask = async (request: Request): Promise<void> => {
    const sent = performance.now()
    const { result } = await submit(request)
    last = performance.now()
    latency.record(Math.max(1, Math.round((last - sent) * 1000)))
    answered++
    if (!isApproved(result)) throw new Error(`a request was answered ${result}`)
  }
  const caller = async (_: unknown, n: number): Promise<void> => {
    while (performance.now() - started < ms) {
      const request = traffic.request(mix, n)
      await ask(request)
      if (mix.confirm && request.key.kind === KIND.financial) await ask(traffic.confirmation(request, n))
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const { user, system } = process.cpuUsage(before.node)
  return {
    perSecond: answered / ((last - started) / 1000),
    p50: latency.percentile(50) / 1000,
    p99: latency.percentile(99) / 1000,
    nodeCpu: (user + system) / answered,
    serverCpu: (serverTime() - before.server) / answered,
    answered,
  }
}

export const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? NaN

/** The middle of each figure on its own, over the rounds of one contestant. */
export function median(rounds: readonly Round[]): Round {
  return {
    perSecond: middle(rounds.map((r) => r.perSecond)),
    p50: middle(rounds.map((r) => r.p50)),
    p99: middle(rounds.map((r) => r.p99)),
    nodeCpu: middle(rounds.map((r) => r.nodeCpu)),
    serverCpu: middle(rounds.map((r) => r.serverCpu)),
    answered: rounds.reduce((sum, { answered }) => sum + answered, 0),
  }
}

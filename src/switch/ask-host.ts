import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswerAsk, Request } from '../core/request.ts'
import type { Result } from '../core/result.ts'
import type { Forwarding, HostAnswer } from '../core/routed.ts'
import type { Transaction } from '../core/transaction.ts'
import type { Message } from '../iso8583/message.ts'
import type { Exchange } from '../upstreams/pending-answers.ts'
import type { Upstream } from '../upstreams/upstream.ts'

/** The engine's answer to a request; `forwarding`: another host must be asked before the terminal is answered. */
export type Submitted = {
  readonly result: Result
  readonly row: Transaction | null
  readonly forwarding: Forwarding | null
}
export type Answer = Pick<Submitted, 'result' | 'row'>

/** A request on its way to a host: its first step, the message it came in, and what will be booked if it is approved. */
export type Work = {
  readonly request: Request
  readonly message: Message
  readonly money: Pick<AnswerAsk, 'account' | 'contra' | 'partial'>
}

export type AskParts = {
  /** Whether it is marked as a repeat: then it may be booked already. */
  readonly submit: (request: Request, isRepeat: boolean) => Promise<Submitted>
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly nextId: () => number | null
  readonly now: () => number
  /** The business day that a terminal is in, YYYY-MM-DD. */
  readonly businessDate: (terminal: string, now: number) => string
  /** ms that a request may wait before it is sent. */
  readonly timeoutMs: number
  readonly watch: RouterWatch
}

export type RouterWatch = {
  /** ms from the sending to the answer being durable. */
  readonly answered: (upstream: string, result: Result, ms: number) => void
  readonly late: (upstream: string, trace: string) => void
  readonly failed: (trace: string, why: string) => void
}

const AGAIN_MS = 250

/**
 * Sends the request that is recorded as pending and makes the host's answer durable; only then is there an answer.
 * Rejects if that cannot be done in time: then no answer is sent, and the process that finds the row past its time
 * settles it.
 */
export async function askHost(parts: AskParts, work: Work, row: Transaction, forwarding: Forwarding): Promise<Answer> {
  const { upstream: name } = forwarding.routed
  const { trace } = work.request.labels
  const started = performance.now()
  const settle = (answer: HostAnswer): Promise<Answer> => settleRow(parts, work, row, forwarding, answer)
  const read = (said: Message): HostAnswer =>
    parts.upstreams.get(name)?.settings.kind.read(said, row.labels.currency) ?? { outcome: 'silent', code: null }

  const exchange = await send(parts, work, row, forwarding, (said) => {
    parts.watch.late(name, trace)
    settle(read(said)).catch((error: unknown) => parts.watch.failed(trace, String(error)))
  })
  if (!exchange.sent) parts.watch.failed(trace, exchange.why)
  const answer = await settle(
    !exchange.sent
      ? { outcome: 'not_sent' }
      : exchange.answer === null
        ? { outcome: 'silent', code: null }
        : read(exchange.answer),
  )
  parts.watch.answered(name, answer.result, performance.now() - started)
  return answer
}

async function send(
  { upstreams, now, timeoutMs }: AskParts,
  { request, message }: Work,
  row: Transaction,
  { routed, original }: Forwarding,
  late: (answer: Message) => void,
): Promise<Exchange> {
  const upstream = upstreams.get(routed.upstream)
  if (upstream === undefined) return { sent: false, why: `${routed.upstream} is not configured` }
  // The engine may have held it for long: past this the terminal has given up, and others may take it for abandoned.
  if (now() - request.at > timeoutMs) return { sent: false, why: 'it waited too long to be sent' }
  const { kind, fixed } = upstream.settings
  try {
    return await upstream.exchange(kind.request({ message, row, routed, original }, fixed), late)
  } catch (error) {
    // The host's profile cannot carry what the terminal sent.
    return { sent: false, why: error instanceof Error ? error.message : String(error) }
  }
}

/** The second step, repeated until it succeeds; a row that another process settled meanwhile stays as it is. */
async function settleRow(
  parts: AskParts,
  { request, money }: Work,
  row: Transaction,
  { routed }: Forwarding,
  answer: HostAnswer,
): Promise<Answer> {
  const until = performance.now() + (routed.answerBy ?? 0) - parts.now()
  for (;;) {
    const id = parts.nextId()
    const spareId = parts.nextId()
    if (id !== null && spareId !== null) {
      const at = parts.now()
      const businessDate = parts.businessDate(request.key.terminal, at)
      const ask: AnswerAsk = { act: 'answer', id: row.id, ...money, answer }
      // Rejects while the engine cannot answer: the step is tried again.
      const settled = await parts.submit({ ...request, id, spareId, at, businessDate, ask }, false).catch(() => null)
      if (settled !== null && settled.row !== null) return { result: settled.result, row: settled.row }
    }
    if (performance.now() > until) throw new Error('what the host said could not be recorded')
    await sleep(AGAIN_MS)
  }
}

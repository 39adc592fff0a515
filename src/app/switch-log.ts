import type { Terminal } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import { MESSAGE_KINDS } from '../messages/kinds.ts'
import type { Message } from '../iso8583/message.ts'
import { maskPan } from '../iso8583/mask.ts'
import { withoutRepeat } from '../iso8583/mti.ts'
import type { Log } from '../log.ts'
import type { LogSummary } from './log-summary.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'
import type { TroubleLog } from './trouble-log.ts'
import type { SwitchWatch } from '../switch/handle.ts'
import type { ListenerWatch } from '../switch/listener.ts'

const SECOND_MS = 1_000

/**
 * Writes the switch's events to log and metrics: one line per request, under the id that its row carries too (`trace`).
 * Events that a sender without a terminal can cause are summarised.
 */
export function switchWatch(
  log: Log,
  summary: LogSummary,
  troubles: TroubleLog,
  metrics: Metrics,
  tracing: Tracing | null,
): SwitchWatch {
  const mtiLabel = (mti: string): string => (withoutRepeat(mti) in MESSAGE_KINDS ? withoutRepeat(mti) : 'other')
  let shed = 0
  return {
    answered(trace, request, result, terminal, ms) {
      metrics.answers.inc({ mti: mtiLabel(request.mti), result })
      metrics.answerSeconds.observe(ms / 1000)
      tracing?.answered(
        trace,
        { 'akart.mti': request.mti, 'akart.result': result, 'akart.terminal': terminal?.code ?? 'unknown' },
        ms,
      )
      if (log.isLevelEnabled('info')) log.info('answered', answered(trace, request, result, terminal, ms))
    },
    refused(trace, address, what) {
      metrics.unanswered.inc()
      summary.note('warn', 'frame refused', address, { trace, what })
    },
    unanswered(trace, why) {
      metrics.unanswered.inc()
      troubles.note('a request got no answer', why, { trace })
    },
    // Writing a line for each would take longer than the refusal itself.
    shed({ mti }) {
      metrics.answers.inc({ mti: mtiLabel(mti), result: 'overloaded' })
      if (++shed > 1) return
      setTimeout(() => {
        log.warn('overloaded', { refused: shed })
        shed = 0
      }, SECOND_MS).unref()
    },
    throttled: (result) => metrics.throttled.inc({ result }),
  }
}

/** Where lines come from and why they end; the `trace` of a request begins with the name of its line. */
export const lineWatch = (summary: LogSummary, metrics: Metrics): ListenerWatch => ({
  frame: () => metrics.frames.inc(),
  opened: (line, { address, certificate }) => summary.note('info', 'line opened', address, { line, ...certificate }),
  closed: (line, { address }, why) => summary.note('info', 'line closed', address, { line, why }),
  refused(listener, address, why) {
    metrics.refusedLines.inc({ listener })
    summary.note('info', 'line refused', address, { listener, why })
  },
})

const answered = (trace: string, { mti, fields }: Message, result: Result, terminal: Terminal | null, ms: number) => ({
  trace,
  mti,
  code: fields[3],
  stan: fields[11],
  terminal: terminal?.code ?? 'unknown',
  card: shown(fields[2] ?? fields[35]?.split(/[=D]/u)[0] ?? fields[45]?.slice(1).split('^')[0]),
  amount: fields[4],
  result,
  ms: Math.round(ms * 10) / 10,
})

const shown = (number: string | undefined): string | undefined => (number === undefined ? undefined : maskPan(number))

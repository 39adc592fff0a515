import type { Terminal } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import { MESSAGE_KINDS } from '../messages/kinds.ts'
import type { Message } from '../iso8583/message.ts'
import { maskPan } from '../iso8583/mask.ts'
import { withoutRepeat } from '../iso8583/mti.ts'
import type { Log } from '../log.ts'
import type { Metrics } from './metrics.ts'
import type { SwitchWatch } from '../switch/handle.ts'

/** Tells log and metrics what the switch did: one line per request, under the id that its row carries too (`trace`). */
export function switchWatch(log: Log, metrics: Metrics): SwitchWatch {
  return {
    answered(trace, request, result, terminal, ms) {
      const mti = withoutRepeat(request.mti)
      metrics.answers.inc({ mti: mti in MESSAGE_KINDS ? mti : 'other', result })
      metrics.answerSeconds.observe(ms / 1000)
      if (log.isLevelEnabled('info')) log.info('answered', answered(trace, request, result, terminal, ms))
    },
    refused(trace, what) {
      metrics.unanswered.inc()
      log.warn('frame refused', { trace, what })
    },
  }
}

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

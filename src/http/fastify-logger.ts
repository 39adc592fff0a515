import type { FastifyBaseLogger } from 'fastify'
import type { Log } from '../log.ts'

/** Fastify's logger on top of ours. Fastify uses pino's levels; ours have no `fatal` and no `trace`. */
export function fastifyLogger(log: Log): FastifyBaseLogger {
  const put = (level: 'error' | 'warn' | 'info' | 'debug') => (first: unknown, text?: unknown) => {
    if (!log.isLevelEnabled(level)) return
    if (typeof first === 'string') log.log(level, first)
    else if (first instanceof Error) log.log(level, textOr(text, first.message), { error: first })
    else log.log(level, textOr(text, ''), typeof first === 'object' && first !== null ? first : {})
  }
  return {
    level: log.level,
    fatal: put('error'),
    error: put('error'),
    warn: put('warn'),
    info: put('info'),
    debug: put('debug'),
    trace: put('debug'),
    silent: () => {},
    child: (fields: Record<string, unknown>) => fastifyLogger(log.child(fields)),
  }
}

function textOr(text: unknown, otherwise: string): string {
  return typeof text === 'string' ? text : otherwise
}

import { parseDuration } from '../scenario/reader.ts'
import { namesAll, neverMet, readRules } from '../control/reach.ts'
import { settingsOf, splitRule, TURN_KEYS, type Turns } from '../control/rule.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Message } from '../terminal/message.ts'
import { originalMti } from '../terminal/operations.ts'
import { operationNames, operationOf } from './operate.ts'

/** The faults of a host. `books`: whether it decides and books before the fault. */
export const hostFaults = {
  /** Books and answers only after `ms`. */
  slow: { books: true, keys: ['ms'] },
  /** Books at once and answers after `ms`: later than anybody waits. */
  late: { books: true, keys: ['ms'] },
  /** Books without an answer. */
  silent: { books: true, keys: [] },
  /** Neither books nor answers. */
  deaf: { books: false, keys: [] },
  /** Declines with `code` and books nothing. */
  decline: { books: false, keys: ['code'] },
  'wrong-amount': { books: true, keys: [] },
  'wrong-stan': { books: true, keys: [] },
  'wrong-terminal': { books: true, keys: [] },
  /** Answers twice. */
  double: { books: true, keys: [] },
  /** Two answers exchange their trace numbers; the first waits for the second, `ms` at most. */
  crossed: { books: true, keys: ['ms'] },
  /** Half of an answer, and the line is closed. */
  half: { books: true, keys: [] },
  /** An answer that cannot be read. */
  garbage: { books: true, keys: [] },
  /** Books, and closes the line instead of answering. */
  'hang-up': { books: true, keys: [] },
  /** Closes the line and books nothing. */
  drop: { books: false, keys: [] },
  /** No fault: exempts requests from later rules. */
  normal: { books: true, keys: [] },
} as const satisfies Record<string, { books: boolean; keys: readonly ('ms' | 'code')[] }>

export type HostFault = keyof typeof hostFaults
export const hostFaultNames = Object.keys(hostFaults) as HostFault[]

export type HostRule = Turns & {
  readonly fault: HostFault
  /** MTIs without the repeat bit, and operations; none: everything but 0800. */
  readonly on: readonly string[]
  readonly ms: number
  /** DE39 of a decline. */
  readonly code: string
}

const DEFAULT_MS = 1_000
const DEFAULT_CODE = '05'
const NETWORK = '0800'

/** Reads rules: the first that matches, and whose random draw succeeds, applies. Throws a SetUpError. */
export const parseHostRules = (texts: readonly string[]): HostRule[] =>
  readRules(texts, parseHostRule, ({ on }, second) =>
    on.length === 0 ? !second.on.includes(NETWORK) : namesAll(on, second.on),
  )

/** Reads one rule. Throws a SetUpError. */
export function parseHostRule(text: string): HostRule {
  const split = splitRule(text)
  const fault = hostFaultNames.find((name) => name === split.name)
  if (fault === undefined)
    throw new SetUpError(`rule '${text.trim()}': '${split.name}', expected one of ${hostFaultNames.join(', ')}`)
  const settings = settingsOf(text, split, ['on', ...TURN_KEYS, ...hostFaults[fault].keys])
  const ms = settings.text('ms')
  const code = settings.text('code') ?? DEFAULT_CODE
  if (!/^[0-9A-Z]{2}$/.test(code)) settings.wrong('code', 'a response code of two characters')
  const on = settings.text('on')?.split(',') ?? []
  for (const what of on) {
    const never = operationNames.includes(what) ? null : neverMet(what, 'requests')
    if (never !== null) {
      const choice = `a request such as 0200, or one of ${operationNames.join(', ')}`
      throw new SetUpError(`rule '${text.trim()}' never happens: ${what} ${never}; on takes ${choice}`)
    }
  }
  return {
    fault,
    on,
    ms: ms === null ? DEFAULT_MS : (parseDuration(/\d$/.test(ms) ? `${ms}ms` : ms) ?? settings.wrong('ms', 'a time')),
    code,
    ...settings.turns(),
  }
}

/** Whether a rule applies to this request. */
export function fitsRule({ on }: HostRule, { mti, fields }: Message): boolean {
  const kind = originalMti(mti)
  if (on.length === 0) return kind !== NETWORK
  const operation = operationOf(fields[3])
  return on.includes(kind) || (operation !== null && on.includes(operation))
}

import { createLogger, format, transports, type Logger } from 'winston'
import type { Writable } from 'node:stream'
import { openLogFile, type LogFileSettings } from './log/file.ts'
import { linesWithoutControls, withoutControls } from './text/controls.ts'

export type Log = Logger

/** The file of each log that has one. */
const files = new WeakMap<Log, Writable>()

/** Levels by gravity; `silent` logs nothing. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogSettings = {
  readonly level: LogLevel
  /** Where JSON lines go; null: nowhere but standard error. */
  readonly file: LogFileSettings | null
}

/** Field names whose values must never be logged (docs/spec/reliability.md, invariant 16). */
const SECRET_KEYS: ReadonlySet<string> = new Set(['track1', 'track2', 'ecode', 'key', 'password'])

/**
 * The logger: JSON lines to `settings.file`; warnings and errors also to standard error, because standard output
 * belongs to the command. The request id is a field of a child logger: `log.child({ request: id })`.
 *
 * @throws if the file cannot be opened
 *
 * On the hot path check `log.isLevelEnabled('debug')` before building a log entry.
 */
export function openLog(settings: LogSettings): Log {
  const { level, file } = settings
  const stream = file === null ? null : openLogFile(file, (what) => process.stderr.write(`akart: ${what}\n`))
  const log = createLogger({
    level: level === 'silent' ? 'error' : level,
    silent: level === 'silent',
    format: format.combine(safe(), format.timestamp(), format.json()),
    transports: [
      new transports.Console({ level: level === 'error' ? 'error' : 'warn', stderrLevels: ['error', 'warn'] }),
      ...(stream === null ? [] : [new transports.Stream({ stream })]),
    ],
  })
  if (stream !== null) files.set(log, stream)
  return log
}

/** Waits until everything that was logged is written, and closes the file. */
export async function closeLog(log: Log): Promise<void> {
  const ended = new Promise<void>((done) => log.once('finish', done))
  log.end()
  await ended
  await new Promise<void>((done) => {
    const file = files.get(log)
    if (file === undefined) done()
    else file.end(done)
  })
}

/**
 * A winston format that lets no card number, no secret and nothing that steers a terminal through, neither in the message
 * nor in what goes with it.
 */
export const safe = format((info) => {
  for (const key of Object.keys(info)) info[key] = safeValue(key, info[key], 0)
  return info
})

// Log entries are a few levels deep; a deeper one is a mistake or a cycle and is not searched.
const DEEPEST = 6

function safeValue(key: string, value: unknown, depth: number): unknown {
  if (SECRET_KEYS.has(key.toLowerCase())) return undefined
  if (typeof value === 'string') return withoutControls(maskNumbers(value))
  if (typeof value === 'number' || typeof value === 'bigint') return safeInteger(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '…'
  if (Buffer.isBuffer(value)) return `${value.length} bytes`
  if (value instanceof Error) return safeError(value, depth)
  if (value instanceof Date) return value
  if (Array.isArray(value)) return value.map((item) => safeValue('', item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [withoutControls(maskNumbers(name)), safeValue(name, item, depth + 1)]),
  )
}

/** The text of an error is masked like other text. JSON would drop it. */
function safeError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const code = 'code' in error ? error.code : undefined
  return {
    name,
    message: linesWithoutControls(maskNumbers(message)),
    ...(code === undefined ? {} : { code: safeValue('code', code, depth + 1) }),
    ...(stack === undefined ? {} : { stack: linesWithoutControls(maskNumbers(stack)) }),
    ...(cause === undefined ? {} : { cause: safeValue('cause', cause, depth + 1) }),
  }
}

/** A card number is 12 to 19 digits; one that came as a number must not pass because it is not text. */
function safeInteger(value: number | bigint): unknown {
  if (value < 100_000_000_000 && value > -100_000_000_000) return value
  const text = String(value)
  const masked = maskNumbers(text)
  return masked === text ? value : masked
}

/**
 * Masks every whole run of 12 to 19 digits that passes the Luhn check, keeping the first six and the last four
 * (docs/spec/terminal.md, section 7). Runs that fail it are ids and times and stay readable.
 */
export function maskNumbers(text: string): string {
  return text.replace(DIGIT_RUN, (run) =>
    passesLuhn(run) ? `${run.slice(0, 6)}${'*'.repeat(run.length - 10)}${run.slice(-4)}` : run,
  )
}

const DIGIT_RUN = /(?<!\d)\d{12,19}(?!\d)/g

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const weighed = i % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

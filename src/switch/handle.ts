import type { Key, Request } from '../core/request.ts'
import { accountName, type Registry, type Store, type Terminal } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import type { Totals } from '../core/totals.ts'
import type { Transaction } from '../core/transaction.ts'
import { malformedText } from '../iso8583/malformed.ts'
import type { Message } from '../iso8583/message.ts'
import { isRequest } from '../iso8583/mti.ts'
import type { Profile } from '../iso8583/profile.ts'
import { unpack } from '../iso8583/unpack.ts'
import { type FormatError, placeOf } from '../messages/format-error.ts'
import type { CardReader } from '../messages/presented.ts'
import { type Read, readMessage } from '../messages/read.ts'
import { type Circumstances, toDayEnd, toRefused, toRequest } from '../messages/to-request.ts'
import type { ClaimedTotals } from '../messages/totals.ts'
import {
  giveReference,
  toDayEndResponse,
  toFormatError,
  toNetworkResponse,
  toResponse,
} from '../messages/to-response.ts'
import type { MacDesk } from './mac-desk.ts'
import { daysOf } from './business-date.ts'
import type { MacKey } from './mac-keys.ts'
import { answerNetwork, type ExchangeKey } from './network.ts'

/** What the switch is wired to; `app.ts` alone knows what is behind it. */
export type SwitchParts = {
  readonly registry: () => Registry
  readonly submit: (request: Request) => Promise<{ readonly result: Result; readonly row: Transaction | null }>
  readonly closeDay: (
    request: Request,
    claimed: ClaimedTotals | null,
  ) => Promise<{ readonly result: Result; readonly row: Transaction | null; readonly totals: Totals }>
  /** A new row id; null while there is none. */
  readonly nextId: () => number | null
  readonly reader: CardReader
  readonly macs: MacDesk
  readonly exchangeKey: ExchangeKey
  readonly storeDay: (at: number, timeZone: string) => string
  readonly now: () => number
  readonly confirmTimeout: number
  readonly lateConfirmWindow: number
  readonly cancelWindow: number | null
  readonly watch: SwitchWatch
}

export type SwitchWatch = {
  readonly answered: (trace: string, request: Message, result: Result, terminal: Terminal | null, ms: number) => void
  readonly refused: (trace: string, what: string) => void
}

/** What became of one frame: bytes to send or none; `bad` counts towards the line's unreadable frames in a row. */
export type Handled = { readonly reply: Buffer | null; readonly bad: boolean }

const SILENCE: Handled = { reply: null, bad: false }
const UNREADABLE: Handled = { reply: null, bad: true }

/**
 * One frame from bytes to bytes: unpack, read, know the terminal, submit, answer. The order of the refusals is that of
 * terminal interface section 6: 30 · unknown terminal 58 · 63 · other 58 · 03 · 12 · what the engine says.
 */
export async function handleFrame(
  parts: SwitchParts,
  profile: Profile,
  body: Buffer,
  line: string,
  trace: string,
): Promise<Handled> {
  const started = performance.now()
  const unpacked = unpack(profile, body)
  if (!unpacked.ok) {
    const { malformed } = unpacked
    parts.watch.refused(trace, `${malformedText(malformed)} at byte ${malformed.offset}`)
    const { readable } = malformed
    if (readable === null || !isRequest(readable.mti)) return UNREADABLE
    return formatErrorReply(parts, profile, body, readable, malformedText(malformed))
  }

  const request = unpacked.message
  const now = parts.now()
  const read = readMessage(request, parts.reader, now)
  if (read.format === 'response') {
    parts.watch.refused(trace, `a response, ${request.mti}`)
    return SILENCE
  }
  if (read.format === 'error') {
    const place = placeOf(read.field, read.what)
    parts.watch.refused(trace, place)
    return formatErrorReply(parts, profile, body, request, place)
  }

  const registry = parts.registry()
  const terminal = registry.terminals.get(request.fields[41]?.trimEnd() ?? '') ?? null
  const store = terminal === null ? null : (registry.stores.get(terminal.storeCode) ?? null)
  let macKey: MacKey | null = null
  const answer = (result: Result, row: Transaction | null = null, response?: Message): Handled => {
    const reply = response ?? toResponse(request, result, row, store?.language ?? 'en')
    if (read.format !== 'network' && read.key !== null) giveReference(reply, read.key)
    parts.watch.answered(trace, request, result, terminal, performance.now() - started)
    return { reply: parts.macs.seal(profile, reply, terminal, macKey), bad: false }
  }

  if (terminal === null || store === null || !terminal.active) return answer('unknown_terminal')
  const macCase = { profile, body, request, terminal, now }
  const mac = parts.macs.check(macCase) ?? (await parts.macs.settle(macCase))
  macKey = mac.key
  if (!mac.good) return answer('bad_mac')
  const named = request.fields[42]?.trimEnd()
  const wrongStore = !store.open || (named !== undefined && named !== store.code)
  if (read.format === 'network') {
    if (wrongStore) return answer('wrong_store')
    const { result, keyBlock } = await answerNetwork(read.purpose, terminal, mac.key, now, parts.exchangeKey)
    return answer(result, null, toNetworkResponse(request, result, keyBlock, store.language))
  }

  const refusal = wrongStore ? 'wrong_store' : read.format === 'unsupported' ? 'unsupported' : null
  const key: Key | null = read.key
  if (key === null) return answer(refusal ?? 'unsupported')
  const around = circumstances(parts, registry, terminal, store, { now, line, trace })
  if (around === null) return answer('overloaded')
  if (read.format === 'totals' && refusal === null) {
    const { result, row, totals } = await parts.closeDay(toDayEnd(request, key, around), read.claimed)
    return answer(result, row, toDayEndResponse(request, result, row, totals, store.language))
  }
  const asked = askedOf(request, read, key, around, refusal)
  const { result, row } = await parts.submit(asked)
  return answer(result, row)
}

/** A refused request has the content of the whole one, so that its repeat is the same request also when the reason is gone. */
function askedOf(
  request: Message,
  read: Exclude<Read, FormatError | { readonly format: 'response' | 'network' }>,
  key: Key,
  around: Circumstances,
  refusal: Result | null,
): Request {
  if (read.format === 'unsupported' || read.format === 'totals') {
    return toRefused(request, key, around, refusal ?? 'unsupported')
  }
  const whole = toRequest(request, read, around)
  return refusal === null ? whole : { ...whole, ask: { act: 'refused', result: refusal } }
}

/** 30, under the terminal's key where it could be read who it is. */
function formatErrorReply(
  parts: SwitchParts,
  profile: Profile,
  body: Buffer,
  request: Message,
  place: string,
): Handled {
  const terminal = parts.registry().terminals.get(request.fields[41]?.trimEnd() ?? '') ?? null
  const key = terminal === null ? null : parts.macs.keyFor({ profile, body, request, terminal, now: parts.now() })
  return { reply: parts.macs.seal(profile, toFormatError(request, place), terminal, key), bad: false }
}

function circumstances(
  parts: SwitchParts,
  registry: Registry,
  terminal: Terminal,
  store: Store,
  about: { readonly now: number; readonly line: string; readonly trace: string },
): Circumstances | null {
  const id = parts.nextId()
  const spareId = parts.nextId()
  if (id === null || spareId === null) return null
  const { today, businessDate } = daysOf(terminal, store.timeZone, parts.storeDay, about.now)
  return {
    id,
    spareId,
    at: about.now,
    today,
    businessDate,
    confirmation: terminal.confirmation,
    confirmTimeout: parts.confirmTimeout,
    lateConfirmWindow: parts.lateConfirmWindow,
    cancelWindow: parts.cancelWindow,
    account: (kind, currency) => registry.accounts.get(accountName(kind, store.code, currency)) ?? null,
    line: about.line,
    trace: about.trace,
  }
}

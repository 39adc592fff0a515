import type { Request } from '../core/request.ts'
import type { Key } from '../core/key.ts'
import { roleOfKind } from '../core/role.ts'
import { accountName, type Registry, type Store, type Terminal, type TextForm } from '../core/registry.ts'
import type { Result } from '../core/result.ts'
import type { Totals } from '../core/totals.ts'
import type { Transaction } from '../core/transaction.ts'
import { carriesKeys } from '../messages/answer-faults.ts'
import { malformedText } from '../iso8583/malformed.ts'
import type { Message } from '../iso8583/message.ts'
import { isRequest } from '../iso8583/mti.ts'
import type { Profile } from '../iso8583/profile.ts'
import { unpack } from '../iso8583/unpack.ts'
import { type FormatError, placeOf } from '../messages/format-error.ts'
import type { CardReader } from '../messages/presented.ts'
import { isNetwork, keyOf, type Read, readMessage } from '../messages/read.ts'
import { type Circumstances, toDayEnd, toRefused, toRequest } from '../messages/to-request.ts'
import type { TransmissionWindow } from '../messages/transmission-window.ts'
import type { ClaimedTotals } from '../messages/totals.ts'
import {
  giveReference,
  toDayEndResponse,
  toFormatError,
  toNetworkResponse,
  toResponse,
  toUnparsable,
} from '../messages/to-response.ts'
import type { Addresses } from './addresses.ts'
import type { MacVerifier } from './mac-verifier.ts'
import { daysOf } from './business-date.ts'
import type { MacKey } from './mac-keys.ts'
import { answerNetwork, type ExchangeKey } from './network.ts'
import { mustSignOn, noteSignOn, type Origin, terminalOn } from './origin.ts'
import { isRepeat, mayBeShed, mustStaySilent } from './load-shedding.ts'
import { clearTrackFault, openTrack, type TrackDecryptor } from './track-decryptor.ts'
import type { StoreDay } from './store-day.ts'

/** The functions that the switch calls; `app.ts` connects them to the engine. */
export type SwitchParts = {
  readonly registry: () => Registry
  /** The message goes along for a host that has the card. Rejects where nothing may be answered. */
  readonly submit: (
    request: Request,
    isRepeat: boolean,
    message: Message,
  ) => Promise<{ readonly result: Result; readonly row: Transaction | null }>
  /** Whether a new request would be refused now; whether a request under this key must not be refused. */
  readonly isOverloaded: () => boolean
  readonly mayBeBooked: (key: Key) => boolean
  readonly closeDay: (
    request: Request,
    claimed: ClaimedTotals | null,
  ) => Promise<{ readonly result: Result; readonly row: Transaction | null; readonly totals: Totals }>
  /** A new row id; null while there is none. */
  readonly nextId: () => number | null
  readonly reader: CardReader
  readonly macs: MacVerifier
  readonly exchangeKey: ExchangeKey
  readonly tracks: TrackDecryptor
  readonly addresses: Addresses
  readonly storeDay: StoreDay
  readonly now: () => number
  readonly confirmTimeoutMs: number
  /** Uses the clock as it is set now: if the clock was set within the window, the window is longer by that step. */
  readonly lateConfirmWindowMs: () => number
  readonly cancelWindowMs: () => number | null
  readonly window: TransmissionWindow
  readonly watch: SwitchWatch
}

export type SwitchWatch = {
  readonly answered: (trace: string, request: Message, result: Result, terminal: Terminal | null, ms: number) => void
  /**
   * A request of a terminal that gets no answer, because its outcome is unknown and its absence cannot be stated
   * either.
   */
  readonly unanswered: (trace: string, why: unknown) => void
  /** The data received was no readable request. */
  readonly refused: (trace: string, address: string, what: string) => void
  /** A request that was answered 96 before it was looked at. */
  readonly shed: (request: Message) => void
  /** A stranger that was not answered any more. */
  readonly throttled: (result: Result) => void
}

/**
 * The result of a frame. Whether its message can be read at all is known at once, so that a line's count follows the
 * order of arrival.
 */
export type Handled = {
  readonly unreadable: boolean
  /** Bytes to send; null: nothing is sent. */
  readonly reply: Promise<Buffer | null>
}

/** One frame, and where and when it came; `started`: by `performance.now()`. */
type Arrival = {
  readonly profile: Profile
  readonly body: Buffer
  readonly origin: Origin
  readonly trace: string
  readonly now: number
  readonly started: number
}

const SILENCE = null
const UNREADABLE: Handled = { unreadable: true, reply: Promise.resolve(SILENCE) }

/** A dialect without a field for a key: no key is made, since it could not be sent. */
const NO_EXCHANGE: ExchangeKey = () => Promise.resolve(null)

/** The form of texts for unknown terminals, whose language is unknown too. */
const FOR_UNKNOWN_TERMINALS: TextForm = { language: 'en', characterSet: 'ascii' }

/** One frame from bytes to bytes. */
export function handleFrame(
  parts: SwitchParts,
  profile: Profile,
  body: Buffer,
  origin: Origin,
  trace: string,
): Handled {
  const arrival: Arrival = { profile, body, origin, trace, now: parts.now(), started: performance.now() }
  const unpacked = unpack(profile, body)
  if (unpacked.ok) return { unreadable: false, reply: handleMessage(parts, arrival, unpacked.message) }
  const { malformed } = unpacked
  noteRefused(parts, arrival, `${malformedText(malformed)} at byte ${malformed.offset}`)
  const { readable } = malformed
  if (readable === null || !isRequest(readable.mti)) return UNREADABLE
  // The MAC comes after the fault, so it cannot be read.
  const reply = strangerReply(parts, arrival, () => toUnparsable(readable, malformedText(malformed)))
  return { unreadable: false, reply: Promise.resolve(reply) }
}

/**
 * Handles one message: reads it, finds the terminal, submits, answers. The order of the refusals is that of
 * docs/spec/terminal.md, section 6: 30 · unknown terminal 58 · 63 · other 58 · 03 · 12 · the engine's result.
 */
async function handleMessage(parts: SwitchParts, arrival: Arrival, request: Message): Promise<Buffer | null> {
  const { profile, body, origin, trace, now, started } = arrival
  if (parts.isOverloaded() && mayBeShed(request, now, parts.mayBeBooked)) {
    const shed = shedReply(parts, arrival, request)
    if (shed !== null) return shed
  }
  const first = readMessage(request, parts.reader, now, parts.window, profile.entryModes)
  if (first.format === 'response') {
    noteRefused(parts, arrival, `a response, ${request.mti}`)
    return SILENCE
  }
  const registry = parts.registry()
  const terminal = terminalOn(origin, registry, request)
  if (first.format === 'error')
    return refuse(parts, arrival, request, first, await keyOfRefused(parts, arrival, request))

  const store = terminal === null ? null : (registry.stores.get(terminal.storeCode) ?? null)
  let macKey: MacKey | null = null
  const answer: Answering = (result, row = null, response) => {
    if (mustStaySilent(request, result)) {
      parts.watch.unanswered(trace, result)
      return SILENCE
    }
    const reply = response ?? toResponse(request, result, row, terminal?.textForm ?? FOR_UNKNOWN_TERMINALS)
    if (first.format !== 'network' && first.key !== null) giveReference(reply, first.key)
    parts.watch.answered(trace, request, result, terminal, performance.now() - started)
    return parts.macs.seal(profile, reply, terminal, macKey)
  }

  const unanswered = (result: Result): null => {
    parts.watch.throttled(result)
    return SILENCE
  }
  const stranger = (result: Result): Buffer | null => {
    origin.standing.wrong()
    return parts.addresses.mayBeRefused(origin.peer.address) ? answer(result) : unanswered(result)
  }

  if (terminal === null || store === null || !terminal.active) return stranger('unknown_terminal')
  const macCase = { profile, body, request, terminal, wantsMac: origin.wantsMac, now }
  const mac = parts.macs.check(macCase) ?? (await parts.macs.settle(macCase))
  macKey = mac.key
  if (!mac.good) return stranger('bad_mac')
  origin.standing.right()
  if (mustSignOn(origin, terminal) && first.format !== 'network') return answer('not_signed_on')
  const read =
    first.format === 'encrypted'
      ? await openTrack(parts.tracks, terminal.code, request, first, (clear) =>
          readMessage(clear, parts.reader, now, parts.window, profile.entryModes),
        )
      : (clearTrackFault(parts.tracks, terminal.code, request.fields) ?? first)
  if (read === null) return answer('malfunction')
  if (read.format === 'error') return refuse(parts, arrival, request, read, mac.key)

  const named = request.fields[42]?.trimEnd()
  const isOfAnother = named !== undefined && named !== store.code
  if (isOfAnother && !parts.addresses.mayBeRefused(origin.peer.address)) return unanswered('wrong_store')
  const wrongStore = !store.open || isOfAnother
  if (read.format === 'network') {
    if (wrongStore) return answer('wrong_store')
    const exchange = carriesKeys(profile) ? parts.exchangeKey : NO_EXCHANGE
    const { result, keyBlock } = await answerNetwork(read.purpose, terminal, mac.key, read.stamp, now, exchange)
    if (result === 'approved') noteSignOn(origin, terminal, read.purpose)
    return answer(result, null, toNetworkResponse(request, result, keyBlock, terminal.textForm))
  }

  return carryOut(parts, arrival, request, read, { registry, terminal, store, wrongStore }, answer)
}

type Place = {
  readonly registry: Registry
  readonly terminal: Terminal
  readonly store: Store
  readonly wrongStore: boolean
}

type Answering = (result: Result, row?: Transaction | null, response?: Message) => Buffer | null

/**
 * The requests that reach the engine: an operation, a request about an earlier one, an end of day; or a refusal that is
 * kept.
 */
async function carryOut(
  parts: SwitchParts,
  { origin, trace, now }: Arrival,
  request: Message,
  read: Exclude<Read, { readonly format: 'response' | 'error' | 'network' | 'encrypted' }>,
  { registry, terminal, store, wrongStore }: Place,
  answer: Answering,
): Promise<Buffer | null> {
  const refusal = wrongStore ? 'wrong_store' : read.format === 'unsupported' ? 'unsupported' : null
  const key: Key | null = read.key
  if (key === null) return answer(refusal ?? 'unsupported')
  const around = circumstances(parts, registry, terminal, store, { now, line: origin.line, trace })
  if (around === null) return answer('overloaded')
  if (read.format === 'totals' && refusal === null) {
    const { result, row, totals } = await parts.closeDay(toDayEnd(request, key, around), read.claimed)
    return answer(result, row, toDayEndResponse(request, result, row, totals, terminal.textForm))
  }
  const asked = askedOf(request, read, key, around, refusal)
  const { result, row } = await parts.submit(asked, isRepeat(request), request)
  return answer(result, row)
}

function noteRefused({ watch }: SwitchParts, { trace, origin }: Arrival, what: string): void {
  origin.standing.wrong()
  watch.refused(trace, origin.peer.address, what)
}

/** A refused request has the content of the whole one, so that its repeat is the same request also when the reason is gone. */
function askedOf(
  request: Message,
  read: Exclude<Read, FormatError | { readonly format: 'response' | 'network' | 'encrypted' }>,
  key: Key,
  around: Circumstances,
  refusal: Result | null,
): Request {
  if (read.format === 'unsupported' || read.format === 'totals') {
    return toRefused(request, key, around, refusal ?? 'unsupported')
  }
  const whole = toRequest(request, read, around)
  return refusal === null ? whole : { ...whole, ask: { act: 'refused', result: refusal, role: roleOfKind(key.kind) } }
}

/** A message that cannot be understood, but is MACed rightly: only such an answer is MACed too. */
async function keyOfRefused(parts: SwitchParts, arrival: Arrival, request: Message): Promise<MacKey | null> {
  const { profile, body, origin, now } = arrival
  const terminal = terminalOn(origin, parts.registry(), request)
  if (terminal === null || !terminal.active) return null
  const about = { profile, body, request, terminal, wantsMac: origin.wantsMac, now }
  return (parts.macs.check(about) ?? (await parts.macs.settle(about))).key
}

/** 30. Without a right MAC the sender is not authenticated: counted as an unknown sender's, and not MACed. */
function refuse(
  parts: SwitchParts,
  arrival: Arrival,
  request: Message,
  { field, what }: FormatError,
  macKey: MacKey | null,
): Buffer | null {
  const place = placeOf(field, what)
  noteRefused(parts, arrival, place)
  const toReply = (): Message => {
    const reply = toFormatError(request, place)
    const key = keyOf(request, arrival.now)
    if (key !== null && !isNetwork(request)) giveReference(reply, key)
    return reply
  }
  if (macKey === null) return strangerReply(parts, arrival, toReply)
  return parts.macs.seal(arrival.profile, toReply(), terminalOn(arrival.origin, parts.registry(), request), macKey)
}

/** An unMACed 30, where the address may still have one. */
function strangerReply(parts: SwitchParts, { profile, origin }: Arrival, toReply: () => Message): Buffer | null {
  if (parts.addresses.mayBeRefused(origin.peer.address)) return parts.macs.seal(profile, toReply(), null, null)
  parts.watch.throttled('format_error')
  return SILENCE
}

/** 96 to a known terminal; an unknown sender gets its usual refusal. */
function shedReply(parts: SwitchParts, arrival: Arrival, request: Message): Buffer | null {
  const registry = parts.registry()
  const terminal = terminalOn(arrival.origin, registry, request)
  const store = terminal === null ? undefined : registry.stores.get(terminal.storeCode)
  if (terminal?.active !== true || store === undefined) return null
  parts.watch.shed(request)
  const { profile, body, origin, now } = arrival
  const key = parts.macs.keyFor({ profile, body, request, terminal, wantsMac: origin.wantsMac, now })
  return parts.macs.seal(profile, toResponse(request, 'overloaded', null, terminal.textForm), terminal, key)
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
    confirmTimeoutMs: parts.confirmTimeoutMs,
    lateConfirmWindowMs: parts.lateConfirmWindowMs(),
    cancelWindowMs: parts.cancelWindowMs(),
    account: (kind, currency) => registry.accounts.get(accountName(kind, store.code, currency)) ?? null,
    line: about.line,
    trace: about.trace,
  }
}

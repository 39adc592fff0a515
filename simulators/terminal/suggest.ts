import { framings, likeliestFraming } from '../describe/frames.ts'
import { describe } from '../describe/parts.ts'
import { createDeframer } from '../../src/iso8583/frame.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import type { Address } from './address.ts'
import { frameLengths, type Framing } from './framing.ts'

/** A line without an answer: its settings, the sent bytes, and received bytes that are not a message. */
export type Unanswered = {
  readonly address: Address
  readonly framing: Framing
  readonly tls: boolean
  readonly profile: string
  readonly kind: 'closed' | 'silence'
  readonly sent: Buffer
  readonly came: Buffer
}

const MAX_FRAME = 4096
const CLEAR = 0.5
const SHOWN = 8

/** Beginnings of other protocols. */
const OTHERS: readonly (readonly [begins: string, words: string])[] = [
  ['\u0015\u0003', 'it is a TLS alert: this listener wants TLS (--tls)'],
  ['HTTP/', 'it is an HTTP server: another port is meant'],
  ['SSH-', 'it is an SSH server: another port is meant'],
]

const tpduOption = (tpdu: 'none' | 5): string => `--tpdu ${tpdu}`
const hexOf = (bytes: Buffer): string => (bytes.toString('hex', 0, SHOWN).match(/../g) ?? []).join(' ').toUpperCase()

/** An explanation of the received bytes, if they make sense otherwise. */
function ofWhatCame({ came, framing, profile }: Unanswered, profiles: readonly Profile[]): string[] {
  if (came.length === 0) return []
  const text = came.toString('latin1')
  const other = OTHERS.find(([begins]) => text.startsWith(begins))
  if (other !== undefined) return [`What came begins with ${hexOf(came)}: ${other[1]}.`]
  const likely = likeliestFraming(came, profiles, framings({}))
  const [likeliest] = profiles
    .map((one) => ({ name: one.name, found: likeliestFraming(came, [one], [likely.framing]).likeness }))
    .toSorted((a, b) => b.found - a.found)
  if (likely.likeness < CLEAR || likeliest === undefined) return [`What came begins with ${hexOf(came)}.`]
  const { length, tpdu } = likely.framing
  if (length === framing.length && (tpdu === 5) === (framing.tpdu !== null) && likeliest.name === profile) return []
  const options = `${length === 'none' ? 'no length before it' : `--length ${length}`} ${tpduOption(tpdu)}`
  return [`What came reads as ${likeliest.name}: try --profile ${likeliest.name}, ${options}.`]
}

/** Other kinds of listeners and their reaction to the sent bytes: `ends` the line, or `waits` for more. */
function otherListeners({ framing, sent, tls }: Unanswered): { readonly ends: string[]; readonly waits: string[] } {
  const found = { ends: tls ? [] : ['TLS (--tls)'], waits: [] as string[] }
  for (const length of frameLengths)
    for (const tpdu of ['none', 5] as const) {
      if (length === framing.length && (tpdu === 5) === (framing.tpdu !== null)) continue
      const deframer = createDeframer({ length, tpdu, maxFrame: MAX_FRAME })
      const fault = deframer.push(sent, () => undefined)
      const words = `--length ${length} ${tpduOption(tpdu)}`
      if (fault !== null) found.ends.push(words)
      else if (deframer.pending()) found.waits.push(words)
    }
  return found
}

/** Profiles in which not even MTI and bitmap of the message can be read. */
function cannotRead({ sent, framing, profile }: Unanswered, profiles: readonly Profile[]): string[] {
  const prefix = (framing.length === 'ascii4' ? 4 : 2) + (framing.tpdu?.length ?? 0)
  const body = sent.subarray(prefix)
  return profiles.filter((one) => one.name !== profile && describe(one, body).message === null).map(({ name }) => name)
}

/**
 * The causes suggested by the first bytes of both sides: one sentence per line. Only the head of a message is shown.
 */
export function suggestions(line: Unanswered, profiles: readonly Profile[]): string[] {
  const came = ofWhatCame(line, profiles)
  if (came.length > 0 && line.came.length > 0) return came
  const { ends, waits } = otherListeners(line)
  const first = `Our first bytes were ${hexOf(line.sent)}`
  const unread = cannotRead(line, profiles)
  if (line.kind === 'closed')
    return ends.length === 0 ? [] : [`${first}. A listener of another kind ends the line there: ${ends.join('; ')}.`]
  return [
    ...(waits.length === 0 ? [] : [`${first}. A listener of another kind waits for more: ${waits.join('; ')}.`]),
    ...(unread.length === 0
      ? []
      : [`A listener of another profile cannot read it and says nothing: ${unread.join(', ')}.`]),
  ]
}

/** The meaning of connection errors. */
const CONNECT_HINTS: readonly (readonly [code: RegExp, words: string])[] = [
  [/ECONNREFUSED/, 'Nothing listens there. Is the switch up? (make run)'],
  [/WRONG_VERSION_NUMBER|EPROTO|packet length too long/i, 'The listener speaks without TLS: leave --tls out.'],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    'Its certificate comes from nobody who is trusted: --tls-ca FILE, or --no-tls-verify to look at none.',
  ],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, 'Its certificate has another name: --tls-name NAME.'],
  [/HANDSHAKE|ALERT|ECONNRESET|socket disconnected/i, 'It may want a certificate of ours: --tls-cert and --tls-key.'],
]

export const connectHint = (code: string): string => CONNECT_HINTS.find(([known]) => known.test(code))?.[1] ?? ''

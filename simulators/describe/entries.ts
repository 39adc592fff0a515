import { type Fit, fits } from './fit.ts'
import { type Framing, likeliestFraming, type Piece, pieces } from './frames.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { type Arrival, arrivalOf, type Stretch } from './streams.ts'

/** Where in a capture something was sent. */
export type Sent = Arrival & { readonly from: string; readonly to: string }

/** An entry of the output: a message in the chosen profile, a keep-alive, or unreadable bytes. */
export type Entry = {
  readonly piece: Piece
  readonly framing: Framing
  /** Null for an entry that is not a message. */
  readonly fit: Fit | null
  /** The profiles that were not chosen, the likeliest first. */
  readonly others: readonly Fit[]
  readonly sent: Sent | null
}

export type Settings = {
  readonly profiles: readonly Profile[]
  /** Read every message in this one. */
  readonly named: Profile | null
  readonly choice: readonly Framing[]
}

/** Profiles to try, the named one first. */
export const allProfiles = ({ profiles, named }: Settings): readonly Profile[] =>
  named === null ? profiles : [named, ...profiles.filter(({ name }) => name !== named.name)]

/** The entries of bytes that came from no capture. */
export function entriesOf(bytes: Buffer, settings: Settings): Entry[] {
  const { framing } = likeliestFraming(bytes, allProfiles(settings), settings.choice)
  return entriesIn(bytes, framing, settings, () => null)
}

function entriesIn(bytes: Buffer, framing: Framing, settings: Settings, sentAt: (at: number) => Sent | null): Entry[] {
  const { named } = settings
  const profiles = allProfiles(settings)
  return pieces(bytes, profiles, framing).map((piece) => {
    const found = piece.kind === 'message' ? fits(profiles, piece.body) : []
    const fit = found.find(({ profile }) => named === null || profile === named) ?? null
    return { piece, framing, fit, others: found.filter((one) => one !== fit), sent: sentAt(piece.at) }
  })
}

/** Bytes hold messages if at least this share of them can be read as messages. */
const SENSE = 0.3
/** A capture may begin in the middle of a message; a frame mostly begins with a segment. */
const STARTS_TRIED = 16

/** The entries of one direction of a connection; `sense`: whether messages were found at all. */
export function entriesOfStretch(stretch: Stretch, settings: Settings): { entries: Entry[]; sense: boolean } {
  const profiles = allProfiles(settings)
  const starts = stretch.arrivals.slice(0, STARTS_TRIED).map(({ at }) => ({
    at,
    ...likeliestFraming(stretch.bytes.subarray(at), profiles, settings.choice),
  }))
  const [first] = starts
  const best = starts.find(({ likeness }) => likeness >= SENSE) ?? first
  if (best === undefined) return { entries: [], sense: false }
  const sentAt = (at: number): Sent | null => {
    const arrival = arrivalOf(stretch, at)
    return arrival === null ? null : { ...arrival, from: stretch.from, to: stretch.to }
  }
  const shifted = entriesIn(stretch.bytes.subarray(best.at), best.framing, settings, (at) => sentAt(best.at + at))
  const found = shifted.map((entry): Entry => ({ ...entry, piece: { ...entry.piece, at: entry.piece.at + best.at } }))
  return {
    entries: [...unreadBefore(stretch, best.at, best.framing, sentAt(0)), ...found],
    sense: best.likeness >= SENSE,
  }
}

/** Lost packets, and bytes of a message that began before the capture did. */
function unreadBefore({ lost }: Stretch, skipped: number, framing: Framing, sent: Sent | null): Entry[] {
  const texts = [
    ...(lost === null ? [] : [`${lost} bytes before this are not in the capture`]),
    ...(skipped === 0 ? [] : ['the rest of a message that began earlier']),
  ]
  return texts.map((text, index) => ({
    piece: { kind: 'fault', at: 0, text, rest: index === texts.length - 1 ? skipped : 0 },
    framing,
    fit: null,
    others: [],
    sent,
  }))
}

/** Whether the entry was read completely. */
export const isRead = ({ piece, fit }: Entry): boolean =>
  piece.kind === 'keep-alive' || (piece.kind === 'message' && !piece.cut && fit?.described.malformed === null)

/** Another profile that reads the whole message where the chosen one does not, or gives more sense. */
export function betterProfile({ fit, others }: Entry): Profile | null {
  const [other] = others
  return fit !== null && other !== undefined && other.likeness > fit.likeness ? other.profile : null
}

/** Other profiles that read it just as well. */
export const equalProfiles = ({ fit, others }: Entry): string[] =>
  others
    .filter((other) => fit?.described.malformed === null && other.likeness === fit.likeness)
    .map(({ profile }) => profile.name)

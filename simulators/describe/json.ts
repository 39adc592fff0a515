import type { Framing } from './frames.ts'
import { betterProfile, type Entry, equalProfiles, isRead } from './entries.ts'
import { shownMessage } from './shown.ts'

const framingOf = ({ length, tpdu }: Framing, tpduBytes: Buffer | null): object => ({
  length,
  tpdu: tpdu === 'none' ? null : (tpduBytes?.toString('hex').toUpperCase() ?? null),
})

/**
 * One object for a message, or for bytes in which none was found; null for a keep-alive. `elements` are in the order of
 * the message, the MTI (0) and the bitmaps (1, 65, 129) among them.
 */
export function jsonOf(entry: Entry, number: number): object | null {
  const { piece, fit, framing, sent } = entry
  if (piece.kind === 'keep-alive') return null
  const place = { message: number, at: piece.at, read: isRead(entry), ...(sent && { sent: sentOf(sent) }) }
  if (piece.kind === 'fault' || fit === null)
    return { ...place, frameFault: piece.kind === 'fault' ? { text: piece.text, bytes: piece.rest } : null }
  const { mti, meaning, parts, fault } = shownMessage(fit, piece.body)
  return {
    ...place,
    frame: framingOf(framing, piece.tpdu),
    cut: piece.cut,
    size: piece.body.length,
    profile: fit.profile.name,
    alsoFits: equalProfiles(entry),
    betterProfile: betterProfile(entry)?.name ?? null,
    mti,
    meaning,
    elements: parts,
    fault,
  }
}

const sentOf = ({ packet, time, from, to }: NonNullable<Entry['sent']>): object => ({
  packet,
  time: time === null ? null : new Date(time / 1_000).toISOString(),
  from,
  to,
})

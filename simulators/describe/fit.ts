import { describe, type Described } from './parts.ts'
import { mtiParts } from '../../src/iso8583/mti.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** A message as one profile reads it. */
export type Fit = {
  readonly profile: Profile
  readonly described: Described
  /** 0 to 1: the likelihood that the bytes are a message of this profile; 1 if everything was read and makes sense. */
  readonly likeness: number
}

/** The message in each profile, the most likely first; of equals the one that is listed first. */
export const fits = (profiles: readonly Profile[], bytes: Buffer): Fit[] =>
  profiles
    .map((profile) => {
      const described = describe(profile, bytes)
      return { profile, described, likeness: likeness(described, bytes.length) }
    })
    .toSorted((a, b) => b.likeness - a.likeness)

/**
 * The weight of a valid MTI: digits read in the wrong code give some MTI too, as `3032` for the text `02`, but seldom
 * one that the standard has.
 */
function likeness({ message, malformed, parts, unread }: Described, size: number): number {
  const mti = message?.mti ?? parts[0]?.value
  if (mti === undefined || size === 0) return 0
  const sense = isKnownMti(mti) ? 1 : 0.05
  if (malformed === null) return sense
  const read = unread / size
  // All elements that the bitmap names were there: bytes left over are the smaller fault.
  if (malformed.reason === 'leftOver' && parts.length > FEW_parts) return sense * (0.5 + 0.4 * read)
  return sense * (0.1 + 0.7 * read)
}

/** MTI, bitmap and two elements; a wrong bitmap can name as few by chance. */
const FEW_parts = 4

/** Version 1987, 1993 or 2003, and digits to which ISO 8583:1987, 4.1 gives a meaning. */
function isKnownMti(mti: string): boolean {
  const { version, class: purpose, function: role, origin } = mtiParts(mti)
  return version <= 2 && purpose !== null && role !== null && origin <= 4
}

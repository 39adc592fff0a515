import type { Profile } from '../../src/iso8583/profile.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PackError } from '../../src/iso8583/pack-error.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { SetUpError } from '../set-up-error.ts'
import { type Bitmap, type Packed, packMessage, type Read, readMessage } from './dialect.ts'
import type { Fields } from './fields.ts'
import type { Message } from './message.ts'

/** How messages become bytes and come out of them. */
export type Wire = {
  readonly profile: string
  readonly read: (bytes: Buffer) => Read
  /** Without a bitmap: as few as there are elements for. */
  readonly write: (message: Message, bitmap?: Bitmap) => Packed
  /** Bytes that DE64 and DE128 take: 8, or 16 where they are written in hex. */
  readonly macBytes: number
}

/** The dialect that the package `iso_8583` knows. */
const PACKAGED = 'iso87-ascii'

export const codecs = ['package', 'own'] as const
export type Codec = (typeof codecs)[number]

const MAC_BYTES = 8

/** The package `iso_8583`, in the only dialect that it knows. */
export const packagedWire: Wire = {
  profile: PACKAGED,
  read: readMessage,
  write: (message, bitmap = 'single') => packMessage(message, bitmap),
  macBytes: MAC_BYTES,
}

function own(profile: Profile): Wire {
  return {
    profile: profile.name,
    macBytes: profile.encodings.binary === 'raw' ? MAC_BYTES : 2 * MAC_BYTES,
    read: (bytes) => {
      const read = unpack(profile, bytes)
      if (!read.ok) return { ok: false, reason: `field ${read.malformed.field}: ${read.malformed.reason}` }
      const fields: Fields = {}
      for (const [de, value] of Object.entries(read.message.fields)) if (value !== undefined) fields[Number(de)] = value
      return { ok: true, message: { mti: read.message.mti, fields } }
    },
    write: (message, bitmap = 'single') => {
      const second = bitmap === 'double' ? { secondaryBitmap: true as const } : {}
      try {
        return { ok: true, bytes: pack(profile, { ...message, ...second }) }
      } catch (problem) {
        if (problem instanceof PackError) return { ok: false, reason: problem.message }
        throw problem
      }
    },
  }
}

/**
 * `package`: the npm package `iso_8583`, so that a talk is one between two codecs; it knows `iso87-ascii` alone. `own`:
 * Akart's codec, for the other profiles and where speed matters. Null: the first where it can be had.
 */
export function wireOf(profile: Profile, codec: Codec | null): Wire {
  if (codec === 'package' && profile.name !== PACKAGED)
    throw new SetUpError(`--codec package: it knows ${PACKAGED} only, not ${profile.name}`)
  return codec !== 'own' && profile.name === PACKAGED ? packagedWire : own(profile)
}

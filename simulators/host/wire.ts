import type { Profile } from '../../src/iso8583/profile.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PackError } from '../../src/iso8583/pack-error.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { SetUpError } from '../set-up-error.ts'
import { type Packed, packMessage, type Read, readMessage } from '../terminal/dialect.ts'
import type { Fields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'

/** How messages become bytes and come out of them. */
export type Wire = { readonly read: (bytes: Buffer) => Read; readonly write: (message: Message) => Packed }

/** The dialect that the package `iso_8583` knows. */
const PACKAGED = 'iso87-ascii'

export const codecs = ['package', 'own'] as const
export type Codec = (typeof codecs)[number]

const packaged: Wire = { read: readMessage, write: (message) => packMessage(message, 'single') }

function own(profile: Profile): Wire {
  return {
    read: (bytes) => {
      const read = unpack(profile, bytes)
      if (!read.ok) return { ok: false, reason: `field ${read.malformed.field}: ${read.malformed.reason}` }
      const fields: Fields = {}
      for (const [de, value] of Object.entries(read.message.fields)) if (value !== undefined) fields[Number(de)] = value
      return { ok: true, message: { mti: read.message.mti, fields } }
    },
    write: (message) => {
      try {
        return { ok: true, bytes: pack(profile, message) }
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
  return codec !== 'own' && profile.name === PACKAGED ? packaged : own(profile)
}

import type { Fields, Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PackError } from '../../src/iso8583/pack-error.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** What an echo has; by its answer a batch of frames is known to have been looked at. */
const ECHO = [7, 11, 41, 70] as const

/** Elements of an echo that a dialect lacks: without them nothing can be judged on its line. */
export const lacksForEcho = ({ specs }: Profile): number[] => ECHO.filter((de) => !specs.has(de))

/**
 * A message without what a dialect cannot carry: one of somebody's own has fewer elements than ours, and shorter ones.
 */
export function packCarried(profile: Profile, message: Message): Buffer {
  for (let left = message; ;) {
    try {
      return pack(profile, left)
    } catch (error) {
      if (!(error instanceof PackError) || error.field === 0) throw error
      left = error.reason === 'more bitmaps than the profile has' ? inOneBitmap(left) : without(left, error.field)
    }
  }
}

function without({ mti, fields, ...bitmaps }: Message, element: number): Message {
  const left: Fields = { ...fields }
  delete left[element]
  return { mti, fields: left, ...bitmaps }
}

const inOneBitmap = ({ mti, fields }: Message): Message => ({
  mti,
  fields: Object.fromEntries(Object.entries(fields).filter(([de]) => Number(de) <= 64)),
})

import type { Fields, Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { PackError } from '../../src/iso8583/pack-error.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** The elements of an echo; its answer shows that the switch has read a batch of frames. */
const ECHO = [7, 11, 41, 70] as const

/** Elements of an echo that a dialect lacks: without them nothing can be judged on its line. */
export const lacksForEcho = ({ specs }: Profile): number[] => ECHO.filter((de) => !specs.has(de))

/** A message without the elements that a dialect cannot carry: a custom dialect may have fewer and shorter elements. */
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

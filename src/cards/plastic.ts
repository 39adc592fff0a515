import { checkValue } from './check-value.ts'
import type { CardKeys } from './keys.ts'
import { encodeTrack1, encodeTrack2, SERVICE_CODE } from './track.ts'

/** Bearer cards have nobody's name; track 1 wants one. */
const NAME = 'GIFT CARD'

/** What the stripe of a card depends on. */
export type Plastic = {
  readonly number: string
  /** YYMM. */
  readonly expiry: string
  /** 0 for the first plastic of a number, raised by each new one. */
  readonly version: number
}

/** Both tracks, without sentinels, as the switch takes them in DE 45 and DE 35. */
export function tracksOf(keys: CardKeys, { number, expiry, version }: Plastic): { track1: string; track2: string } {
  const fields = { number, expiry, serviceCode: SERVICE_CODE, version: String(version).padStart(2, '0') }
  const stripe = { ...fields, checkValue: checkValue(keys, fields) }
  return { track1: encodeTrack1(stripe, NAME), track2: encodeTrack2(stripe) }
}

import { checkValueMatches } from '../cards/check-value.ts'
import { ecodeHashHex, numberHashHex } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { isLuhn } from '../cards/number.ts'
import { parseTrack1, parseTrack2 } from '../cards/track.ts'
import type { CardReader } from '../messages/presented.ts'

/** What the edges can find out about a presented card with the keys of this installation. */
export const createCardReader = (keys: CardKeys): CardReader => ({
  stripe(track, text) {
    const stripe = track === 1 ? parseTrack1(text) : parseTrack2(text)
    if (stripe === 'not_a_track') return null
    const genuine = checkValueMatches(keys, stripe, stripe.checkValue)
    return { number: stripe.number, expiry: stripe.expiry, version: Number(stripe.version), genuine }
  },
  number: (number) => ({ numberHash: numberHashHex(keys, number), luhn: isLuhn(number) }),
  ecodeHash: (ecode) => ecodeHashHex(keys, ecode),
})

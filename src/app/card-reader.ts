import { isEan13 } from '../cards/barcode.ts'
import { checkValueMatches } from '../cards/check-value.ts'
import { eanHashes, ecodeHashHex, numberHashes } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { isLuhn, maskNumber } from '../cards/number.ts'
import { parseTrack1, parseTrack2 } from '../cards/track.ts'
import type { CardReader } from '../messages/presented.ts'

/** No card number is as short: those have 16 to 19 digits. */
const EAN13 = 13

/** Recognises presented cards for the edges, with the current keys of this installation. */
export const createCardReader = (keys: () => CardKeys): CardReader => ({
  stripe(track, text) {
    const stripe = track === 1 ? parseTrack1(text) : parseTrack2(text)
    if (stripe === 'not_a_track') return null
    const genuine = checkValueMatches(keys(), stripe, stripe.checkValue)
    return { number: stripe.number, expiry: stripe.expiry, version: Number(stripe.version), genuine }
  },
  barcode: (text) =>
    text.length === EAN13
      ? { ...eanHashes(keys(), text), luhn: isEan13(text), shown: text }
      : { ...numberHashes(keys(), text), luhn: isLuhn(text), shown: maskNumber(text) },
  number: (number) => ({ ...numberHashes(keys(), number), luhn: isLuhn(number), shown: maskNumber(number) }),
  ecodeHash: (ecode) => ecodeHashHex(keys(), ecode),
})

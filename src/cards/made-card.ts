import { NO_EXPIRY } from '../core/card.ts'
import { ecodeFrom, issueEcodeKey } from './ecode.ts'
import { eanHashHex, ecodeHashHex, numberHashHex } from './hash.ts'
import type { CardKeys } from './keys.ts'
import { EAN_LENGTH, numbersAt } from './number-space.ts'
import { sealNumber } from './seal.ts'

/** The parameters from which the cards of an issue are made. */
export type CardPlan = {
  readonly issueId: number
  /** The id of the card with serial 1; those of the others follow it. */
  readonly firstId: number
  readonly prefix: string
  readonly length: number
  readonly body: 'sequential' | 'scrambled'
  /** The place of serial 1 in the number space. */
  readonly firstPlace: number
  readonly ean: { readonly prefix: string; readonly firstPlace: number } | null
  /** 32 bytes; null: no eCodes. */
  readonly ecodeSeed: Buffer | null
  /** The last day, YYYY-MM-DD, of all cards of the issue; null: no expiry, or it depends on the sale. */
  readonly validUntil: string | null
}

/** The stored form of a new card. Hashes and sealed numbers in hex; the eCode itself is not stored. */
export type MadeCard = {
  readonly serial: number
  readonly numberHash: string
  readonly sealed: string
  readonly firstSix: string
  readonly lastFour: string
  readonly ecodeHash: string | null
  readonly barcodeHash: string | null
}

/** YYMM on the stripe: the month of the last day. */
export const stripeExpiry = (validUntil: string | null): string =>
  validUntil === null ? NO_EXPIRY : validUntil.slice(2, 4) + validUntil.slice(5, 7)

/** Serials `first` to `first + count - 1`. */
export type Serials = { readonly first: number; readonly count: number }

/** The numbers of these serials. */
export const plannedNumbers = (keys: CardKeys, plan: CardPlan, { first, count }: Serials): string[] =>
  numbersAt(keys, plan, plan.body, { first: plan.firstPlace + first - 1, count })

/** The EAN-13 of each card, in secret order; null for each if the issue has none. */
export function eansOf(keys: CardKeys, { ean }: Pick<CardPlan, 'ean'>, { first, count }: Serials): (string | null)[] {
  if (ean === null) return Array.from({ length: count }, () => null)
  const space = { length: EAN_LENGTH, prefix: ean.prefix }
  return numbersAt(keys, space, 'scrambled', { first: ean.firstPlace + first - 1, count })
}

const NONCE = 12

/** The cards of these serials with these numbers. `random`: 12 fresh random bytes for each. */
export function makeCards(
  keys: CardKeys,
  plan: CardPlan,
  first: number,
  numbers: readonly string[],
  random: Buffer,
): MadeCard[] {
  const ecodeKey = plan.ecodeSeed === null ? null : issueEcodeKey(keys, plan.ecodeSeed)
  const eans = eansOf(keys, plan, { first, count: numbers.length })
  return numbers.map((number, i) => {
    const ean = eans[i] ?? null
    return {
      serial: first + i,
      numberHash: numberHashHex(keys, number),
      sealed: sealNumber(keys, number, random.subarray(i * NONCE, (i + 1) * NONCE)).toString('hex'),
      firstSix: number.slice(0, 6),
      lastFour: number.slice(-4),
      ecodeHash: ecodeKey === null ? null : ecodeHashHex(keys, ecodeFrom(ecodeKey, number)),
      barcodeHash: ean === null ? null : eanHashHex(keys, ean),
    }
  })
}

// How a card is presented: the elements of section 3 for each entry mode, honest ones and forged ones.
import type { Card } from './akart.ts'
import type { Fields } from './wire.ts'

const otherDigit = (digit: string | undefined): string => String((Number(digit) + 1) % 10)
const luhnDigit = (body: string): string => {
  const sum = body
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const weighted = Number(digit) * (index % 2 === 0 ? 2 : 1)
      return total + (weighted > 9 ? weighted - 9 : weighted)
    }, 0)
  return String((10 - (sum % 10)) % 10)
}
const badCheckDigit = (number: string): string => number.slice(0, -1) + otherDigit(number.at(-1))
const nobodys = '629910999999999'
const unknownNumber = nobodys + luhnDigit(nobodys)
/** The last digit of the discretionary data is part of the check value. */
const badCheckValue = (track: string): string => track.slice(0, -1) + otherDigit(track.at(-1))
const otherCode = (ecode: string): string => (ecode.startsWith('2') ? '3' : '2') + ecode.slice(1)

const ways = {
  swipe: (card) => ({ 22: '022', 35: card.track2 }),
  swipeD: (card) => ({ 22: '022', 35: card.track2.replace('=', 'D') }),
  track1: (card) => ({ 22: '022', 45: card.track1 }),
  keyed: (card) => ({ 22: '012', 2: card.number }),
  barcode: (card) => ({ 22: '032', 2: card.barcode }),
  ecode: (card) => ({ 22: '812', 2: card.number, 62: card.ecode }),
  badDigit: (card) => ({ 22: '012', 2: badCheckDigit(card.number) }),
  badValue: (card) => ({ 22: '022', 35: badCheckValue(card.track2) }),
  badValue1: (card) => ({ 22: '022', 45: badCheckValue(card.track1) }),
  badExpiry: (card) => ({ 22: '022', 35: card.track2.replace(/=\d{4}/, '=4911') }),
  badCode: (card) => ({ 22: '812', 2: card.number, 62: otherCode(card.ecode) }),
  badBarcode: (card) => ({ 22: '032', 2: badCheckDigit(card.barcode) }),
  unknown: () => ({ 22: '012', 2: unknownNumber }),
  unknownSwipe: (card) => ({ 22: '022', 35: card.track2.replace(card.number, unknownNumber) }),
  unknownCode: (card) => ({ 22: '812', 2: unknownNumber, 62: card.ecode }),
  // entry mode and data disagree
  swipeWithNumber: (card) => ({ 22: '022', 2: card.number }),
  swipeWithNothing: () => ({ 22: '022' }),
  keyedWithTrack: (card) => ({ 22: '012', 35: card.track2 }),
  barcodeWithTrack: (card) => ({ 22: '032', 35: card.track2 }),
  webWithoutCode: (card) => ({ 22: '812', 2: card.number }),
  webWithTrack: (card) => ({ 22: '812', 35: card.track2, 62: card.ecode }),
} satisfies Record<string, (card: Card) => Fields>

export type Way = keyof typeof ways
export const isWay = (word: string): word is Way => word in ways

/** DE2, 22, 35, 45, 62 for a card presented in this way. */
export const present = (way: Way, card: Card): Fields => ways[way](card)

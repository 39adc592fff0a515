import fc from 'fast-check'
import t from 'tap'
import { isEan13 } from '../../../src/cards/barcode.ts'
import { isReadersPace, mayStandInUrl, scanKind } from '../../../src/menu/ui/src/keyboard/scan-form.ts'

/** Input of a keyboard wedge is distinguished from a person's typing by its form, after fast entry. */

const rows: readonly [text: string, kind: 'scan' | 'swipe' | null, why: string][] = [
  ['6277010000000006', null, 'sixteen digits that Luhn refuses'],
  ['4111111111111111', 'scan', 'a number'],
  ['4006381333931', 'scan', 'an EAN-13'],
  ['4006381333933', null, 'with a wrong check digit'],
  [';4111111111111111=49127220000012345678?', 'swipe', 'track 2'],
  ['%B4111111111111111^GIFT/CARD^4912722?', 'swipe', 'track 1'],
  ['%B4111111111111111^GIFT/CARD^4912722?;4111111111111111=4912722?', 'swipe', 'both'],
  [';4111111111111111=4912722', null, 'a track without its end'],
  ['7KMF-3QXA-9CDE-FGHJ', 'scan', 'an eCode'],
  ['7KMF3QXA9CDEFGHJ', 'scan', 'without hyphens'],
  ['Kowalski Jan i Anna', null, 'a name typed fast'],
  ['633114002917', null, 'a reference'],
  ['41111111111', null, 'too short'],
]
for (const [text, kind, why] of rows) t.equal(scanKind(text), kind, why)

const paces: readonly [pauses: readonly number[], isReader: boolean, why: string][] = [
  [[5, 6, 5, 5, 6, 5, 5, 5, 6, 5, 5], true, 'a reader'],
  [[5, 62, 5, 5, 80, 5, 5, 45, 6, 5, 5], true, 'beside a busy machine'],
  [[5, 5, 5, 400, 5, 5, 5, 5, 5, 5, 5], false, 'with a pause of a person'],
  [[40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40], false, 'a key that is held down'],
  [[90, 25, 110, 80, 30, 95, 70, 88, 20, 94, 76], false, 'a person who types fast'],
]
for (const [pauses, isReader, why] of paces) t.equal(isReadersPace(pauses), isReader, why)

const digitsAlone = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 })

t.test(
  'every number with its Luhn digit is recognised, and with another one is not, unless it is an EAN',
  async (t) => {
    fc.assert(
      fc.property(digitsAlone, fc.integer({ min: 1, max: 9 }), (digits, off) => {
        const check = luhnDigit(digits)
        const wrong = `${digits.join('')}${(check + off) % 10}`
        return scanKind(`${digits.join('')}${check}`) === 'scan' && (scanKind(wrong) === null || isEan13(wrong))
      }),
    )
    t.pass()
  },
)

t.test('nothing that is recognised as a secret stands in a URL', async (t) => {
  for (const [text, kind] of rows) if (kind !== null) t.equal(mayStandInUrl(text), false, text)
  t.equal(mayStandInUrl('633114002917'), true, 'a reference does')
  t.equal(mayStandInUrl('6277 0100 0000 0006'), false, 'a number with blanks does not')
})

/** Straight from ISO/IEC 7812-1, annex B, to compare with. */
function luhnDigit(digits: readonly number[]): number {
  const doubled = digits.map((digit, index) => ((digits.length - index) % 2 === 1 ? digit * 2 : digit))
  const sum = doubled.reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return (10 - (sum % 10)) % 10
}

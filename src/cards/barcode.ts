/** The default content of a Code 128 barcode: the card number. */
export const code128Text = (number: string): string => number

/**
 * The 13th digit of an EAN-13 (ISO/IEC 15420; GS1 General Specifications 7.9): weights 1 and 3 alternate from the left.
 * Throws RangeError if `twelve` is not twelve digits.
 */
export const ean13Digit = (twelve: string): string => {
  if (!/^[0-9]{12}$/u.test(twelve)) throw new RangeError('an EAN-13 check digit is made of twelve digits')
  let sum = 0
  for (let i = 0; i < 12; i++) sum += Number(twelve[i]) * (i % 2 === 0 ? 1 : 3)
  return String((10 - (sum % 10)) % 10)
}

/** Whether the text is thirteen digits with a right check digit. */
export const isEan13 = (text: string): boolean =>
  /^[0-9]{13}$/u.test(text) && ean13Digit(text.slice(0, 12)) === text.charAt(12)

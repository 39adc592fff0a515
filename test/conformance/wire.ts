// A terminal's own idea of `iso87-ascii` in `be2` frames, written from the interface document and sharing nothing with
// the switch: where the two disagree, one of them has misread the document.

/** A message as text: an MTI and its data elements by number; binary ones as latin1, an absent one is undefined. */
export type Fields = Readonly<Record<number, string | undefined>>
export type Message = { readonly mti: string; readonly fields: Fields }

/** Bytes put in place of a data element as they are, length digits included: how malformed messages are made. */
export type RawFields = Readonly<Record<number, string>>

type Content = 'n' | 'an' | 'ans' | 'z' | 'b' | 'x+n'
type Element = { readonly content: Content; readonly lengthDigits: 0 | 2 | 3; readonly size: number }

/** Section 2, "Sizes are", in its own notation: two dots are LLVAR, three LLLVAR. */
const sizes = `2 n..19 · 3 n6 · 4 n12 · 7 n10 · 11 n6 · 12 n6 · 13 n4 · 14 n4 · 18 n4 · 22 n3 · 24 n3 · 25 n2 · 32 n..11
 · 35 z..37 · 37 an12 · 38 an6 · 39 an2 · 41 ans8 · 42 ans15 · 43 ans40 · 44 ans..25 · 45 ans..76 · 48 ans...999 · 49 n3
 · 53 n16 · 54 ans...120 · 55 b...999 · 59 ans...999 · 60 ans...999 · 61 ans...999 · 62 ans...999 · 63 ans...999 · 64 b8
 · 70 n3 · 74 n10 · 75 n10 · 76 n10 · 77 n10 · 86 n16 · 87 n16 · 88 n16 · 89 n16 · 90 n42 · 97 x+n16 · 102 ans..28
 · 103 ans..28 · 128 b8`

const parseElement = (text: string): readonly [number, Element] => {
  const found = /^(\d+) ([a-z+]+?)(\.*)(\d+)$/.exec(text.trim())
  if (found === null) throw new Error(`not an element: ${text}`)
  const content = found[2] as Content
  const lengthDigits = (found[3] ?? '').length as 0 | 2 | 3
  return [Number(found[1]), { content, lengthDigits, size: Number(found[4]) + (content === 'x+n' ? 1 : 0) }]
}
const elements: ReadonlyMap<number, Element> = new Map(sizes.split('·').map(parseElement))

const elementOf = (number: number): Element => {
  const element = elements.get(number)
  if (element === undefined) throw new Error(`DE${number} is not in the document`)
  return element
}

const padded = (element: Element, value: string): string => {
  if (element.lengthDigits > 0) return String(value.length).padStart(element.lengthDigits, '0') + value
  return element.content === 'n' ? value.padStart(element.size, '0') : value.padEnd(element.size, ' ')
}

const bitmapOf = (numbers: readonly number[], secondary: boolean): Buffer => {
  const bitmap = Buffer.alloc(secondary ? 16 : 8)
  for (const number of secondary ? [1, ...numbers] : numbers) {
    bitmap[(number - 1) >> 3] = (bitmap[(number - 1) >> 3] ?? 0) | (0x80 >> ((number - 1) & 7))
  }
  return bitmap
}

/** The bytes of a message. `raw` replaces elements byte for byte; `secondary` forces a second bitmap, maybe of zeros. */
export const encode = (message: Message, raw: RawFields = {}, secondary = false): Buffer => {
  const texts = new Map(Object.entries({ ...message.fields, ...raw }).map(([number, value]) => [Number(number), value]))
  const numbers = [...texts.keys()].filter((number) => texts.get(number) !== undefined).toSorted((a, b) => a - b)
  const body = numbers.map((number) => raw[number] ?? padded(elementOf(number), texts.get(number) ?? ''))
  const bitmap = bitmapOf(numbers, secondary || numbers.some((number) => number > 64))
  return Buffer.concat([Buffer.from(message.mti, 'latin1'), bitmap, Buffer.from(body.join(''), 'latin1')])
}

const contentRules: Record<Content, RegExp> = {
  n: /^\d*$/,
  an: /^[A-Za-z0-9 ]*$/,
  ans: /^[ -~]*$/,
  z: /^[0-9=D]*$/,
  b: /^[^]*$/,
  'x+n': /^[CD]\d*$/,
}

/** Reads an answer of the switch; throws where it breaks the profile, since then the switch is wrong. */
export const decode = (bytes: Buffer): Message => {
  const text = bytes.toString('latin1')
  const mti = text.slice(0, 4)
  if (!/^\d{4}$/.test(mti) || bytes.length < 12) throw new Error(`no MTI and bitmap in ${bytes.toString('hex')}`)
  const bits = ((bytes[4] ?? 0) & 0x80) === 0 ? 64 : 128
  let at = 4 + bits / 8
  const fields: Record<number, string> = {}
  for (let number = 2; number <= bits; number += 1) {
    if (number === 65 || ((bytes[4 + ((number - 1) >> 3)] ?? 0) & (0x80 >> ((number - 1) & 7))) === 0) continue
    const { content, lengthDigits, size } = elementOf(number)
    const length = lengthDigits === 0 ? size : Number(text.slice(at, at + lengthDigits))
    const value = text.slice(at + lengthDigits, at + lengthDigits + length)
    if (!(length <= size) || value.length !== length) throw new Error(`DE${number} of ${mti} is cut or too long`)
    if (!contentRules[content].test(value)) throw new Error(`DE${number} of ${mti} is not ${content}: '${value}'`)
    fields[number] = value
    at += lengthDigits + length
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes left over in ${mti}`)
  return { mti, fields }
}

/** A message in its frame: two bytes of length, big-endian, not counting themselves. */
export const frame = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** Takes whole frames off the front of what was received. */
export const takeFrames = (received: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } => {
  const messages: Buffer[] = []
  let rest = received
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
    messages.push(rest.subarray(2, 2 + rest.readUInt16BE(0)))
    rest = rest.subarray(2 + rest.readUInt16BE(0))
  }
  return { messages, rest }
}

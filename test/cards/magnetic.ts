/**
 * A card reader for tests, written from ISO/IEC 7811-2 and -6 without any code of src. It takes the characters of a track as
 * an encoder would write them, and checks character set, length, sentinels and, for each column of bits, the LRC.
 */

const TRACKS = {
  // Six bits (a parity bit is the encoder's); the alphanumeric set in the order of its codes.
  1: { set: ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_', bits: 6, start: '%', most: 79 },
  // Four bits; the numeric set.
  2: { set: '0123456789:;<=>?', bits: 4, start: ';', most: 40 },
} as const

/** The data between the sentinels. The last character is the LRC. Throws where a card reader would refuse the card. */
export function swiped(track: 1 | 2, text: string): string {
  const { set, bits, start, most } = TRACKS[track]
  if (text.length > most) throw new Error(`track ${track} holds ${most} characters, not ${text.length}`)
  const codes = Array.from(text, (character) => {
    const code = set.indexOf(character)
    if (code < 0) throw new Error(`${JSON.stringify(character)} is not in the set of track ${track}`)
    return code
  })
  for (let column = 0; column < bits; column++) {
    const ones = codes.filter((code) => ((code >> column) & 1) === 1).length
    if (ones % 2 !== 0) throw new Error(`LRC: column ${column} has an odd number of ones`)
  }
  const read = codes.map((code) => set[code] ?? '').join('')
  if (read[0] !== start || read.at(-2) !== '?' || read.indexOf('?') !== read.length - 2) throw new Error('sentinels')
  return read.slice(1, -2)
}

export type Fields = {
  readonly number: string
  readonly expiry: string
  readonly service: string
  readonly rest: string
}

/** ISO/IEC 7813: format B on track 1, track 2 as banks have it. Throws where the layout is another one. */
export function fieldsOf(track: 1 | 2, data: string): Fields {
  const pattern =
    track === 1
      ? /^B(?<number>\d{12,19})\^[^^]{2,26}\^(?<expiry>\d\d(?:0[1-9]|1[0-2]))(?<service>\d{3})(?<rest>\d*)$/u
      : /^(?<number>\d{12,19})=(?<expiry>\d\d(?:0[1-9]|1[0-2]))(?<service>\d{3})(?<rest>\d*)$/u
  const groups = pattern.exec(data)?.groups
  if (groups === undefined) throw new Error(`track ${track} is not laid out as ISO/IEC 7813 has it`)
  const { number = '', expiry = '', service = '', rest = '' } = groups
  return { number, expiry, service, rest }
}

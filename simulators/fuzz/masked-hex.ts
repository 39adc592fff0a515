import { CODE_PAGES, wireIn } from '../../src/iso8583/code-pages.ts'
import type { Cast } from './base.ts'

/** Characters of a secret that are hidden wherever they stand together: a mutation may have cut it anywhere. */
const TOGETHER = 6

const PAGES = CODE_PAGES.map(wireIn)

/** Half bytes of a text in each code that a profile may have: ASCII, EBCDIC of each code page, BCD. */
const codesOf = (text: string): string[] => {
  const ascii = Buffer.from(text, 'latin1')
  const ebcdic = new Set(PAGES.map(({ toWire }) => Buffer.from(ascii.map((code) => toWire[code] ?? 0)).toString('hex')))
  const bcd = text.replaceAll('=', 'd')
  return [ascii.toString('hex'), ...ebcdic, ...(/^[\dd]+$/.test(bcd) ? [bcd] : [])]
}

const windowsOf = (secret: string): string[] =>
  Array.from({ length: Math.max(0, secret.length - TOGETHER + 1) }, (_, at) => secret.slice(at, at + TOGETHER))

/**
 * Bytes in hex that may be shown: every six characters in a row of a number, track or eCode of the cards that were used
 * are stars, in whichever code. It is for looking at; to send it again, take the seed.
 */
export function maskedHex(bytes: Buffer, { cards }: Cast): string {
  const hex = bytes.toString('hex')
  const hidden = new Uint8Array(hex.length)
  const secrets = cards.flatMap(({ number, track1, track2, ecode }) => [number, track1, track2, ecode])
  const windows = new Set(secrets.flatMap(windowsOf).flatMap(codesOf))
  for (const window of windows)
    for (let at = hex.indexOf(window); at >= 0; at = hex.indexOf(window, at + 1)) hidden.fill(1, at, at + window.length)
  return Array.from(hex.toUpperCase(), (digit, at) => (hidden[at] === 1 ? '*' : digit)).join('')
}

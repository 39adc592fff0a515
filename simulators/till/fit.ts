// oxlint-disable-next-line no-control-regex -- colours are control characters
const COLOUR = /(\u001b\[\d+m)/g
const ESCAPE = '\u001b'
const RESET = '\u001b[0m'

/** Characters that a text takes on the screen. */
export const widthOf = (text: string): number => text.replace(COLOUR, '').length

/** A coloured text in exactly so many columns: cut, or filled up with spaces. */
export function fit(text: string, width: number): string {
  let out = ''
  let used = 0
  let coloured = false
  for (const piece of text.split(COLOUR)) {
    if (piece.startsWith(ESCAPE)) {
      out += piece
      coloured = true
      continue
    }
    const part = piece.slice(0, width - used)
    out += part
    used += part.length
    if (used === width) break
  }
  return `${out}${coloured ? RESET : ''}${' '.repeat(width - used)}`
}

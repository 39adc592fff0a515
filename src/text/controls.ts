/*
 * Characters that steer the screen on which a text is shown instead of being shown: escape sequences recolour a line,
 * rewrite the one above or set a window's title; bidirectional controls let a text read backwards (CVE-2021-42574).
 */

// Control characters (C0, DEL, C1) · format characters (bidirectional, zero-width, tags) · halves of surrogate pairs · line
// and paragraph separator.
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
/** Whether a text contains such a character. Names and reasons must not. */
export const hasControls = (text: string): boolean => text.search(CONTROLS) !== -1

/** For one line: each such character as `\u202e`, which is visible, has no effect, and means the same in JSON. */
export const withoutControls = (text: string): string => text.replaceAll(CONTROLS, escaped)

/** For several lines: line ends and tabs are kept. */
export const linesWithoutControls = (text: string): string => text.replaceAll(CONTROLS, exceptLayout)

/** The same for lines that have been coloured: picocolors has no other sequences. */
export const colouredWithoutControls = (text: string): string =>
  text.replaceAll(CONTROLS, (character, at: number) =>
    character === ESCAPE && COLOUR.test(text.slice(at + 1, at + 5)) ? character : exceptLayout(character),
  )

const ESCAPE = '\u001b'
const COLOUR = /^\[\d{1,2}m/

const exceptLayout = (character: string): string =>
  character === '\n' || character === '\t' ? character : escaped(character)

/** By UTF-16 units, as JSON has them. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')

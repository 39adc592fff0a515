/*
 * Characters that steer the screen on which a text is shown instead of being shown: escape sequences recolour a line,
 * rewrite the one above or set a window's title; bidirectional controls let a text read backwards (CVE-2021-42574).
 */

// Control characters (C0, DEL, C1) · format characters (bidirectional, zero-width, tags) · halves of surrogate pairs · line
// and paragraph separator.
const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** One line: each such character as `\u{…}`, which shows what is there and steers nothing. */
export const withoutControls = (text: string): string => text.replaceAll(CONTROLS, escaped)

/** Several lines: line ends and tabs stay what they are. */
export const linesWithoutControls = (text: string): string =>
  text.replaceAll(CONTROLS, (character) => (character === '\n' || character === '\t' ? character : escaped(character)))

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

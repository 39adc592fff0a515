/**
 * An optional block of a key block's header (X9.143 section 6.3.6), as `KS` with a key serial number or `TS` with a time
 * stamp: two letters or digits, and printable ASCII text. The reader interprets the text.
 */
export type OptionalBlock = { readonly id: string; readonly text: string }

/** The block that pads the header to a whole number of cipher blocks. Always the last one; never shown. */
const PAD = 'PB'

/** The name has two characters, and so has the length; a length above 255 is written as 00, 02 and four digits. */
const SHORT = 4
const LONG = 10

const ID = /^[0-9A-Z]{2}$/u
const TEXT = /^[\x20-\x7e]*$/u
const HEX = /^[0-9A-F]+$/u

/**
 * The blocks as header text, a multiple of `cipherBlock` (8 or 16) characters, and their number with the pad block.
 * @throws RangeError for a name, a text or a number of blocks that the header cannot hold; the text is not repeated
 */
export function writeOptionalBlocks(
  blocks: readonly OptionalBlock[],
  cipherBlock: number,
): { readonly count: number; readonly text: string } {
  if (new Set(blocks.map(({ id }) => id)).size !== blocks.length) throw new RangeError('an optional block stands twice')
  const text = blocks.map(writeBlock).join('')
  if (text.length % cipherBlock === 0) return { count: blocks.length, text }
  const fill = (2 * cipherBlock - ((text.length + SHORT) % cipherBlock)) % cipherBlock
  const pad = PAD + hex(SHORT + fill, 2) + '0'.repeat(fill)
  return { count: blocks.length + 1, text: text + pad }
}

function writeBlock({ id, text }: OptionalBlock): string {
  if (!ID.test(id) || id === PAD) throw new RangeError(`an optional block cannot be named '${id}'`)
  if (!TEXT.test(text)) throw new RangeError(`optional block ${id} is not printable ASCII`)
  if (text.length + SHORT <= 0xff) return id + hex(text.length + SHORT, 2) + text
  if (text.length + LONG > 0xffff) throw new RangeError(`optional block ${id} has ${text.length} characters`)
  return `${id}0002${hex(text.length + LONG, 4)}${text}`
}

/**
 * The `count` blocks at the start of `text`, without the pad block, and the number of their characters; null if they are
 * malformed: an impossible length, a name twice, a pad block that is not the last or has other characters than `0`.
 */
export function readOptionalBlocks(
  text: string,
  count: number,
): { readonly blocks: readonly OptionalBlock[]; readonly length: number } | null {
  const blocks: OptionalBlock[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const size = blockSize(text, at)
    if (size === null || at + size.whole > text.length) return null
    const block = { id: text.slice(at, at + 2), text: text.slice(at + size.head, at + size.whole) }
    if (!ID.test(block.id) || !TEXT.test(block.text) || blocks.some(({ id }) => id === block.id)) return null
    if (block.id === PAD && (i !== count - 1 || !/^0*$/u.test(block.text))) return null
    blocks.push(block)
    at += size.whole
  }
  return { blocks: blocks.filter(({ id }) => id !== PAD), length: at }
}

/** The number of characters of the block at `at`, and of its name and length; null if the length is invalid. */
function blockSize(text: string, at: number): { readonly head: number; readonly whole: number } | null {
  const short = text.slice(at + 2, at + SHORT)
  if (short.length !== 2 || !HEX.test(short)) return null
  if (short !== '00') {
    const whole = Number.parseInt(short, 16)
    return whole < SHORT ? null : { head: SHORT, whole }
  }
  const long = text.slice(at + SHORT + 2, at + LONG)
  if (text.slice(at + SHORT, at + SHORT + 2) !== '02' || long.length !== 4 || !HEX.test(long)) return null
  const whole = Number.parseInt(long, 16)
  return whole < LONG ? null : { head: LONG, whole }
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

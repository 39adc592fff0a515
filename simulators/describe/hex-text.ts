/** Text decoded into bytes, or the position of the first fault, without its content. */
export type Decoded = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly reason: string }

const refuse = (reason: string): Decoded => ({ ok: false, reason })

/** `0x30, 0x32`, `\x30\x32`, `30:32`, `30-32`, `{ 30 32 }`: all that people put around hex digits. */
const AROUND = /0x(?=[0-9a-f])|\\x(?=[0-9a-f])|[\s,;:_{}[\]()"'-]/gi

/** Hex digits with anything usual between them, or a dump with offsets. */
export function hexBytes(text: string): Decoded {
  const dump = dumpBytes(text)
  if (dump !== null) return { ok: true, bytes: dump }
  const digits = text.replace(AROUND, '')
  if (digits === '') return refuse('no hex digits')
  if (!/^[0-9a-f]*$/i.test(digits)) return refuse(`not hex: character ${firstOther(text)} is no hex digit`)
  if (digits.length % 2 === 1) return refuse(`not hex: an odd number of digits (${digits.length})`)
  return { ok: true, bytes: Buffer.from(digits, 'hex') }
}

/** Counted from 1. */
const firstOther = (text: string): number =>
  text.replace(AROUND, (around) => '0'.repeat(around.length)).search(/[^0-9a-f]/i) + 1

/** Base64 as in RFC 4648, section 4 or 5, with or without padding. */
export function base64Bytes(text: string): Decoded {
  const digits = text.replace(/\s/g, '')
  if (!/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(digits)) return refuse('not base64')
  const plain = digits.replace(/=+$/, '')
  if (plain.length % 4 === 1 || (digits !== plain && digits.length % 4 !== 0)) return refuse('not base64: it is cut')
  return { ok: true, bytes: Buffer.from(plain, plain.includes('-') || plain.includes('_') ? 'base64url' : 'base64') }
}

/** `0010  30 32 …  02…`: offset, bytes, and their text. */
const DUMP_LINE = /^\s*(?:0x)?([0-9a-f]{4,8})(?::\s*|\s{2,}|\t)(\S.*)$/i

/**
 * The bytes of a dump of `xxd`, `hexdump -C`, `tcpdump -X` or Wireshark; null if the offsets do not match the bytes.
 */
function dumpBytes(text: string): Buffer | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const rows = lines.map((line) => DUMP_LINE.exec(line))
  // `hexdump -C` ends with a line that has an offset only.
  const end = rows.at(-1) === null && rows.length > 1 ? /^\s*([0-9a-f]{4,8})\s*$/i.exec(lines.at(-1) ?? '') : null
  const counted = end === null ? rows : rows.slice(0, -1)
  const offsets = [...counted.map((row) => parseInt(row?.[1] ?? 'x', 16)), ...(end ? [parseInt(end[1] ?? '', 16)] : [])]
  if (offsets.some(Number.isNaN) || offsets.length === 0) return null
  const parts: Buffer[] = []
  for (const [index, row] of counted.entries()) {
    const next = offsets[index + 1]
    const bytes = lineBytes(row?.[2] ?? '', next === undefined ? null : next - (offsets[index] ?? 0))
    if (bytes === null) return null
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

/** The bytes of one line; `size`: from the next offset, or null on the last line, where the text column is removed. */
function lineBytes(line: string, size: number | null): Buffer | null {
  const beforeText = line.split('|')[0] ?? ''
  const columns = beforeText.trimEnd().split(/\s{2,}/)
  // `hexdump -C` has a gap after eight bytes; what follows a gap otherwise is text.
  const halves = line.includes('|') || /^(?:[0-9a-f]{2} ){7}[0-9a-f]{2}$/i.test(columns[0] ?? '')
  const hex = size === null && !halves ? (columns[0] ?? '') : size === null ? halfColumns(columns) : beforeText
  const digits = hex.replace(/\s/g, '').slice(0, size === null ? undefined : 2 * size)
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits) || (size !== null && digits.length !== 2 * size)) return null
  return Buffer.from(digits, 'hex')
}

const halfColumns = ([first = '', second = '']: string[]): string =>
  /^[0-9a-f]{2}(?: [0-9a-f]{2}){0,7}$/i.test(second) ? first + second : first

/** Whether bytes are text: printable ASCII and line ends, or with a byte order mark of UTF-8. */
export function asText(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0
  const text = bytes.toString('latin1', start)
  return /^[\t\n\r -~]*$/.test(text) && text.trim() !== '' ? text : null
}

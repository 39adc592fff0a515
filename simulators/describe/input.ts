import { readFileSync, statSync } from 'node:fs'
import { type Framing, likeliestFraming } from './frames.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { SetUpError } from '../set-up-error.ts'
import { asText, base64Bytes, type Decoded, hexBytes } from './hex-text.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

/** The input: bytes of a file or of standard input, or typed text. */
export type Given =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'typed'; readonly text: string }

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

/** `-`, a file name, or the typed input itself. Throws a SetUpError for a file that cannot be read. */
export async function readGiven(words: readonly string[], stdin: AsyncIterable<Buffer | string>): Promise<Given> {
  const [first = '', ...more] = words
  if (first === '-' && more.length === 0) return { kind: 'bytes', bytes: await readAll(stdin) }
  try {
    if (more.length === 0 && isFile(first)) return { kind: 'bytes', bytes: readFileSync(first) }
  } catch (problem) {
    // Never the name itself: it may be a message, and a long one is what ENAMETOOLONG is about.
    const { code } = problem as NodeJS.ErrnoException
    if (code !== 'ENAMETOOLONG') throw new SetUpError(`the file cannot be read: ${fileErrorText(problem)}`)
  }
  return { kind: 'typed', text: words.join(' ') }
}

/** One interpretation of the input: one run of bytes, or one per line. */
type Reading = readonly Buffer[]

const SHORTEST_MESSAGE = 8

/** Each line decoded on its own; null when it is one line only, or one of them is too short to be a message. */
function byLine(text: string, decode: (line: string) => Decoded): Reading | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  if (lines.length < 2) return null
  const decoded = lines
    .map(decode)
    .flatMap((line) => (line.ok && line.bytes.length >= SHORTEST_MESSAGE ? line.bytes : []))
  return decoded.length === lines.length ? decoded : null
}

const plain = (text: string): Decoded => ({ ok: true, bytes: Buffer.from(text, 'latin1') })

/** Other interpretations of text than hex; the most plausible one is taken. */
function otherReadings(text: string): Reading[] {
  const base64 = base64Bytes(text)
  const lines = [hexBytes, base64Bytes, plain].map((decode) => byLine(text, decode))
  // A message of digits and letters only is text itself: in iso87-hex most are.
  const itself = [Buffer.from(text.replace(/\s+$/, ''), 'latin1')]
  return [...(base64.ok ? [[base64.bytes]] : []), ...lines, itself].flatMap((reading) =>
    reading === null ? [] : [reading],
  )
}

/** Less than this is no message: an MTI and a few digits after it may be there by chance. */
const SENSE = 0.3

/**
 * The intended bytes: those of a binary file, or the text read as hex, unless another interpretation is more plausible.
 * Throws a SetUpError for unreadable typed input, without repeating it.
 */
export function bytesOf(given: Given, profiles: readonly Profile[], choice: readonly Framing[]): Reading {
  const text = given.kind === 'typed' ? given.text : asText(given.bytes)
  if (text === null) return given.kind === 'bytes' ? [given.bytes] : []
  const judge = (reading: Reading): Judged => ({ reading, likeness: likenessOf(reading, profiles, choice) })
  const hex = hexBytes(text)
  const [other] = otherReadings(text)
    .map(judge)
    .filter(({ likeness }) => likeness >= SENSE)
    .toSorted((a, b) => b.likeness - a.likeness)
  if (hex.ok) {
    const plainHex = judge([hex.bytes])
    return other !== undefined && other.likeness > plainHex.likeness ? other.reading : plainHex.reading
  }
  if (other !== undefined) return other.reading
  if (given.kind === 'bytes') return [given.bytes]
  throw new SetUpError(`neither a file, nor a message in hex or base64 (${hex.reason})`)
}

type Judged = { readonly reading: Reading; readonly likeness: number }

function likenessOf(reading: Reading, profiles: readonly Profile[], choice: readonly Framing[]): number {
  const sizes = reading.reduce((sum, { length }) => sum + length, 0)
  if (sizes === 0) return 0
  const sense = reading.map((bytes) => bytes.length * likeliestFraming(bytes, profiles, choice).likeness)
  return sense.reduce((sum, one) => sum + one, 0) / sizes
}

import pc from 'picocolors'
import { malformedText } from '../../src/iso8583/malformed.ts'
import { TEXT_SETS } from '../../src/iso8583/text-set.ts'
import { TEXT } from '../terminal/text-place.ts'
import { betterProfile, type Entry, equalProfiles, isRead } from './entries.ts'
import { type ShownFault, shownMessage, type ShownPart } from './shown.ts'

const NAME_WIDTH = 34
const VALUE_WIDTH = 24
const BYTES_A_LINE = 24
/** Where values and raw bytes begin: offset, element, name. */
const INDENT = 7 + 5 + NAME_WIDTH + 1

const offset = (at: number): string => String(at).padStart(6)

/** `36 32 39 ** **`, in lines. */
function hexLines(raw: string): string[] {
  const bytes = raw.match(/../g) ?? []
  const count = Math.ceil(bytes.length / BYTES_A_LINE)
  return Array.from({ length: count }, (_, i) => bytes.slice(i * BYTES_A_LINE, (i + 1) * BYTES_A_LINE).join(' '))
}

const shortName = (name: string): string =>
  name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name.padEnd(NAME_WIDTH)

function partLines({ de, kind, name, offset: at, lengthRaw, raw, value, meaning }: ShownPart): string[] {
  const head = `${pc.dim(offset(at))} ${(kind === 'bitmap' ? '' : String(de)).padStart(4)} ${shortName(name)} `
  const words = meaning === null ? [] : [pc.cyan(meaning)]
  const short = value.length <= VALUE_WIDTH
  const first = short ? [[value.padEnd(VALUE_WIDTH), ...words].join(' ').trimEnd()] : [value.trimEnd()]
  const after = short ? [] : words.map((text) => ' '.repeat(INDENT + VALUE_WIDTH + 1) + text)
  const [start = '', ...more] = hexLines(raw)
  const length = lengthRaw === '' ? '' : `${hexLines(lengthRaw).join(' ')} · `
  const rawLines = [length + start, ...more.map((line) => ' '.repeat(length.length) + line)]
  return [head + first.join(''), ...after, ...rawLines.map((line) => pc.dim(' '.repeat(INDENT) + line))]
}

function faultLines({ text, name, meaning, offset: at, from, unread, raw }: ShownFault): string[] {
  const indent = ' '.repeat(INDENT)
  const head = `${pc.red(offset(at))}    ✗ ${pc.red(`${text}: ${meaning}`)}${name === null ? '' : `  ${pc.dim(name)}`}`
  if (unread === 0) return [head]
  return [
    head,
    pc.dim(indent + hexLineOf(raw)),
    pc.red(`${indent}${'   '.repeat(at - from)}^^`),
    `${indent}${unread === 1 ? '1 byte was' : `${unread} bytes were`} not read`,
  ]
}

/** Bytes around a fault stay in one line, so that the mark below is under the right one. */
const hexLineOf = (raw: string): string => (raw.match(/../g) ?? []).join(' ')

const NO_LENGTH = 'no length before it'

function frameWords({ piece, framing }: Entry): string {
  if (piece.kind !== 'message') return ''
  const { length } = framing
  const tpdu = piece.tpdu === null ? '' : `, TPDU ${(piece.tpdu.toString('hex').match(/^..|.{4}/g) ?? []).join(' ')}`
  return (length === 'none' ? NO_LENGTH : `length ${length}`) + tpdu
}

function sentWords({ sent }: Entry): string[] {
  if (sent === null) return []
  const time = sent.time === null ? '' : `, ${new Date(sent.time / 1_000).toISOString()}`
  return [pc.dim(`   packet ${sent.packet}${time}: ${sent.from} → ${sent.to}`)]
}

/** Why each profile that was tried does not fit. */
const triedLines = ({ others }: Entry): string[] =>
  others.flatMap(({ profile, described: { malformed } }) =>
    malformed === null ? [] : [pc.dim(`   ${profile.name}: ${malformedText(malformed)} at byte ${malformed.offset}`)],
  )

function hintLines(entry: Entry): string[] {
  const better = betterProfile(entry)
  const equal = equalProfiles(entry)
  const whole = entry.others[0]?.described.malformed === null
  const text = entry.fit?.described.malformed
  const isOtherText = text?.field === TEXT && text.reason === 'content'
  return [
    ...(isOtherText ? [pc.yellow(`   hint: --text-charset ${TEXT_SETS.join('|')} reads text that is not ASCII`)] : []),
    ...(better === null
      ? []
      : [pc.yellow(`   hint: ${better.name} ${whole ? 'reads all of it' : 'reads more of it'}`)]),
    ...(equal.length === 0 ? [] : [pc.dim(`   ${equal.join(', ')} would read it too`)]),
  ]
}

/** An entry as text; nothing for a keep-alive. */
export function reportOf(entry: Entry, number: number): string[] {
  const { piece, fit } = entry
  const place = `at ${piece.at}`
  if (piece.kind === 'keep-alive') return [pc.dim(`keep-alive ${place}`), ...sentWords(entry), '']
  if (piece.kind === 'fault' || fit === null) {
    const text =
      piece.kind === 'fault' ? `${piece.text}${piece.rest > 0 ? `; ${piece.rest} bytes were not read` : ''}` : ''
    return [pc.red(`✗ ${place}: ${text}`), ...sentWords(entry), '']
  }
  const message = shownMessage(fit, piece.body)
  const title = message.mti === null ? 'not a message' : `${message.mti} ${message.meaning}`
  const facts = [fit.profile.name, `${piece.body.length} bytes`, frameWords(entry)].join(', ')
  const broken = message.fault !== null
  return [
    `${pc.bold(`${number}. ${title}`)}  ${pc.dim(`${place}: ${facts}`)}`,
    ...sentWords(entry),
    ...(piece.cut ? [pc.red('   the frame is longer than the bytes that are here')] : []),
    ...hintLines(entry),
    ...message.parts.flatMap(partLines),
    ...(message.fault === null ? [] : faultLines(message.fault)),
    ...(broken && betterProfile(entry) === null ? triedLines(entry) : []),
    '',
  ]
}

/** `3 messages read, 1 not`; nothing for a single one. */
export function summaryOf(entries: readonly Entry[]): string[] {
  const shown = entries.filter(({ piece }) => piece.kind !== 'keep-alive')
  if (shown.length < 2) return []
  const read = shown.filter(isRead).length
  const not = shown.length - read
  const text = `${read} ${read === 1 ? 'message' : 'messages'} read${not === 0 ? '' : `, ${not} not`}`
  return [not === 0 ? pc.green(text) : pc.red(text)]
}

import type { Argv } from 'yargs'
import { type Framing, framings } from '../describe/frames.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { TEXT_SETS, type TextSet } from '../../src/iso8583/text-set.ts'
import { readCapture } from '../describe/capture.ts'
import { allProfiles, entriesOf, entriesOfStretch, type Entry, isRead, type Settings } from '../describe/entries.ts'
import { bytesOf, readGiven } from '../describe/input.ts'
import { jsonOf } from '../describe/json.ts'
import type { Capture } from '../describe/packet.ts'
import { passedOverNotes } from '../describe/passed-over.ts'
import { ownProfiles, profileNamed } from '../describe/profiles.ts'
import { reportOf, summaryOf } from '../describe/report.ts'
import { isKnownLink, segmentOf } from '../describe/segment.ts'
import { streams } from '../describe/streams.ts'
import { SetUpError } from '../set-up-error.ts'

export type DescribeOptions = {
  /** `-`, a file, or hex or base64 in as many words as there are. */
  input: string[]
  /** A name or a file; undefined: the one that fits. */
  profile: string | undefined
  length: 'auto' | Framing['length']
  tpdu: 'auto' | 'none' | '5'
  /** The character set of DE63 in answers; undefined: that of the profile. */
  textCharset: TextSet | undefined
  /** Of a capture, only what goes from or to these; none: everything that holds messages. */
  port: number[]
  json: boolean
}

type Write = (line: string) => void

function settingsOf({ profile, length, tpdu, textCharset }: DescribeOptions): Settings {
  const inSet = (one: Profile): Profile => (textCharset === undefined ? one : { ...one, ...one.textIn[textCharset] })
  const profiles = ownProfiles().map(inSet)
  const wanted: Partial<Framing> = {
    ...(length !== 'auto' && { length }),
    ...(tpdu !== 'auto' && { tpdu: tpdu === '5' ? 5 : 'none' }),
  }
  const named = profile === undefined ? null : inSet(profileNamed(profile, profiles))
  return { profiles, named, choice: framings(wanted) }
}

/** The findings and notes. */
type Result = { readonly entries: readonly Entry[]; readonly notes: readonly string[]; readonly whole: boolean }

function ofCapture({ packets, problem }: Capture, ports: readonly number[], settings: Settings): Result {
  const unknown = new Set(packets.map(({ linkType }) => linkType).filter((type) => !isKnownLink(type)))
  const segments = packets.flatMap((packet) => segmentOf(packet) ?? [])
  const wanted = segments.filter((segment) => ports.length === 0 || segment.ports.some((port) => ports.includes(port)))
  const found = streams(wanted).map((stretch) => entriesOfStretch(stretch, settings))
  const shown = ports.length === 0 ? found.filter(({ sense }) => sense) : found
  const entries = shown
    .flatMap(({ entries }) => entries)
    .toSorted((a, b) => (a.sent?.packet ?? 0) - (b.sent?.packet ?? 0))
  const others = found.length - shown.length
  return {
    entries,
    whole: problem === null,
    notes: [
      ...(problem === null ? [] : [`the capture is damaged: ${problem}`]),
      ...[...unknown].map((type) => `packets of link type ${type} were passed over`),
      ...passedOverNotes(packets),
      ...(others === 0 ? [] : [`${others} directions of TCP connections hold no message (--port N to see them)`]),
    ],
  }
}

/** RFC 1952, section 2.3.1. */
const GZIP = Buffer.from([0x1f, 0x8b])

async function read(
  options: DescribeOptions,
  settings: Settings,
  stdin: AsyncIterable<Buffer | string>,
): Promise<Result> {
  const given = await readGiven(options.input, stdin)
  if (given.kind === 'bytes' && given.bytes.subarray(0, 2).equals(GZIP))
    throw new SetUpError('this is gzip: unpack it first, as in zcat talk.pcap.gz | akart-sim describe -')
  const capture = given.kind === 'bytes' ? readCapture(given.bytes) : null
  if (capture !== null) return ofCapture(capture, options.port, settings)
  if (options.port.length > 0) throw new SetUpError('--port is for captures, and this is none')
  const entries = bytesOf(given, allProfiles(settings), settings.choice).flatMap((bytes) => entriesOf(bytes, settings))
  return { entries, notes: [], whole: true }
}

export const describeOptions = <T>(args: Argv<T>) =>
  args
    .positional('input', { type: 'string', demandOption: true, describe: 'HEX, base64, a FILE, or - (standard input)' })
    .positional('more', { type: 'string', array: true, default: [] as string[], describe: 'hex with spaces' })
    .option('profile', { type: 'string', describe: 'NAME or FILE.yaml; default: the one that fits best' })
    .option('length', {
      choices: ['auto', 'none', 'be2', 'be2-inclusive', 'ascii4'] as const,
      default: 'auto' as const,
      describe: 'form of the length before each message',
    })
    .option('tpdu', {
      type: 'string',
      choices: ['auto', 'none', '5'] as const,
      default: 'auto' as const,
      describe: 'whether a TPDU of 5 bytes follows the length',
    })
    .option('text-charset', { choices: TEXT_SETS, describe: 'character set of DE63; default: that of all text' })
    .option('port', { type: 'number', array: true, default: [] as number[], describe: 'only this port of a capture' })
    .option('json', { type: 'boolean', default: false, describe: 'one masked JSON object per message, for programs' })
    .example('$0 describe 0800 8220…', 'hex or base64, with or without a length before it')
    .example('$0 describe talk.pcap --port 8583', 'a capture; - is standard input')

/** `akart-sim describe`: messages field by field. Exit code 0 when all could be read, else 1. */
export async function describeCommand(
  options: DescribeOptions,
  stdin: AsyncIterable<Buffer | string>,
  write: Write,
): Promise<number> {
  const { entries, notes, whole } = await read(options, settingsOf(options), stdin)
  let number = 0
  for (const entry of entries) {
    if (entry.piece.kind !== 'keep-alive') number++
    if (!options.json) reportOf(entry, number).forEach(write)
    else {
      const object = jsonOf(entry, number)
      if (object !== null) write(JSON.stringify(object))
    }
  }
  if (!options.json) {
    if (number === 0) write('no message was found')
    notes.forEach(write)
    summaryOf(entries).forEach(write)
  }
  return whole && number > 0 && entries.every(isRead) ? 0 : 1
}

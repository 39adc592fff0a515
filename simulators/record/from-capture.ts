import { entriesOfStretch, type Settings } from '../describe/entries.ts'
import type { Capture } from '../describe/packet.ts'
import { type Segment, segmentOf } from '../describe/segment.ts'
import { streams } from '../describe/streams.ts'
import type { Fields } from '../terminal/fields.ts'
import type { Seen } from './talk.ts'

/** One name for both directions of a connection. */
const lineOf = (from: string, to: string): string => [from, to].toSorted().join(' ')

const milliseconds = (time: number | null, packet: number): number => (time === null ? packet : time / 1_000)

function endsIn(segments: readonly Segment[]): Seen[] {
  const last = new Map<string, Seen>()
  for (const { ends, from, to, time, packet } of segments) {
    const line = lineOf(from, to)
    if (ends && !last.has(line)) last.set(line, { at: milliseconds(time, packet), line, what: { kind: 'ended' } })
  }
  return [...last.values()]
}

/** The messages in a capture between terminals and a switch, in order. */
export function seenIn({ packets }: Capture, ports: readonly number[], settings: Settings): Seen[] {
  const all = packets.flatMap((packet) => segmentOf(packet) ?? [])
  const segments = all.filter((one) => ports.length === 0 || one.ports.some((port) => ports.includes(port)))
  const found = streams(segments).map((stretch) => entriesOfStretch(stretch, settings))
  const messages = found
    .filter(({ sense }) => sense)
    .flatMap(({ entries }) =>
      entries.flatMap((entry): Seen[] => {
        if (entry.sent === null || entry.piece.kind === 'keep-alive') return []
        const { from, to, time, packet } = entry.sent
        const base = { at: milliseconds(time, packet), line: lineOf(from, to) }
        const read = entry.fit?.described
        if (read === undefined || read.malformed !== null || read.message === null)
          return [{ ...base, what: { kind: 'unreadable' } }]
        const fields: Fields = {}
        for (const [de, value] of Object.entries(read.message.fields))
          if (value !== undefined) fields[Number(de)] = value
        return [{ ...base, what: { kind: 'message', message: { mti: read.message.mti, fields } } }]
      }),
    )
  const lines = new Set(messages.map(({ line }) => line))
  return [...messages, ...endsIn(segments).filter(({ line }) => lines.has(line))].toSorted((a, b) => a.at - b.at)
}

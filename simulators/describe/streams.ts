import type { Segment } from './segment.ts'

/** Bytes that one side sent without a gap, and which packet brought what. */
export type Stretch = {
  readonly from: string
  readonly to: string
  readonly bytes: Buffer
  readonly arrivals: readonly Arrival[]
  /** Bytes before it that the capture does not have; null at the beginning. */
  readonly lost: number | null
}

export type Arrival = { readonly at: number; readonly packet: number; readonly time: number | null }

type Placed = { readonly at: number; readonly segment: Segment }

/** One direction of one connection. Places count from its first byte, so that numbers may wrap around. */
type Direction = { base: number; readonly placed: Placed[] }

const difference = (sequence: number, base: number): number => (sequence - base) | 0

/**
 * The bytes that each side of each connection sent, in order: segments sorted by sequence number, duplicates taken once
 * (RFC 9293, 3.4). A SYN starts a new connection, also between the same ports.
 */
export function streams(segments: readonly Segment[]): Stretch[] {
  const all: Direction[] = []
  const current = new Map<string, Direction>()
  for (const segment of segments) {
    const key = `${segment.from}>${segment.to}`
    const first = (segment.sequence + (segment.syn ? 1 : 0)) >>> 0
    let direction = current.get(key)
    if (direction === undefined || (segment.syn && direction.base !== first)) {
      direction = { base: first, placed: [] }
      current.set(key, direction)
      all.push(direction)
    }
    if (segment.payload.length > 0) direction.placed.push({ at: difference(first, direction.base), segment })
  }
  return all.flatMap(stretches)
}

function stretches({ placed }: Direction): Stretch[] {
  const sorted = placed.toSorted((a, b) => a.at - b.at)
  const found: Stretch[] = []
  let open: { parts: Buffer[]; arrivals: Arrival[]; lost: number | null; from: Segment } | null = null
  let start = 0
  let end = sorted[0]?.at ?? 0
  const close = (): void => {
    if (open === null) return
    const { from, to } = open.from
    found.push({ from, to, bytes: Buffer.concat(open.parts), arrivals: open.arrivals, lost: open.lost })
    open = null
  }
  for (const { at, segment } of sorted) {
    const known = Math.max(0, end - at)
    if (known >= segment.payload.length) continue
    if (open === null || at > end) {
      const lost: number | null = found.length === 0 && open === null ? null : at - end
      close()
      start = at
      open = { parts: [], arrivals: [], lost, from: segment }
    }
    open.arrivals.push({ at: at + known - start, packet: segment.packet, time: segment.time })
    open.parts.push(segment.payload.subarray(known))
    end = at + segment.payload.length
  }
  close()
  return found
}

/** The packet that brought the byte at that place. */
export function arrivalOf({ arrivals }: Stretch, at: number): Arrival | null {
  let found: Arrival | null = null
  for (const arrival of arrivals) {
    if (arrival.at > at) break
    found = arrival
  }
  return found
}

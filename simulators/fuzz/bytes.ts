import { type Described, describe, type Part, prefixSize } from '../describe/parts.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import type { Random } from '../random.ts'

type Change = (bytes: Buffer, random: Random, parts: readonly Part[]) => Buffer

const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + random.below(most) }, () => random.below(256)))

const at = (part: Part): number => part.from

/** A part of the message that has bytes; the whole message where it has none. */
function partOf(bytes: Buffer, random: Random, parts: readonly Part[], fits: (part: Part) => boolean) {
  const found = parts.filter((part) => part.to > part.from && fits(part))
  return found.length === 0 ? { from: 0, dataFrom: 0, to: bytes.length } : random.pick(found)
}

function replaced(bytes: Buffer, from: number, to: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)])
}

const isVariable = (part: Part): boolean => prefixSize(part.spec) > 0

/** Bytes that a length, or any part, may have and should not. */
const odd = [0x00, 0xff, 0x2d, 0x39, 0x99, 0x0a, 0xf0, 0x20] as const

/** Mutations of the bytes of a message whose parts are known. */
export const byteChanges = {
  'bits turned': (bytes, random) => {
    const turned = Buffer.from(bytes)
    for (let i = 0, most = 1 + random.below(8); i < most; i++) {
      const place = random.below(turned.length)
      turned.writeUInt8(turned.readUInt8(place) ^ (1 << random.below(8)), place)
    }
    return turned
  },
  cut: (bytes, random, parts) => {
    const end = random.chance(50) ? random.below(bytes.length) : at(random.pick(parts))
    return bytes.subarray(0, end)
  },
  'cut by a byte': (bytes) => bytes.subarray(0, -1),
  'bytes left over': (bytes, random) => Buffer.concat([bytes, randomBytes(random, 20)]),
  'length of an element lies': (bytes, random, parts) => {
    const { from, dataFrom } = partOf(bytes, random, parts, isVariable)
    const lie = Buffer.from(Array.from({ length: Math.max(1, dataFrom - from) }, () => random.pick(odd)))
    return replaced(bytes, from, from + lie.length, lie)
  },
  'length of an element is off by one': (bytes, random, parts) => {
    const { from, dataFrom } = partOf(bytes, random, parts, isVariable)
    const changed = Buffer.from(bytes)
    const last = Math.max(from, dataFrom - 1)
    changed.writeUInt8((changed.readUInt8(last) + random.pick([1, 255])) & 0xff, last)
    return changed
  },
  'bitmap bits': (bytes, random, parts) => {
    const { from, to } = partOf(bytes, random, parts, ({ kind }) => kind === 'bitmap')
    const changed = Buffer.from(bytes)
    for (let i = 0, most = 1 + random.below(3); i < most; i++) {
      const place = from + random.below(to - from)
      changed.writeUInt8(changed.readUInt8(place) ^ (1 << random.below(8)), place)
    }
    return changed
  },
  'bitmap of all': (bytes, random, parts) => {
    const { from, to } = partOf(bytes, random, parts, ({ kind }) => kind === 'bitmap')
    return replaced(bytes, from, to, Buffer.alloc(to - from, random.pick([0xff, 0x00, 0x46, 0xc6])))
  },
  'other characters': (bytes, random, parts) => {
    const { dataFrom, to } = partOf(bytes, random, parts, ({ kind }) => kind === 'element')
    const changed = Buffer.from(bytes)
    if (to > dataFrom) changed.writeUInt8(random.pick(odd), dataFrom + random.below(to - dataFrom))
    return changed
  },
  'elements exchanged': (bytes, random, parts) => {
    const elements = parts.filter(({ kind, from, to }) => kind === 'element' && to > from)
    if (elements.length < 2) return bytes
    const first = random.below(elements.length - 1)
    const [a, b] = [elements[first], elements[first + 1 + random.below(elements.length - first - 1)]]
    if (a === undefined || b === undefined) return bytes
    const [head, middle] = [bytes.subarray(0, a.from), bytes.subarray(a.to, b.from)]
    const [one, other] = [bytes.subarray(a.from, a.to), bytes.subarray(b.from, b.to)]
    return Buffer.concat([head, other, middle, one, bytes.subarray(b.to)])
  },
  'element twice': (bytes, random, parts) => {
    const { from, to } = partOf(bytes, random, parts, () => true)
    return replaced(bytes, to, to, bytes.subarray(from, to))
  },
  'element gone': (bytes, random, parts) => {
    const { from, to } = partOf(bytes, random, parts, () => true)
    return replaced(bytes, from, to, Buffer.alloc(0))
  },
  'bytes between': (bytes, random) => {
    const place = random.below(bytes.length + 1)
    return replaced(bytes, place, place, randomBytes(random, 8))
  },
} as const satisfies Record<string, Change>

export type ByteChange = keyof typeof byteChanges

export function changedBytes(change: ByteChange, profile: Profile, bytes: Buffer, random: Random): Buffer {
  const { parts }: Described = describe(profile, bytes)
  return byteChanges[change](bytes, random, parts)
}

/** Random bytes. */
export const rawBytes = (random: Random): Buffer => randomBytes(random, random.pick([4, 20, 200, 1_000]))

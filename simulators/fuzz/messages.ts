import { mac } from '../../src/iso8583/mac.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import { packCarried } from './carried.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import type { Random } from '../random.ts'
import type { Base } from './base.ts'
import { anyValue, hostileValues } from './values.ts'

const MAC_BYTES = 8

/** Puts the MAC of the terminal's key under a message where it has one; `right` false: another one. */
export function sealed(profile: Profile, { message, terminal }: Base, right: boolean): Buffer {
  if (terminal.mac === 'none') return packCarried(profile, message)
  const { fields } = message
  const last = Object.keys(fields).some((de) => Number(de) > 64 && Number(de) !== 128) ? 128 : 64
  const withMac = (value: string) => {
    const others: Fields = { ...fields }
    delete others[64]
    delete others[128]
    return packCarried(profile, { mti: message.mti, fields: { ...others, [last]: value } })
  }
  const wire = profile.encodings.binary === 'raw' ? MAC_BYTES : 2 * MAC_BYTES
  const open = withMac('00'.repeat(MAC_BYTES))
  const code = mac(terminal.mac, Buffer.from(terminal.key, 'hex'), open.subarray(0, open.length - wire))
  if (!right) code.writeUInt8(code.readUInt8(0) ^ 1, 0)
  return withMac(code.toString('hex').toUpperCase())
}

type Change = (message: Message, random: Random, profile: Profile) => Message

const withField = ({ mti, fields }: Message, de: number, value: string): Message => ({
  mti,
  fields: { ...fields, [de]: value },
})

const hostileElements = Object.keys(hostileValues).map(Number)

/** Mutations of a readable message. */
export const messageChanges = {
  'nothing is wrong': (message) => message,
  'hostile value': (message, random, profile) => {
    const given = hostileElements.filter((de) => message.fields[de] !== undefined && profile.specs.has(de))
    const known = hostileElements.filter((de) => profile.specs.has(de))
    const de = random.pick(given.length > 0 && random.chance(80) ? given : known)
    return withField(message, de, random.pick(hostileValues[de] ?? ['']))
  },
  'any value': (message, random, profile) => {
    const spec = random.pick([...profile.specs.values()])
    return withField(message, spec.de, anyValue(spec, random))
  },
  'element missing': ({ mti, fields }, random) => {
    const left: Fields = { ...fields }
    delete left[Number(random.pick(Object.keys(fields)))]
    return { mti, fields: left }
  },
  'only some elements': ({ mti, fields }, random) => ({
    mti,
    fields: Object.fromEntries(Object.entries(fields).filter(() => random.chance(50))),
  }),
  'other MTI': ({ fields }, random) => ({ mti: String(random.below(10_000)).padStart(4, '0'), fields }),
  'second bitmap for nothing': ({ mti, fields }) => ({ mti, fields, secondaryBitmap: true }),
} as const satisfies Record<string, Change>

export type MessageChange = keyof typeof messageChanges

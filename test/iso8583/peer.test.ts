import fc from 'fast-check'
import Iso8583 from 'iso_8583'
import formats from 'iso_8583/lib/formats.js'
import t from 'tap'
import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { CONFIRMATION, PAYMENT, PAYMENT_ANSWER } from './example-messages.ts'
import { messageOf } from './message-arbitrary.ts'
import { PROFILES } from './profiles.ts'

/**
 * Compares two codecs without common code, and so without common mistakes, where both define the same. Beside the dictionary they differ in this:
 * `iso_8583` always sends a secondary bitmap; it takes no empty elements; its 127 has a structure of its own.
 */
const LENGTHS = { fixed: 0, llvar: 2, lllvar: 3, llllvar: 4, lllllvar: 5, llllllvar: 6 } as const

function alike({ de, content, length }: FieldSpec): boolean {
  const theirs = formats[de]
  if (!theirs || de === 127) return false
  const digits = length.kind === 'fixed' ? 0 : length.digits
  const size = length.kind === 'fixed' ? length.size : length.most
  const theirSize = content === 'b' ? theirs.MaxLen / 2 : content === 'x+n' ? theirs.MaxLen - 1 : theirs.MaxLen
  return theirs.ContentType === content && LENGTHS[theirs.LenType] === digits && theirSize === size
}

const profile = PROFILES['iso87-ascii']
const common: Profile = { ...profile, specs: new Map([...profile.specs].filter(([, spec]) => alike(spec))) }

/** Its content types: letters of `an` and a short list of signs of `ans`; nothing empty; MTIs that it knows. */
const THEIR_TEXT = /^[0-9A-Za-z\-!$%^&*()_+|~=`{}[\]:";'<>?,./ ]*$/

const acceptable = ({ fields }: Message): boolean =>
  Object.entries(fields).every(([de, value]) => {
    const spec = common.specs.get(Number(de))
    return spec?.content === 'an' ? !value?.includes(' ') : value !== '' && THEIR_TEXT.test(value ?? '')
  })

const messages = fc
  .tuple(messageOf(common, 30), fc.constantFrom('0100', '0200', '0210', '0220', '0420', '0800', '0810'))
  .map(([message, mti]) => ({ ...message, mti }))
  .filter(acceptable)

const asJson = ({ mti, fields }: Message): Record<string, string> => {
  const json: Record<string, string> = { 0: mti }
  for (const [de, value] of Object.entries(fields)) if (value !== undefined) json[de] = value
  return json
}

/** Its message as ours: binary in capitals, the bitmap left out. */
function fromJson(json: object): Message {
  const fields: Message['fields'] = {}
  let mti = ''
  for (const [de, value] of Object.entries(json)) {
    const binary = common.specs.get(Number(de))?.content === 'b'
    if (de === '0') mti = String(value)
    else if (de !== '1') fields[Number(de)] = binary ? String(value).toUpperCase() : String(value)
  }
  return { mti, fields }
}

void t.test('enough of the dictionaries is alike for this to mean something', async (t) => {
  t.ok(common.specs.size > 95, `${common.specs.size} elements`)
  for (const de of [2, 3, 4, 7, 11, 12, 13, 22, 35, 39, 41, 42, 44, 48, 49, 62, 63, 70, 90, 97, 102, 103]) {
    t.ok(common.specs.has(de), `element ${de}`)
  }
})

void t.test('iso_8583 reads what we write', async (t) => {
  const check = (message: Message): void => {
    for (const sent of [message, { ...message, secondaryBitmap: true } as const]) {
      const json = new Iso8583().getIsoJSON(pack(profile, sent), { lenHeader: false })
      t.same(fromJson(json), message)
    }
  }
  for (const message of [PAYMENT, CONFIRMATION]) check(message)
  t.same(fromJson(new Iso8583().getIsoJSON(pack(profile, PAYMENT_ANSWER), { lenHeader: false })), PAYMENT_ANSWER)
  fc.assert(fc.property(messages, check), { numRuns: 100 })
})

void t.test('we read what iso_8583 writes, and write the same bytes', async (t) => {
  const check = (message: Message): void => {
    const bytes = new Iso8583(asJson(message)).getRawMessage()
    if (!Buffer.isBuffer(bytes)) throw new Error(`iso_8583: ${bytes.error}`)
    const unpacked = unpack(profile, bytes)
    if (!unpacked.ok) throw new Error(`refused: ${unpacked.malformed.reason} ${unpacked.malformed.field}`)
    const { mti, fields } = unpacked.message
    t.same({ mti, fields }, message)
    t.ok(pack(profile, { ...message, secondaryBitmap: true }).equals(bytes))
  }
  for (const message of [PAYMENT, PAYMENT_ANSWER, CONFIRMATION]) check(message)
  fc.assert(fc.property(messages, check), { numRuns: 100 })
})

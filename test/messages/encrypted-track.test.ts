import t from 'tap'
import type { Fields } from '../../src/iso8583/message.ts'
import { writeTlv } from '../../src/iso8583/tlv.ts'
import { placeOf } from '../../src/messages/format-error.ts'
import { readEncryptedTrack } from '../../src/messages/encrypted-track.ts'
import { readMessage } from '../../src/messages/read.ts'
import { clearTrackFault, openTrack, type TrackDecryptor } from '../../src/switch/track-decryptor.ts'

/* DE 55 with a track that a PIN pad encrypted: its form, and how the message is read once it is open. */

const KSN = Buffer.from('FFFF9876543210E00001', 'hex')
const CRYPTOGRAM = Buffer.alloc(40, 7)
const TRACK = '6299100000000047=49127220001234567'

const ksn = (bytes = KSN): Buffer => writeTlv('C0', bytes)
const cryptogram = (bytes = CRYPTOGRAM): Buffer => writeTlv('C1', bytes)
const track = (...inside: Buffer[]): Buffer => writeTlv('E1', Buffer.concat(inside))
const de55 = (...elements: Buffer[]): Fields => ({ 55: Buffer.concat(elements).toString('hex').toUpperCase() })
const good = track(ksn(), cryptogram())

const FORMS: readonly (readonly [title: string, fields: Fields, found: string])[] = [
  ['as it has to be', de55(good), 'track'],
  ['of AES', de55(track(ksn(Buffer.alloc(12, 1)), cryptogram(Buffer.alloc(48)))), 'track'],
  ['the other way round', de55(track(cryptogram(), ksn())), 'track'],
  ['among chip data', de55(writeTlv('9F02', Buffer.alloc(6)), good, writeTlv('5F2A', Buffer.alloc(2))), 'track'],
  ['no DE 55', {}, 'none'],
  ['chip data only', de55(writeTlv('9F02', Buffer.alloc(6))), 'none'],
  ['E1 deeper in other data', de55(writeTlv('70', good)), 'none'],
  ['a card in the clear beside it', { ...de55(good), 35: TRACK }, 'none'],
  ['broken', de55(good.subarray(0, -1)), 'F055 tag'],
  ['twice', de55(good, good), 'F055 tag E1'],
  ['something else in it', de55(track(ksn(), cryptogram(), writeTlv('C2', KSN))), 'F055 tag E1'],
  ['no serial number', de55(track(cryptogram())), 'F055 tag C0'],
  ['two of them', de55(track(ksn(), ksn(), cryptogram())), 'F055 tag C0'],
  ['one of 11 bytes', de55(track(ksn(Buffer.alloc(11, 1)), cryptogram())), 'F055 tag C0'],
  ['no cryptogram', de55(track(ksn())), 'F055 tag C1'],
  ['an empty one', de55(track(ksn(), cryptogram(Buffer.alloc(0)))), 'F055 tag C1'],
  ['no whole blocks', de55(track(ksn(), cryptogram(Buffer.alloc(39)))), 'F055 tag C1'],
  ['longer than a track', de55(track(ksn(), cryptogram(Buffer.alloc(88)))), 'F055 tag C1'],
]

void t.test('the form of it', async (t) => {
  for (const [title, fields, wanted] of FORMS) {
    const read = readEncryptedTrack(fields)
    const found = read === null ? 'none' : 'format' in read ? placeOf(read.field, read.what) : 'track'
    t.equal(found, wanted, title)
  }
})

const LABELS: Fields = { 3: '006000', 7: '1122173005', 11: '000017', 12: '183005', 13: '1122', 41: 'T1', 42: 'S1' }
const PAYMENT = { mti: '0200', fields: { ...LABELS, 4: '000000010000', 22: '022', 49: '985', ...de55(good) } }
const REVERSAL = {
  mti: '0420',
  fields: { ...LABELS, 90: `02000000171122173005${'0'.repeat(22)}`, ...de55(good) },
}
const NOW = Date.UTC(2026, 10, 22)

const reader = {
  stripe: (_track: 1 | 2, text: string) =>
    text.includes('=') ? { number: text.slice(0, 16), expiry: '4912', version: 0, genuine: true } : null,
  number: (number: string) => ({
    numberHash: number,
    luhn: true,
    barcodeHash: null,
    otherNumberHash: null,
    first: '',
    last: '',
  }),
  ecodeHash: (ecode: string) => ecode,
}
const readIt = (message: { mti: string; fields: Fields }) => readMessage(message, reader as never, NOW)

void t.test('is read in two steps', async (t) => {
  const asked: unknown[] = []
  const desk = (opened: Awaited<ReturnType<TrackDecryptor['open']>>): TrackDecryptor => ({
    encrypts: () => true,
    open: async (terminal, _track, claim) => {
      asked.push([terminal, claim?.kind ?? null])
      return opened
    },
  })
  const opening = async (
    message: typeof PAYMENT | typeof REVERSAL,
    opened: Awaited<ReturnType<TrackDecryptor['open']>>,
  ) => {
    const read = readIt(message)
    if (read.format !== 'encrypted') throw new Error(`read as ${read.format}`)
    return openTrack(desk(opened), 'T1', message, read, readIt)
  }
  t.match(await opening(PAYMENT, { kind: 'track', track: TRACK }), { format: 'card', presented: { by: 'stripe' } })
  t.match(await opening(REVERSAL, { kind: 'track', track: TRACK }), { format: 'original', presented: { by: 'stripe' } })
  t.same(asked, [['T1', 200], ['T1', null]], 'a payment uses up the key of the PIN pad, an undo shows its original again') // prettier-ignore
  t.match(await opening(PAYMENT, { kind: 'track', track: 'X' }), { format: 'error', field: 55, what: 'track' })
  t.match(await opening(PAYMENT, { kind: 'refused', what: 'key used' }), {
    format: 'error',
    field: 55,
    what: 'key used',
  })
  t.equal(await opening(PAYMENT, { kind: 'unknown' }), null)

  const wrongMode = { ...PAYMENT, fields: { ...PAYMENT.fields, 22: '012' } }
  t.match(readIt(wrongMode), { format: 'error', field: 22, what: 'entry mode' })
  t.match(readIt({ mti: '0202', fields: REVERSAL.fields }), { format: 'original' }, 'a confirmation shows no card')
  t.match(clearTrackFault(desk({ kind: 'unknown' }), 'T1', { 35: TRACK }), { field: 35, what: 'in the clear' })
  t.match(clearTrackFault(desk({ kind: 'unknown' }), 'T1', { 45: TRACK }), { field: 45, what: 'in the clear' })
  t.equal(clearTrackFault(desk({ kind: 'unknown' }), 'T1', { 2: '6299' }), null, 'a number is keyed, not swiped')
})

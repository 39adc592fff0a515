import { readFileSync } from 'node:fs'
import t from 'tap'
import { isLuhn } from '../../src/cards/number.ts'
import { parseTrack1, parseTrack2 } from '../../src/cards/track.ts'
import { CODE_PAGES, wireIn } from '../../src/iso8583/code-pages.ts'
import { encodeFrame } from '../../src/iso8583/frame.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import type { CardReader } from '../../src/messages/presented.ts'
import { PROFILE_TEXTS, profileText } from './profiles.ts'
import { approve, BE2, listening, till, until } from '../switch/listening.ts'

/* EBCDIC of each code page, against tables that others published: test/vectors/code-pages.txt. */

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('')
const published = new Map(
  readFileSync(new URL('../../../test/vectors/code-pages.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^\d/u.test(line))
    .map((line) => line.split(' ') as [string, string]),
)

/** As a peer with that code page writes it; nothing of the codec is in it. */
const writtenIn = (page: string, text: string): Buffer => {
  const table = Buffer.from(published.get(page) ?? '', 'hex')
  return Buffer.from(Array.from(text, (character) => table[ASCII.indexOf(character)] ?? 0))
}

const TRACK_1 = 'B6299100000000047^GIFT CARD^49127220001234567'
const TOLD_BACK = 'till [7] ~!@#$%^&*(){}|\\`'

const reader: CardReader = {
  stripe(track, text) {
    const stripe = track === 1 ? parseTrack1(text) : parseTrack2(text)
    return stripe === 'not_a_track' ? null : { ...stripe, version: Number(stripe.version), genuine: true }
  },
  number: (shown) => ({ numberHash: shown.padStart(32, '0'), otherHash: null, newestKey: 1, luhn: isLuhn(shown), shown }),
  barcode: (shown) => reader.number(shown),
  ecodeHash: () => '0'.repeat(32),
} // prettier-ignore

/** A payment by track 1, with something in DE59 that has to come back: parts as they stand one after another. */
const payment = (page: string): Buffer =>
  Buffer.concat([
    writtenIn(page, '0200'),
    Buffer.from('3238040000C88020', 'hex'),
    writtenIn(
      page,
      '006000' + '000000000100' + '1122173005' + '000001' + '183005' + '1122' + '021' +
        'T1'.padEnd(8) + 'S1'.padEnd(15) + `${TRACK_1.length}${TRACK_1}` + '985' + `0${TOLD_BACK.length}${TOLD_BACK}`,
    ), // prettier-ignore
  ])

t.test('every code page has each character where IBM has it', async (t) => {
  t.same([...published.keys()], CODE_PAGES)
  for (const page of CODE_PAGES) {
    const { toWire, toAscii } = wireIn(page)
    const wire = writtenIn(page, ASCII)
    t.same(Buffer.from(Array.from(ASCII, (one) => toWire[one.charCodeAt(0)] ?? 0)), wire, page)
    t.equal(Buffer.from(wire.map((byte) => toAscii[byte] ?? 0)).toString('latin1'), ASCII, `${page} back`)
  }
})

for (const page of CODE_PAGES) {
  t.test(`a dialect in ${page}: track 1 is read, and what is told back is the same bytes`, async (t) => {
    const text = profileText('iso87-ebcdic').replace('  text: ebcdic', `  text: ebcdic\n  codePage: ${page}`)
    const profile = parseProfile(text, `${page}.yaml`, PROFILE_TEXTS)
    const asked: string[] = []
    const submit: typeof approve = async (request) => {
      asked.push(JSON.stringify(request))
      return approve(request)
    }
    const { listener, told } = await listening(t, submit, { settings: { profile }, parts: { reader } })
    const line = await till(listener, { profile })
    const bytes: Buffer[] = []
    line.socket.on('data', (chunk: Buffer) => bytes.push(chunk))
    line.socket.write(encodeFrame(BE2, payment(page), null))
    await until(() => line.answers.length === 1)
    t.same(told.refused, [])
    t.match(line.answers[0], { mti: '0210', fields: { 39: '00', 59: TOLD_BACK } })
    t.match(asked.join(), /"shown":"6299100000000047"/, 'the number of track 1')
    t.ok(Buffer.concat(bytes).includes(writtenIn(page, TOLD_BACK)), 'DE59, byte for byte')
  })
}

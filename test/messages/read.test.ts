import t from 'tap'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { placeOf } from '../../src/messages/format-error.ts'
import { MESSAGE_KINDS } from '../../src/messages/kinds.ts'
import { type Read, readMessage } from '../../src/messages/read.ts'
import { referenceOf, transmittedOf } from '../../src/messages/transmission-time.ts'
import { TRANSMISSION_WINDOW } from '../../src/messages/transmission-window.ts'
import { CONFIRMATION, PAYMENT } from '../iso8583/example-messages.ts'
import { profileText } from '../iso8583/profiles.ts'
import { changed, NOW, READER } from './setting.ts'

const told = (read: Read): string =>
  read.format === 'error'
    ? placeOf(read.field, read.what)
    : read.format === 'card'
      ? `${read.code?.operation ?? 'unsupported'}${read.code?.nominal === true ? ' nominal' : ''} ${read.presented.by}`
      : read.format === 'original'
        ? read.original === null
          ? 'unclear'
          : `about ${read.original.kind} ${read.original.stan} ${read.original.transmitted}`
        : read.format === 'network'
          ? `network ${read.purpose}`
          : read.format === 'totals'
            ? `totals ${read.claimed?.net ?? 'none'}`
            : read.format

const payment = (changes: string): string => told(readMessage(changed(PAYMENT, changes), READER, NOW))
const reference = (changes: string): string => told(readMessage(changed(CONFIRMATION, changes), READER, NOW))

t.test('what a card message asks for', async (t) => {
  const rows: [string, string][] = [
    ['', 'payment stripe'],
    ['mti=0201', 'payment stripe'],
    ['mti=0220', 'payment stripe'],
    ['mti=0100 3=316000 -4 -49', 'balance stripe'],
    ['3=306000 -4 -49', 'balance stripe'],
    ['3=900060', 'sale stripe'],
    ['3=930060 -4', 'sale nominal stripe'],
    ['3=210060', 'top_up stripe'],
    ['3=200060', 'refund stripe'],
    ['3=616000', 'cash_out stripe'],
    ['3=006099', 'payment stripe'], // account types are not enforced
    ['3=406060 103=6299100000000054', 'duplicate stripe'],
    ['mti=0600 3=730000 25=41', 'block stripe'],
    ['mti=0600 3=740000', 'unblock stripe'],
    ['-35 2=6299100000000047 22=012', 'payment keyed'],
    ['-35 2=6299100000000047 22=032', 'payment barcode'],
    ['-35 2=6299100000000047 22=812 62=ABCD', 'payment ecommerce'],
    ['-35 45=B6299100000000047^4912', 'payment stripe'],
    ['3=550000', 'unsupported stripe'],
    ['mti=0100', 'unsupported stripe'], // an 0100 asks for a balance and nothing else
    ['mti=0220 3=900060', 'unsupported stripe'],
    ['3=730000 -4 -49', 'unsupported stripe'], // a block is an 0600: what it would need is not asked for
    ['mti=0210', 'response'],
    ['mti=0302', 'unsupported'],
    ['mti=0800 70=301', 'network 301'],
    ['mti=0520', 'totals none'],
  ]
  for (const [changes, wanted] of rows) t.equal(payment(changes), wanted, changes)
})

t.test('a format error names the first fault, in field order', async (t) => {
  const rows: [string, string][] = [
    ['-3', 'F003 missing'],
    ['-4', 'F004 missing'],
    ['-7', 'F007 missing'],
    ['-11', 'F011 missing'],
    ['-12', 'F012 missing'],
    ['-13', 'F013 missing'],
    ['-22', 'F022 missing'],
    ['-41', 'F041 missing'],
    ['-42', 'F042 missing'],
    ['-49', 'F049 missing'],
    ['-49 -3 -41', 'F003 missing'],
    ['7=1322173005', 'F007 date'],
    ['7=1131173005', 'F007 date'],
    ['7=1122243005', 'F007 date'],
    ['-35', 'F035 missing'],
    ['-35 22=012', 'F002 missing'],
    ['2=6299100000000047', 'F035 one card only'],
    ['45=B6299100000000047^4912', 'F045 one card only'],
    ['22=012', 'F022 entry mode'], // a stripe that was keyed
    ['22=052', 'F022 entry mode'],
    ['22=912', 'F022 entry mode'],
    ['22=903', 'F022 entry mode'],
    ['-35 2=6299100000000047 22=902', 'F022 entry mode'],
    ['-35 2=6299100000000047', 'F022 entry mode'],
    ['-35 2=6299100000000047 22=812', 'F062 missing'],
    ['35=6299100000000047', 'F035 track'],
    ['59=6299100000000047=49127220001234567', 'F059 card data'],
    ['59=;1234567890123D4912', 'F059 card data'],
    ['59=%B6299100000000040^A/B^4912', 'F059 card data'],
    ['59=receipt_6299100000000047.', 'F059 card data'],
    ['59=4222222222222', 'F059 card data'],
    ['mti=0800 70=301 59=6299100000000047', 'F059 card data'],
    ['mti=0420 90=020000001711221730050000000000000000000000 59=6299100000000047', 'F059 card data'],
    ['mti=0300 59=6299100000000047', 'F059 card data'], // also where the message itself is not known
    ['3=930060 -4 -49', 'F049 missing'],
    ['3=406060', 'F103 missing'],
    ['mti=0600 3=730000', 'F025 missing'],
    ['mti=0600 3=730000 25=42', 'F025 condition'],
    ['mti=0800', 'F070 missing'],
    ['mti=0500', 'F074 missing'],
  ]
  for (const [changes, wanted] of rows) t.equal(payment(changes), wanted, changes)
})

t.test('every field that a message must have is missed', async (t) => {
  for (const [mti, { mandatory }] of Object.entries(MESSAGE_KINDS)) {
    const whole = {
      mti,
      fields: {
        ...Object.fromEntries(mandatory.map((field) => [field, '0'.repeat(42)])),
        4: '000000000000',
        7: '1122173005',
        49: '985',
      },
    }
    for (const field of mandatory) {
      const read = readMessage(changed(whole, `-${field}`), READER, NOW)
      t.equal(told(read), `F${String(field).padStart(3, '0')} missing`, `${mti} without ${field}`)
    }
  }
})

t.test('what a dialect says of DE22', async (t) => {
  const KEYED = '-35 2=6299100000000047'
  const rows: [dialect: string, changes: string, told: string][] = [
    ['', '22=801', 'F022 entry mode'],
    ['80: 02', '22=801', 'payment stripe'],
    ['80: 02', '22=900', 'F022 entry mode'],
    ['90: 02', '22=900', 'payment stripe'],
    ['05: 02, 07: 02, 91: 02', '22=051', 'payment stripe'],
    ['05: 02, 07: 02, 91: 02', '22=071', 'payment stripe'],
    ['05: 02, 07: 02, 91: 02', '22=912', 'payment stripe'],
    ['05: 02', `22=051 ${KEYED}`, 'F022 entry mode'],
    ['07: 01', `22=072 ${KEYED}`, 'payment keyed'],
    ['07: 01', '22=072', 'F022 entry mode'],
    ['90: refuse', '22=901', 'F022 entry mode'],
    ['90: refuse', '22=021', 'payment stripe'],
    ['80: 02', '22=901', 'payment stripe'],
  ]
  for (const [said, changes, expected] of rows) {
    const text = profileText('iso87-ascii').replace('encodings:', `entryModes: { ${said} }\nencodings:`)
    const { entryModes } = parseProfile(text, 'x.yaml')
    const read = readMessage(changed(PAYMENT, changes), READER, NOW, TRANSMISSION_WINDOW, entryModes)
    t.equal(told(read), expected, `{ ${said} } ${changes}`)
  }
})

t.test('DE22 901 and 902 are the stripe', async (t) => {
  for (const mode of ['021', '022', '901', '902']) t.equal(payment(`22=${mode}`), 'payment stripe', mode)
})

t.test('how far DE7 may be from our clock', async (t) => {
  const DAY = 86_400_000
  const stampAt = (at: number): string =>
    new Date(at)
      .toISOString()
      .replaceAll(/[^0-9]/g, '')
      .slice(4, 14)
  const about = '90=020000001711221730050000000000000000000000 -4 -22 -35 -49'
  const usual = [
    '',
    'mti=0201',
    'mti=0100 3=316000',
    'mti=0600 3=740000',
    `mti=0400 ${about}`,
    'mti=0520',
    'mti=0800 70=161',
  ]
  const settling = ['mti=0220', 'mti=0221', `mti=0202 ${about}`, `mti=0203 ${about}`]
  for (const sign of [-1, 1]) {
    const told = (what: string, days: number, extra = 0): string =>
      payment(`7=${stampAt(NOW + sign * (days * DAY + extra))} ${what}`)
    for (const what of usual) {
      t.not(told(what, 30), 'F007 clock', what)
      t.equal(told(what, 30, 1000), 'F007 clock', `${what}: 30 days and a second`)
    }
    for (const what of settling) {
      t.not(told(what, 90), 'F007 clock', what)
      t.equal(told(what, 90, 1000), 'F007 clock', `${what}: 90 days and a second`)
    }
    t.match(told(`mti=0420 ${about}`, 90), /^about 200 17/)
    t.equal(told(`mti=0420 ${about}`, 90, 1000), 'unclear', 'a reversal is never refused for it')
    t.equal(told(`mti=0421 ${about}`, 90, 1000), 'unclear')
    t.equal(told('mti=0800 70=301', 180), 'network 301', 'an echo is of any time')
  }
  t.equal(
    payment('mti=0420 90=020000001711311730050000000000000000000000 -4 -22 -35 -49'),
    'unclear',
    'DE90 is no original',
  )
  t.equal(payment('mti=0421 90=000000001711221730050000000000000000000000 -4 -22 -35 -49'), 'unclear')
  const week = { usual: 7 * DAY, settling: 8 * DAY }
  const eight = changed(PAYMENT, `7=${stampAt(NOW - 8 * DAY)}`)
  t.match(readMessage(eight, READER, NOW, week), { format: 'error', field: 7 }, 'as it is set')
})

t.test('what another message refers to', async (t) => {
  const rows: [string, string][] = [
    ['', 'about 200 17 20261122173005'],
    ['39=00', 'about 200 17 20261122173005'],
    ['39=51', 'F039 only 00'],
    ['-90', 'F090 missing'],
    ['90=020100001711221730050000000000000000000000', 'about 200 17 20261122173005'], // the repeat bit is cleared
    ['90=022000001711221730050000000000000000000000', 'about 220 17 20261122173005'],
    ['90=020000001711311730050000000000000000000000', 'F090 original'],
    ['90=000000001711221730050000000000000000000000', 'F090 original'],
    ['90=020000001711221730059999999999999999999999', 'about 200 17 20261122173005'], // the rest is not looked at
    ['mti=0400 35=6299100000000047', 'F035 track'],
    ['mti=0400 2=6299100000000047 22=022', 'F022 entry mode'],
    ['mti=0202 35=6299100000000047', 'about 200 17 20261122173005'], // an 0202 shows no card
  ]
  for (const [changes, wanted] of rows) t.equal(reference(changes), wanted, changes)

  const shown = readMessage(changed(CONFIRMATION, 'mti=0420 4=000000010000 2=6299100000000047'), READER, NOW)
  t.match(shown, {
    format: 'original',
    amount: 10_000,
    presented: { by: 'barcode', numberHash: 'hash of 6299100000000047', luhn: true },
    original: { store: '000000000000001', terminal: 'DEMO0001' },
  })
  t.match(readMessage(changed(CONFIRMATION, 'mti=0420'), READER, NOW), { amount: null, presented: null })
})

t.test('the key, with its padding taken off', async (t) => {
  const read = readMessage(changed(PAYMENT, 'mti=0201 41=T1______ 42=S1_____________'), READER, NOW)
  t.match(read, { key: { store: 'S1', terminal: 'T1', kind: 200, stan: 17, transmitted: 20261122173005 } })
  t.match(readMessage(changed(PAYMENT, 'mti=0302'), READER, NOW), { key: { kind: 302, stan: 17 } })
  t.match(readMessage(changed(PAYMENT, 'mti=0302 -42'), READER, NOW), { key: null })
})

t.test('DE 7 gets the year that is nearest to the clock', async (t) => {
  const at = (text: string): number => Date.parse(`${text}Z`)
  const rows: [string, string, number | null][] = [
    ['1122173005', '2026-11-22T17:30:05', 20261122173005],
    ['1231235959', '2027-01-01T00:00:01', 20261231235959], // sent before midnight
    ['0101000001', '2026-12-31T23:59:59', 20270101000001], // a till that is ahead
    ['0101000000', '2027-01-01T00:00:00', 20270101000000],
    ['0522173005', '2026-11-22T17:30:05', 20270522173005], // 184 days ago is further than in 181 days
    ['0524173005', '2026-11-22T17:30:05', 20260524173005],
    ['0229120000', '2028-02-29T12:00:00', 20280229120000],
    ['0230120000', '2028-02-29T12:00:00', null],
    ['0431120000', '2026-04-30T12:00:00', null],
    ['0000120000', '2026-04-30T12:00:00', null],
    ['1122173060', '2026-11-22T17:30:05', null],
    ['1122176005', '2026-11-22T17:30:05', null],
  ]
  for (const [de7, now, wanted] of rows) t.equal(transmittedOf(de7, at(now)), wanted, `${de7} at ${now}`)
})

t.test('the reference that the switch gives', async (t) => {
  const rows: [number, number, string][] = [
    [20261122173005, 17, '632617000017'],
    [20270101000000, 1, '700100000001'],
    [20281231235959, 999_999, '836623999999'],
  ]
  for (const [transmitted, stan, wanted] of rows) t.equal(referenceOf(transmitted, stan), wanted)
})

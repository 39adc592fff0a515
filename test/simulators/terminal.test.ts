import { randomBytes } from 'node:crypto'
import t from 'tap'
import { maskNumber, readCards } from '../../simulators/demo/cards.ts'
import { type DemoTerminal, readTerminals } from '../../simulators/demo/terminals.ts'
import { isLoopback, parseAddress } from '../../simulators/terminal/address.ts'
import { formatAmount, parseAmount } from '../../simulators/terminal/amount.ts'
import { describeFields } from '../../simulators/terminal/describe.ts'
import { packMessage, readMessage } from '../../simulators/terminal/dialect.ts'
import { macProblem, packWithMac } from '../../simulators/terminal/seal.ts'
import { packagedWire } from '../../simulators/terminal/wire.ts'
import { keyIn } from '../../simulators/terminal/key-block.ts'
import { aesCmac, macOf, retailMac } from '../../simulators/terminal/mac.ts'
import { responseMeanings } from '../../simulators/terminal/meanings.ts'
import type { Message } from '../../simulators/terminal/message.ts'
import { originalMti, repeatMti, responseMti } from '../../simulators/terminal/operations.ts'
import { wrapKey } from '../../src/keys/key-block.ts'
import { secretKey } from '../../src/keys/secret-key.ts'
import { firstTrace, stampClock, timesAt, traceCounter } from '../../simulators/terminal/stamp.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

t.test('AES-CMAC: the vectors of RFC 4493, section 4', (t) => {
  const key = hex('2b7e1516 28aed2a6 abf71588 09cf4f3c')
  const text = hex(`6bc1bee2 2e409f96 e93d7e11 7393172a ae2d8a57 1e03ac9c 9eb76fac 45af8e51
                    30c81c46 a35ce411 e5fbc119 1a0a52ef f69f2445 df4f9b17 ad2b417b e66c3710`)
  const wanted = {
    0: 'bb1d6929e95937287fa37d129b756746',
    16: '070a16b46b4d4144f79bdd9dd04a287c',
    40: 'dfa66747de9ae63030ca32611497c827',
    64: '51f0bebf7e3b9d92fc49741779363cfe',
  }
  for (const [length, mac] of Object.entries(wanted))
    t.equal(aesCmac(key, text.subarray(0, Number(length))).toString('hex'), mac, `${length} bytes`)
  t.equal(macOf('aes-cmac', key.toString('hex'), text).toString('hex'), '51f0bebf7e3b9d92', 'the left 8 bytes are sent')
  const key256 = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')
  t.equal(aesCmac(key256, text).toString('hex'), 'e1992190549f6ed5696a2c056c315410', 'AES-256, NIST SP 800-38B D.3')
  t.end()
})

// Derived with the openssl program by another road: des-cbc over all blocks but the last, its result as the IV of
// des-ede-cbc (two-key triple DES) over the last one. The texts and results are also those of ISO/IEC 9797-1, annex.
t.test('retail MAC: ISO 9797-1 algorithm 3, padding method 1', (t) => {
  const key = hex('0123456789ABCDEF FEDCBA9876543210')
  t.equal(retailMac(key, Buffer.from('Now is the time for all ')).toString('hex'), 'a1c72e74ea3fa9b6', 'whole blocks')
  t.equal(
    retailMac(key, Buffer.from('Now is the time for it')).toString('hex'),
    '2e2b1428cc78254f',
    'padded with zeros',
  )
  t.end()
})

const example: Message = {
  mti: '0200',
  fields: {
    3: '006000',
    4: '000000010000',
    7: '1122173005',
    11: '000017',
    12: '183005',
    13: '1122',
    22: '022',
    35: '6299100000000047=49127220001234567',
    41: 'DEMO0001',
    42: '000000000000001',
    49: '985',
  },
}

t.test('a message as the iso_8583 package writes it', (t) => {
  const single = packMessage(example, 'single')
  const double = packMessage(example, 'double')
  if (!single.ok || !double.ok) throw new Error('not packed')
  t.equal(single.bytes.subarray(4, 12).toString('hex'), '3238040020c08000', 'the bitmap of the interface’s example')
  t.equal(double.bytes.subarray(4, 20).toString('hex'), 'b238040020c080000000000000000000')
  t.ok(single.bytes.subarray(12).equals(double.bytes.subarray(20)), 'the data is the same')
  for (const packed of [single, double]) t.same(readMessage(packed.bytes), { ok: true, message: example })

  for (let end = 0; end < single.bytes.length; end++)
    if (readMessage(single.bytes.subarray(0, end)).ok) t.fail(`cut at ${end} it was read as whole`)
  t.equal(readMessage(Buffer.concat([single.bytes, Buffer.from('0')])).ok, false, 'bytes left over')

  const unknown = packMessage({ ...example, mti: '0300' }, 'single')
  t.ok(unknown.ok && readMessage(unknown.bytes).ok, 'an MTI that the package has no name for')
  t.match(packMessage({ mti: '0200', fields: { 4: '12' } }, 'single'), { ok: false, reason: /4/ })
  t.match(packMessage({ mti: '0200', fields: { 35: '' } }, 'single'), { ok: false, reason: /35/ })
  t.match(readMessage(Buffer.from('hello, this is no message')), { ok: false })
  t.end()
})

t.test('the MAC is in 64, or in 128 behind a second bitmap, over everything before it', (t) => {
  const terminal = (mac: DemoTerminal['mac'], key: string): DemoTerminal => ({
    terminal: 'DEMO0002',
    store: '000000000000001',
    confirmation: 'explicit',
    mac,
    key,
  })
  const key = '0123456789ABCDEFFEDCBA9876543210'
  for (const method of ['retail', 'aes-cmac'] as const) {
    for (const bitmap of ['single', 'double'] as const) {
      const packed = packWithMac(packagedWire, example, bitmap, terminal(method, key))
      if (!packed.ok) throw new Error(packed.reason)
      const de = bitmap === 'single' ? 64 : 128
      const read = readMessage(packed.bytes)
      t.match(read, { ok: true, message: packed.message })
      t.equal(packed.message.fields[de], macOf(method, key, packed.bytes.subarray(0, -8)).toString('hex').toUpperCase())
      if (!read.ok) continue
      t.equal(macProblem(packagedWire, packed.bytes, read.message, terminal(method, key)), null)
      const other = key.replace('01', '10')
      t.match(
        macProblem(packagedWire, packed.bytes, read.message, terminal(method, other)),
        /not the one/,
        'another key',
      )
      const changed = Buffer.from(packed.bytes)
      changed.writeUInt8(0x39, 30)
      t.match(macProblem(packagedWire, changed, read.message, terminal(method, key)), /not the one/, 'a changed byte')
    }
  }
  t.equal(macProblem(packagedWire, Buffer.alloc(8), example, terminal('none', '')), null)
  t.match(macProblem(packagedWire, Buffer.alloc(8), example, terminal('retail', key)), /no MAC/)
  t.end()
})

t.test('a text in whatever character set', (t) => {
  const fields = { 7: '1122173005', 11: '000017', 39: '51', 41: 'DEMO0001', 63: 'Brak srodkow', 64: '0123456789ABCDEF' }
  const packed = packMessage({ mti: '0210', fields }, 'single')
  if (!packed.ok) throw new Error(packed.reason)
  const lengthAt = packed.bytes.indexOf('012Brak')
  const rows: [string, Buffer, string][] = [
    ['ASCII', Buffer.from('Brak srodkow'), 'Brak srodkow'],
    ['windows-1250', hex('4272616b209c726f646bf377'), 'Brak <9C>rodk<F3>w'],
    ['UTF-8', Buffer.from('Brak śródk'), 'Brak <C5><9B>r<C3><B3>dk'],
    ['a control character', Buffer.from('Brak\u0007srodkow'), 'Brak<07>srodkow'],
  ]
  for (const [title, text, shown] of rows) {
    const bytes = Buffer.from(packed.bytes)
    text.copy(bytes, lengthAt + 3)
    t.same(readMessage(bytes), { ok: true, message: { mti: '0210', fields: { ...fields, 63: shown } } }, title)
  }
  for (const length of ['-99', '999', '1e1', ' 12', '000', '013']) {
    const bytes = Buffer.from(packed.bytes)
    bytes.write(length, lengthAt, 'latin1')
    t.match(readMessage(bytes), { ok: false }, `length ${length}`)
  }
  const both = packMessage(
    { mti: '0510', fields: { ...fields, 64: '00'.repeat(8), 97: 'C0000000000000000' } },
    'double',
  )
  if (!both.ok) throw new Error(both.reason)
  both.bytes.write('\u009c', both.bytes.indexOf('srodkow'), 'latin1')
  t.match(readMessage(both.bytes), { message: { fields: { 63: 'Brak <9C>rodkow', 97: 'C0000000000000000' } } })
  t.end()
})

t.test('MTIs', (t) => {
  const wanted = { '0100': '0110', '0101': '0110', '0201': '0210', '0202': '0212', '0203': '0212', '0420': '0430' }
  for (const [request, response] of Object.entries(wanted)) t.equal(responseMti(request), response, request)
  t.equal(responseMti('0421'), '0430')
  t.equal(repeatMti('0202'), '0203')
  t.equal(repeatMti('0201'), '0201', 'a repeat stays one')
  t.equal(originalMti('0203'), '0202')
  t.end()
})

t.test('times are UTC in 7 and Warsaw in 12 and 13; trace numbers go round', (t) => {
  t.same(timesAt(Date.UTC(2026, 6, 31, 22, 30, 5)), { transmission: '0731223005', time: '003005', date: '0801' })
  t.same(timesAt(Date.UTC(2026, 0, 1, 0, 0, 0)), { transmission: '0101000000', time: '010000', date: '0101' })
  const trace = traceCounter(999_998)
  t.same([trace(), trace(), trace()], [999_998, 999_999, 1])
  const starts = new Set(Array.from({ length: 1_000 }, (_, ms) => firstTrace(1_795_000_000_000 + ms)))
  t.equal(starts.size, 1_000, 'runs started in the same second begin at different numbers')
  const sorted = [...starts].toSorted((a, b) => a - b)
  t.ok(
    sorted.every((start, i) => i === 0 || start - (sorted[i - 1] ?? 0) > 2),
    'and not side by side',
  )
  t.ok(sorted.every((start) => start >= 1 && start <= 999_999))
  const stamp = stampClock(() => 1_795_000_000_000)
  const numbers = [stamp('A'), stamp('B'), stamp('A')].map((one) => Number(one.trace))
  t.equal((numbers[2] ?? 0) - (numbers[0] ?? 0), 1, 'each terminal counts for itself')
  t.end()
})

t.test('amounts', (t) => {
  const wanted = { 100: 10_000, '0.01': 1, '12.5': 1_250, '1.005': null, '-1': null, '1,00': null, '': null }
  for (const [text, minor] of Object.entries(wanted)) t.equal(parseAmount(text), minor, `'${text}'`)
  t.equal(formatAmount(7_005, '985'), '70.05 PLN')
  t.same([parseAmount('5000', '392'), formatAmount(5_000, '392')], [5_000, '5000 JPY'], 'without decimals')
  t.equal(parseAmount('1.5', '392'), null)
  t.same([parseAmount('12.3', '414'), formatAmount(12_300, '414')], [12_300, '12.300 KWD'], 'with three')
  t.end()
})

t.test('no card data is ever shown', (t) => {
  const fields = {
    2: '6299100000000047',
    35: '6299100000000047=49127220001234567',
    45: 'B6299100000000047^AKART/GIFT^49127220001234567',
    62: 'ABCDEFGHJKMNPQRS',
    103: '6299100000000054',
  }
  const shown = describeFields({ mti: '0200', fields }).join('\n')
  t.notMatch(shown, /6299100000000047|6299100000000054|1234567|ABCDEFGH/)
  t.match(shown, /629910\*{6}0047/)
  t.equal(maskNumber('12345'), '*****')
  t.end()
})

t.test('every response code of the interface has words', (t) => {
  const codes = '00 03 10 12 13 14 21 25 30 41 43 51 54 55 57 58 61 62 63 64 65 75 78 91 94 95 96'.split(' ')
  t.same(Object.keys(responseMeanings).toSorted(), codes)
  t.end()
})

t.test('demo files: faults name file and line, and no number or key', (t) => {
  const header = 'number,track1,track2,barcode,ecode,issue,state,balance'
  const row = '6299100000000047,"B,1",T2,B,E,OPEN,sold,15000'
  t.match(readCards(`${header}\r\n${row}\r\n`, 'c.csv'), [{ track1: 'B,1', state: 'sold', balance: 15_000 }])
  t.match(readCards('number\n6299100000000047', 'c.csv'), [
    { state: 'sold', issue: 'OPEN', barcode: '6299100000000047' },
  ])
  const cards = {
    [`track1,track2`]: /^c\.csv:1: no column 'number'/,
    [`${header}\n${row}\n${row},1`]: /^c\.csv:3: 9 cells/,
    [`${header}\n${row.replace('sold', 'lost')}`]: /^c\.csv:2: state 'lost'/,
    [`${header}\n${row.replace('629', 'x29')}`]: /^c\.csv:2: number is not/,
    [`${header}\n${row.replace('15000', '150.00')}`]: /^c\.csv:2: balance/,
    ['']: /^c\.csv:1: empty/,
  }
  for (const [text, reason] of Object.entries(cards)) t.throws(() => readCards(text, 'c.csv'), { message: reason })
  const terminals = {
    'DEMO0001,1,often,none,': /:2: confirmation 'often'/,
    'DEMO0001,1,next,md5,': /:2: mac 'md5'/,
    'DEMO0001,1,next,retail,0123': /:2: key is not/,
    'DEMO00012,1,next,none,': /:2: terminal/,
  }
  for (const [text, reason] of Object.entries(terminals))
    t.throws(() => readTerminals(`terminal,store,confirmation,mac,key\n${text}`, 't.csv'), { message: reason })
  t.end()
})

t.test('addresses', (t) => {
  t.same(parseAddress('[::1]:8583'), { host: '::1', port: 8583 })
  for (const text of ['127.0.0.1', 'a:0', 'a:65536', ':1', 'a:b'])
    t.throws(() => parseAddress(text), { message: /HOST:PORT/ })
  const loopback = {
    '127.0.0.1:1': true,
    'localhost:1': true,
    '127.9.9.9:1': true,
    '10.0.0.1:1': false,
    '127.evil.com:1': false,
  }
  for (const [text, is] of Object.entries(loopback)) t.equal(isLoopback(parseAddress(text)), is, text)
  t.end()
})

t.test('key blocks, read by an implementation of our own, against those that the switch writes', async (t) => {
  const kbpks = [
    ['tdes', '89e88cf7931444f334bd7547fc3f380c', '133457799bbcdff10e329232ea6d0d73'],
    ['tdes', '89e88cf7931444f334bd7547fc3f380c133457799bbcdff1', '133457799bbcdff10e329232ea6d0d73'],
    ['aes', '2b7e151628aed2a6abf7158809cf4f3c', '000102030405060708090a0b0c0d0e0f'],
    ['aes', '2b7e151628aed2a6abf7158809cf4f3c2b7e151628aed2a6', '000102030405060708090a0b0c0d0e0f'],
    ['aes', `${'88e1ab2a2e3dd38c'.repeat(3)}1fa039a536500cc8`, `${'00010203'.repeat(7)}04050607`],
  ] as const
  for (const [algorithm, kbpk, key] of kbpks) {
    const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
    const usage = algorithm === 'tdes' ? ('M3' as const) : ('M6' as const)
    const attributes = { usage, mode: 'C', keyVersion: '00', exportability: 'N', optionalBlocks: [] } as const
    const block = wrapKey(attributes, secretKey(algorithm, bytes(kbpk)), secretKey(algorithm, bytes(key)), randomBytes)
    t.same(keyIn(block, kbpk), { ok: true, key }, `${algorithm}, a KBPK of ${kbpk.length / 2} bytes`)
    const changed = (at: number): string => block.slice(0, at) + (block[at] === '0' ? '1' : '0') + block.slice(at + 1)
    for (const at of [9, 20, block.length - 1]) t.match(keyIn(changed(at), kbpk), { reason: /has a wrong MAC$/ })
    t.match(keyIn(block, kbpk.replaceAll('8', '9')), { ok: false }, 'another KBPK')
    t.match(keyIn(`C${block.slice(1)}`, kbpk), { reason: /is of version 'C', not B or D$/ })
    t.match(keyIn(`${block}0`, kbpk), { reason: /characters and says/ })
    t.match(keyIn(block.replace('TC', 'TG').replace('AC', 'AG'), kbpk), { reason: /says M\d[TA]G, not M\d[TA]C$/ })
  }
})

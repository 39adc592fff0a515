import fc from 'fast-check'
import { createCipheriv } from 'node:crypto'
import t from 'tap'
import { mac } from '../../src/iso8583/mac.ts'
import { aesInitialKey, aesSessionKey, aesTransactionKey, nextAesKey } from '../../src/keys/aes-dukpt.ts'
import { encryptCbc } from '../../src/keys/blocks.ts'
import { decryptTrack, type DukptBase } from '../../src/keys/dukpt.ts'
import { type Ksn, readKsn } from '../../src/keys/ksn.ts'
import { type KeyAlgorithm, keyBytes, sameKey, secretKey, type SecretKey } from '../../src/keys/secret-key.ts'
import { nextTdesKey, tdesInitialKey, tdesSessionKey, tdesTransactionKey } from '../../src/keys/tdes-dukpt.ts'
import { AES_128, AES_256, AES_INITIAL_KEY_ID, AES_SESSION_KEYS, AES_TRANSACTION_KEYS } from './aes-dukpt-vectors.ts'
import { TDES_BDK, TDES_INITIAL_KEY, TDES_ROWS, TDES_TEXT } from './tdes-dukpt-vectors.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const shown = (key: SecretKey): string => keyBytes(key).toString('hex').toUpperCase()
const key = <A extends KeyAlgorithm>(algorithm: A, text: string): SecretKey<A> => secretKey(algorithm, hex(text))

function ksn(text: string): Ksn {
  const read = readKsn(hex(text))
  if (read.kind === 'refused') throw new Error(`the serial number is refused: ${read.reason}`)
  return read.ksn
}

const TDES: DukptBase = { scheme: 'tdes', bdk: key('tdes', TDES_BDK) }

void t.test('triple DES: the examples of X9.24-1', async (t) => {
  const initialKey = tdesInitialKey(TDES.bdk as SecretKey<'tdes'>, hex('FFFF9876543210E0'))
  t.equal(shown(initialKey), TDES_INITIAL_KEY)
  t.equal(TDES_ROWS.length, 34)
  for (const [serial, transactionKey, requestMac, responseMac, data] of TDES_ROWS) {
    const at = ksn(serial)
    t.equal(shown(tdesTransactionKey(initialKey, at)), transactionKey, `${serial}: transaction key`)
    for (const [use, code] of [['mac request', requestMac] as const, ['mac response', responseMac] as const]) {
      const session = keyBytes(tdesSessionKey(initialKey, at, use))
      t.equal(mac('retail', session, Buffer.from(TDES_TEXT)).toString('hex', 0, 4).toUpperCase(), code, use)
    }
    t.match(decryptTrack(TDES, hex(serial), hex(data)), { kind: 'track', track: TDES_TEXT }, 'data')
  }
})

const AES_ID = hex(AES_INITIAL_KEY_ID)
const aesKsn = (counter: string): Ksn => ksn(AES_INITIAL_KEY_ID + counter)

void t.test('AES: the examples of X9.24-3', async (t) => {
  for (const [bits, { bdk, initialKey }] of [[128, AES_128] as const, [256, AES_256] as const]) {
    const initial = aesInitialKey(key('aes', bdk), AES_ID)
    t.equal(shown(initial), initialKey, `${bits}: initial key`)
    for (const [counter, wanted] of AES_TRANSACTION_KEYS[bits]) {
      t.equal(shown(aesTransactionKey(initial, aesKsn(counter))), wanted, `${bits}: transaction key ${counter}`)
    }
  }
  const sessions = [
    { base: AES_128, length: 16, rows: AES_SESSION_KEYS['128 under 128'] },
    { base: AES_256, length: 16, rows: AES_SESSION_KEYS['128 under 256'] },
    { base: AES_256, length: 32, rows: AES_SESSION_KEYS['256 under 256'] },
  ] as const
  for (const { base, length, rows } of sessions) {
    t.equal(rows.length, 8)
    for (const [i, [macKey, dataKey]] of rows.entries()) {
      const at = aesKsn(`0000000${i + 1}`)
      const initial = key('aes', base.initialKey)
      t.equal(shown(aesSessionKey(initial, at, 'mac request', length)), macKey, `MAC key ${i + 1}`)
      t.equal(shown(aesSessionKey(initial, at, 'data request', length)), dataKey, `data key ${i + 1}`)
      // A host decrypts what a device encrypts with the published key.
      const track = '6299100000000047=49127220001234567'
      const cryptogram = encryptCbc(key('aes', dataKey), filled(track, 16))
      const found = decryptTrack({ scheme: 'aes', bdk: key('aes', base.bdk), dataKey: length }, at.bytes, cryptogram)
      t.match(found, { kind: 'track', track, ksn: { counter: i + 1 } })
    }
  }
})

// X9.24-3 publishes no key for the MAC of a response: section 6.3.2 by hand, from the published key of transaction 1.
void t.test('AES: the MAC key of a response', async (t) => {
  const [row] = AES_TRANSACTION_KEYS[128]
  const block = hex(`0101 2001 0002 0080 90123456 00000001`.replaceAll(' ', ''))
  const wanted = createCipheriv('aes-128-ecb', hex(row[1]), null).update(block)
  t.same(keyBytes(aesSessionKey(key('aes', AES_128.initialKey), aesKsn('00000001'), 'mac response')), wanted)
  t.throws(() => aesSessionKey(key('aes', AES_128.initialKey), aesKsn('00000001'), 'mac request', 32), /longer/)
})

/**
 * A device as the standards describe it: future keys in registers, one for each bit; a used key is gone; counters with
 * too many ones are skipped. (A register is only filled when it is read: most never are.)
 */
function device<K>(initialKey: K, bits: number, most: number, next: (key: K, counter: number) => K) {
  const registers = new Map<number, () => K>()
  const fill = (key: K, counter: number, below: number): void => {
    for (let bit = 1; bit < below; bit *= 2) registers.set(bit, () => next(key, counter + bit))
  }
  fill(initialKey, 0, 2 ** bits)
  let counter = 0
  const state = { skips: 0, furthest: 0 }
  return {
    state,
    /** One transaction further, then on past `leaps` whole registers, as a device does that must skip; null at its end. */
    advance(leaps: number): { counter: number; key: K } | null {
      counter += 1
      for (; ones(counter) > most; state.skips++) counter += lowest(counter)
      if (counter >= 2 ** bits) return null
      for (let i = 0; i < leaps && counter + lowest(counter) < 2 ** bits; i++) counter += lowest(counter)
      const key = registers.get(lowest(counter))?.()
      if (key === undefined) throw new Error(`no key for counter ${counter.toString(2)}`)
      registers.delete(lowest(counter))
      fill(key, counter, lowest(counter))
      state.furthest = Math.max(state.furthest, counter)
      return { counter, key }
    },
  }
}

const ones = (counter: number): number => counter.toString(2).replaceAll('0', '').length
const lowest = (counter: number): number => (counter % 2 === 1 ? 1 : 2 * lowest(counter / 2))

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b))
const serialOf = (id: Buffer, counter: number): Buffer => {
  const bytes = Buffer.concat([id, Buffer.alloc(id.length === 8 ? 4 : 0)])
  bytes.writeUInt32BE(bytes.readUInt32BE(bytes.length - 4) + counter, bytes.length - 4)
  return bytes
}

/** Walks a device and compares each of its keys with what the host derives; gives how it went. */
function compare(
  pad: ReturnType<typeof device<SecretKey>>,
  leaps: readonly number[],
  derive: (counter: number) => SecretKey,
): { readonly skips: number; readonly furthest: number } {
  for (const leap of leaps) {
    const step = pad.advance(leap)
    if (step === null) break
    if (!sameKey(derive(step.counter), step.key)) throw new Error(`counter ${step.counter.toString(2)}`)
  }
  return pad.state
}

const tdesWalk = (bdk: Buffer, id: Buffer, leaps: readonly number[]) => {
  const initialKey = tdesInitialKey(secretKey('tdes', bdk), id.subarray(0, 8))
  const pad = device(initialKey, 21, 10, (key, counter) => nextTdesKey(key, serialOf(id, counter).subarray(2)))
  return compare(pad, leaps, (counter) => tdesTransactionKey(initialKey, ksn(serialOf(id, counter).toString('hex'))))
}

const aesWalk = (bdk: Buffer, id: Buffer, leaps: readonly number[]) => {
  const initialKey = aesInitialKey(secretKey('aes', bdk), id)
  const pad = device(initialKey, 32, 16, (key, counter) => nextAesKey(key, id, counter))
  return compare(pad, leaps, (counter) => aesTransactionKey(initialKey, ksn(serialOf(id, counter).toString('hex'))))
}

void t.test('the host finds the key that the device has in its registers', async (t) => {
  const tdesId = bytesOf(8).map((id) =>
    Buffer.concat([id.subarray(0, 7), Buffer.of((id[7] ?? 0) & 0xe0), Buffer.alloc(2)]),
  )
  const leaps = (bits: number) => fc.array(fc.nat({ max: bits }), { maxLength: 25 })
  fc.assert(
    fc.property(bytesOf(16), tdesId, leaps(21), (bdk, id, leaps) => void tdesWalk(bdk, id, leaps)),
    { numRuns: 30 },
  )
  fc.assert(
    fc.property(
      fc.constantFrom(16, 24, 32).chain(bytesOf),
      bytesOf(8),
      leaps(32),
      (bdk, id, leaps) => void aesWalk(bdk, id, leaps),
    ),
    { numRuns: 30 },
  )

  // Every other bit from the top, down to as many ones as there may be; then on, so that the device has to skip.
  const down = (top: number): number[] => Array.from({ length: top / 2 }, (_, i) => top - 2 * i).concat(0, 0, 0, 0, 0)
  const tdes = tdesWalk(Buffer.alloc(16, 7), Buffer.from('FFFF9876543210E00000', 'hex'), down(20))
  t.ok(tdes.skips > 0 && tdes.furthest > 2 ** 20, `${tdes.skips} skips, as far as ${tdes.furthest}`)
  const aes = aesWalk(
    Buffer.alloc(16, 7),
    AES_ID,
    down(30).map((leap, i) => (i === 0 ? 31 : leap)),
  )
  t.ok(aes.skips > 0 && aes.furthest > 2 ** 31, `${aes.skips} skips, as far as ${aes.furthest}`)
})

const filled = (text: string, block: number): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc((block - (text.length % block)) % block)])

void t.test('serial numbers', async (t) => {
  const counters: readonly (readonly [string, string])[] = [
    ['FFFF9876543210E00000', 'counter'],
    // 11 ones of 21, 10 are allowed.
    ['FFFF9876543210E007FF', 'counter'],
    ['123456789012345600000000', 'counter'],
    // 17 ones of 32.
    ['12345678901234560001FFFF', 'counter'],
    ['FFFF9876543210E001', 'length'],
    ['FFFF9876543210E0000100', 'length'],
    ['', 'length'],
  ]
  for (const [serial, reason] of counters) t.same(readKsn(hex(serial)), { kind: 'refused', reason }, serial)
  t.match(ksn('FFFF9876543210FFF800'), { initialKeyId: hex('FFFF9876543210E0'), counter: 0x1ff800 })
  t.match(ksn('1234567890123456FFFF0000'), { initialKeyId: AES_ID, counter: 0xffff0000 })
})

void t.test('what is no track is refused, by reason', async (t) => {
  const aes: DukptBase = { scheme: 'aes', bdk: key('aes', AES_128.bdk), dataKey: 16 }
  const serial = 'FFFF9876543210E00001'
  const dataKey = tdesSessionKey(key('tdes', TDES_INITIAL_KEY), ksn(serial), 'data request')
  const of = (text: string): string => encryptCbc(dataKey, Buffer.from(text, 'latin1')).toString('hex')
  const longest = 'B6299100000000047^GIFT CARD^49127220001234567'.padEnd(76, '0')
  t.match(decryptTrack(TDES, hex(serial), encryptCbc(dataKey, filled(longest, 8))), { kind: 'track', track: longest })

  const rows: readonly (readonly [DukptBase, string, string, string])[] = [
    [aes, serial, of('12345678'), 'scheme'],
    [TDES, '123456789012345600000001', of('12345678'), 'scheme'],
    [TDES, 'FFFF', of('12345678'), 'ksn length'],
    [TDES, 'FFFF9876543210E00000', of('12345678'), 'ksn counter'],
    [TDES, serial, '', 'cryptogram'],
    [TDES, serial, of('12345678').slice(2), 'cryptogram'],
    [TDES, serial, of('12345678').repeat(11), 'cryptogram'],
    // A block of nothing but zeros, a zero in the middle, lower case, 80 characters, and another transaction's key.
    [TDES, serial, of('12345678\0\0\0\0\0\0\0\0'), 'text'],
    [TDES, serial, of('\0\0\0\0\0\0\0\0'), 'text'],
    [TDES, serial, of('1234\x00678'), 'text'],
    [TDES, serial, of('1234567a'), 'text'],
    [TDES, serial, of('12345678'.repeat(10)), 'text'],
    [TDES, 'FFFF9876543210E00002', of('6299100000000047=4912722000123456'.slice(0, 32)), 'text'],
  ]
  for (const [base, serial, cryptogram, reason] of rows) {
    t.same(decryptTrack(base, hex(serial), hex(cryptogram)), { kind: 'refused', reason }, reason)
  }
})

void t.test('any track comes back', async () => {
  const track = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x5f }).map((c) => String.fromCharCode(c)),
    minLength: 1,
    maxLength: 76,
  })
  const aes: DukptBase = { scheme: 'aes', bdk: key('aes', AES_256.bdk), dataKey: 16 }
  const counter = fc.constantFrom(1, 3, 0xffc00, 0x155554)
  fc.assert(
    fc.property(track, counter, (track, counter) => {
      for (const base of [TDES, aes]) {
        const serial = serialOf(base.scheme === 'tdes' ? hex('FFFF9876543210E00000') : AES_ID, counter)
        const at = ksn(serial.toString('hex'))
        const session =
          base.scheme === 'tdes'
            ? tdesSessionKey(tdesInitialKey(base.bdk, at.initialKeyId), at, 'data request')
            : aesSessionKey(aesInitialKey(base.bdk, at.initialKeyId), at, 'data request', 16)
        const found = decryptTrack(base, serial, encryptCbc(session, filled(track, base.scheme === 'tdes' ? 8 : 16)))
        if (found.kind !== 'track' || found.track !== track) throw new Error(`${base.scheme}: ${found.kind}`)
      }
    }),
    { numRuns: 40 },
  )
})

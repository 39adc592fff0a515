import fc from 'fast-check'
import { createCipheriv } from 'node:crypto'
import t from 'tap'
import { aesCmac, cmac, mac, MAC_BYTES } from '../../src/iso8583/mac.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/*
 * ISO/IEC 9797-1:2011 annex B.4, MAC algorithm 3, padding method 1, DES with K and K′; the first is also the example of
 * ANSI X9.19. Quoted in the documentation of RustCrypto's retail-mac and in several test suites of payment libraries.
 */
void t.test('retail MAC: the examples of ISO/IEC 9797-1', async (t) => {
  const key = hex('0123456789ABCDEF FEDCBA9876543210')
  t.equal(mac('retail', key, Buffer.from('Now is the time for all ')).toString('hex'), 'a1c72e74ea3fa9b6')
  t.equal(mac('retail', key, Buffer.from('Now is the time for it')).toString('hex'), '2e2b1428cc78254f')
})

void t.test('retail MAC of one block is triple DES of it, of none that of zeros', async (t) => {
  const key = hex('0123456789ABCDEF FEDCBA9876543210')
  const triple = (block: Buffer): Buffer =>
    createCipheriv('des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)]), Buffer.alloc(8)).update(block)
  t.same(mac('retail', key, Buffer.from('12345678')), triple(Buffer.from('12345678')))
  t.same(mac('retail', key, Buffer.from('1234')), triple(hex('3132333400000000')))
  t.same(mac('retail', key, Buffer.alloc(0)), triple(Buffer.alloc(8)))
  t.throws(() => mac('retail', key.subarray(0, 8), Buffer.alloc(8)), /16 bytes/)
})

const TEXT = hex(
  `6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
  30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710`.replaceAll('\n', ''),
)

// NIST SP 800-38B annex D.1 (the same as RFC 4493 section 4) and D.3: key, and the CMAC of so many bytes of the text.
const AES_ROWS: readonly (readonly [string, string, Readonly<Record<number, string>>])[] = [
  [
    'AES-128',
    '2b7e151628aed2a6abf7158809cf4f3c',
    {
      0: 'bb1d6929e95937287fa37d129b756746',
      16: '070a16b46b4d4144f79bdd9dd04a287c',
      40: 'dfa66747de9ae63030ca32611497c827',
      64: '51f0bebf7e3b9d92fc49741779363cfe',
    },
  ],
  [
    'AES-256',
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    {
      0: '028962f61b7bf89efc6b551f4667d983',
      16: '28a7023f452e8f82bd4bf28d8c37c35c',
      40: 'aaf3d8f1de5640c232f5b169b9c911e6',
      64: 'e1992190549f6ed5696a2c056c315410',
    },
  ],
]

void t.test('AES-CMAC: the examples of NIST SP 800-38B and RFC 4493', async (t) => {
  for (const [name, key, codes] of AES_ROWS) {
    for (const [length, code] of Object.entries(codes)) {
      const text = TEXT.subarray(0, Number(length))
      t.equal(aesCmac(hex(key), text).toString('hex'), code, `${name}, ${length} bytes`)
      t.equal(mac('aes-cmac', hex(key), text).toString('hex'), code.slice(0, 2 * MAC_BYTES), 'and its left 8 bytes')
    }
  }
  t.throws(() => aesCmac(Buffer.alloc(24), TEXT), /16 or 32/)
})

// NIST SP 800-38B annex D.4 (three keys) and D.5 (two keys).
void t.test('CMAC with triple DES: the examples of NIST SP 800-38B', async (t) => {
  const rows: readonly (readonly [string, Readonly<Record<number, string>>])[] = [
    [
      '8aa83bf8cbda1062 0bc1bf19fbb6cd58 bc313d4a371ca8b5',
      { 0: 'b7a688e122ffaf95', 8: '8e8f293136283797', 20: '743ddbe0ce2dc2ed', 32: '33e6b1092400eae5' },
    ],
    [
      '4cf15134a2850dd5 8a3d10ba80570d38 4cf15134a2850dd5',
      { 0: 'bd2ebf9a3ba00361', 8: '4ff2ab813c53ce83', 20: '62dd1b471902bd4e', 32: '31b1e431dabc4eb8' },
    ],
  ]
  for (const [key, codes] of rows) {
    const encrypt = (blocks: Buffer): Buffer =>
      createCipheriv('des-ede3-cbc', hex(key), Buffer.alloc(8)).setAutoPadding(false).update(blocks)
    for (const [length, code] of Object.entries(codes)) {
      t.equal(cmac(8, TEXT.subarray(0, Number(length)), encrypt).toString('hex'), code, `${length} bytes`)
    }
  }
})

void t.test('one bit more or less in key or data is another MAC, and neither is changed by the call', async () => {
  const algorithm = fc.constantFrom('retail', 'aes-cmac')
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 70 })
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(algorithm, key, bytes, fc.nat(), (algorithm, key, data, at) => {
      const before = { key: Buffer.from(key), data: Buffer.from(data) }
      const given = { key: Buffer.from(key), data: Buffer.from(data) }
      const code = mac(algorithm, given.key, given.data)
      const flipped = (of: Buffer): Buffer => {
        // Bit 1 of a byte, since bit 0 is parity in a DES key.
        const copy = Buffer.from(of)
        copy[at % of.length] = (copy[at % of.length] ?? 0) ^ 2
        return copy
      }
      return (
        before.key.equals(given.key) &&
        before.data.equals(given.data) &&
        code.length === MAC_BYTES &&
        !code.equals(mac(algorithm, before.key, flipped(before.data))) &&
        !code.equals(mac(algorithm, flipped(before.key), before.data))
      )
    }),
  )
})

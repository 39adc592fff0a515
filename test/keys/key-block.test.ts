import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { decryptCbc, encryptCbc, keyCmac } from '../../src/keys/blocks.ts'
import type { KeyAttributes } from '../../src/keys/key-block-header.ts'
import { unwrapKey, wrapKey } from '../../src/keys/key-block.ts'
import { KEY_USAGES, type KeyUsage } from '../../src/keys/key-usage.ts'
import { KEY_BYTES, type KeyAlgorithm, keyBytes, keyLength, sameKey, secretKey } from '../../src/keys/secret-key.ts'
import type { SecretKey } from '../../src/keys/secret-key.ts'

const key = (algorithm: KeyAlgorithm, text: string): SecretKey => secretKey(algorithm, Buffer.from(text, 'hex'))
const shown = (key: SecretKey): string => keyBytes(key).toString('hex').toUpperCase()

const KBPK = {
  a722: key('tdes', 'DD7515F2BFC17F85CE48F3CA25CB21F6'),
  a732: key('tdes', '1D22BF32387C600AD97F9B97A51311AC'),
  a74: key('aes', '88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6'),
  thalesB: key('tdes', 'EFE0853B256B583D868F251CE99EA1D9'),
  thalesD: key('aes', '41'.repeat(32)),
  iso20038: key('aes', '3235362D62697420414553207772617070696E67202849534F20323030333829'),
  psec2: key('tdes', 'AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB'),
  psec3: key('tdes', 'AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCC'),
} as const

const PLAIN = { keyVersion: '00', exportability: 'N', optionalBlocks: [] } as const
const PIN = { usage: 'P0', mode: 'E', keyVersion: '00', exportability: 'E', optionalBlocks: [] } as const
const KS = { usage: 'B0', mode: 'X', keyVersion: '12', exportability: 'S' } as const
const withKsn = { ...KS, optionalBlocks: [{ id: 'KS', text: '00604B120F9292800000' }] }

type Row = readonly [string, SecretKey, string, string, KeyAttributes]

// Source, protection key, block, key, attributes.
const ROWS: readonly Row[] = [
  // TR-31:2018 annex A, X9.143:2021 section 8, ISO 20038:2017 annex B and blocks of a Thales payShield 10k, as quoted in
  // openemv/tr31 test/tr31_decrypt_test.c; those of annex A also in knovichikhin/psec tests/test_tr31.py.
  [
    'TR-31:2018 A.7.2.2',
    KBPK.a722,
    'B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E',
    '3F419E1CB7079442AA37474C2EFBF8B8',
    PIN,
  ],
  [
    'TR-31:2018 A.7.3.2',
    KBPK.a732,
    'B0104B0TX12S0100KS1800604B120F9292800000BB68BE8680A400D9191AD4ECE45B6E6C0D21C4738A52190E248719E24B433627',
    'E8BC63E5479455E26577F715D587FE68',
    withKsn,
  ],
  [
    'TR-31:2018 A.7.4',
    KBPK.a74,
    'D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34',
    '3F419E1CB7079442AA37474C2EFBF8B8',
    PIN,
  ],
  [
    'X9.143:2021 8.1',
    KBPK.a74,
    'D0144P0AE00E00002C77FA3F4A553BED6E88AE5C172A4166E3D4ACA8E2AC71C158A476FAC12C13C3829DE55D3AB54C48F4C4FEF7AC75E90FC47F1B77E7B19A73ED46E64410082557',
    '3F419E1CB7079442AA37474C2EFBF8B8',
    PIN,
  ],
  [
    'X9.143:2021 8.4.2',
    KBPK.a732,
    'B0120B0TX12S0100KS1800604B120F929280000015CEB14B76D551F21EC43A75390FA118A98C6CB049E3B9E864A5F4A8B9A5108A6DB5635C95B042D7',
    'E8BC63E5479455E26577F715D587FE68',
    withKsn,
  ],
  [
    // The standard prints another key; its own MAC input has this one.
    'ISO 20038:2017 B.3',
    KBPK.iso20038,
    'D0112M3TV16N000018462FA5903B8D2B82FEE26B29713C0BE7ED81601087F12252093D06FC0A012C1CF769AD0E3E9E4877166AB013FC22B4',
    '767361707064642032454552206B6479',
    { ...PLAIN, usage: 'M3', mode: 'V', keyVersion: '16' },
  ],
  [
    'payShield, B',
    KBPK.thalesB,
    'B0080K0TN00N00001C414014375212C24995E405B5EE052CB92B67F455EA2680F6751088F9F1C228',
    '5DB50B454F8389ADCE573BE50861F2BF',
    { ...PLAIN, usage: 'K0', mode: 'N' },
  ],
  [
    'payShield, D with a triple DES key',
    KBPK.thalesD,
    'D0112B0TN00N000037DB9B046B7B0048785690759580ABC3B9842AB4BB7717B49E92528E575785D8123559376A2553B27BE94F054F4E971C',
    '1FA1F7CEC798D91545DA8AE0C7796BD9',
    { ...PLAIN, usage: 'B0', mode: 'N' },
  ],
  [
    'payShield, D with AES-256',
    KBPK.thalesD,
    'D0144D0AN00N0000127862F945C2DED04530FAF7CDBC8B0BA10C7AA79BD5E0C2C5D6AC173BF588E4B19ACF1357178D50EA0AB193228E13958304FC6149632DFDCADF3A5B3D57E814',
    'BE19E6A07A760F10EF8E83A226B63AAD141F463FDDD4F47DB244B4023EC3CACC',
    { ...PLAIN, usage: 'D0', mode: 'N' },
  ],
  // Blocks of other makers' devices in knovichikhin/psec tests/test_tr31.py: KBPKs of two and of three keys.
  [
    'psec, two keys',
    KBPK.psec2,
    'B0096M3TC00E0000D578DACC2286C7D10F20DEA88799CA8A2F44E0CC21226A2158D5DC8FD5C78E621327DA956C678808',
    'CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD',
    { ...PLAIN, usage: 'M3', mode: 'C', exportability: 'E' },
  ],
  [
    'psec, three keys',
    KBPK.psec3,
    'B0096M3TC00E0000C7C6FE86A5DE769C20DCA238C52341378B484D544A9764D43963C3B2824AE56C2D07A565DD3AB342',
    'CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD',
    { ...PLAIN, usage: 'M3', mode: 'C', exportability: 'E' },
  ],
]

void t.test('published key blocks', async (t) => {
  for (const [name, kbpk, block, wanted, attributes] of ROWS) {
    const found = unwrapKey(block, kbpk)
    if (found.kind === 'refused') t.fail(`${name}: refused, ${found.reason}`)
    else t.same([shown(found.key), found.attributes], [wanted, attributes], name)
  }
})

// Encryption and MAC keys that TR-31:2018 annex A derives, from openemv/tr31 test/tr31_crypto_test.c.
const DERIVED = {
  a732: {
    encryption: key('tdes', 'BCE8E2AD5D4489FD0EA5236A884DAC58'),
    mac: key('tdes', '1F9B2BDAF969C7B8B6C933AC7B9C6894'),
  },
  a74: {
    encryption: key('aes', '396C9382A6E2E66A088774E1D6E46541F5EAD67D7204F8DD0D7AE8FDA334D3AC'),
    mac: key('aes', '4EF24317696213840451890756757E573E0673483888F9B7F9B7517827F95022'),
  },
} as const

function published(name: string): Row {
  const row = ROWS.find(([of]) => of === name)
  if (row === undefined) throw new Error(`no row ${name}`)
  return row
}

void t.test('with the padding of the standard, its block is made to the letter', async (t) => {
  const rows = [
    ['X9.143:2021 8.1', DERIVED.a74.encryption, 96, 32],
    ['X9.143:2021 8.4.2', DERIVED.a732.encryption, 64, 16],
  ] as const
  for (const [name, encryption, dataDigits, macDigits] of rows) {
    const [, kbpk, block, wanted, attributes] = published(name)
    const data = Buffer.from(block.slice(-dataDigits - macDigits, -macDigits), 'hex')
    const clear = decryptCbc(encryption, data, Buffer.from(block.slice(-macDigits), 'hex'))
    const padding = clear.subarray(2 + wanted.length / 2)
    t.equal(
      wrapKey(attributes, kbpk, key(kbpk.algorithm, wanted), (bytes) => padding.subarray(0, bytes)),
      block,
      name,
    )
  }
})

void t.test('docs/spec/terminal.md, section 7: a MAC session key', async (t) => {
  const rows = [
    ['M3', 'tdes', KBPK.a722, 96, /^B0096M3TC00N0000[0-9A-F]{80}$/u],
    ['M6', 'aes', KBPK.a74, 144, /^D0144M6AC00N0000[0-9A-F]{128}$/u],
  ] as const
  for (const [usage, algorithm, kbpk, length, form] of rows) {
    const block = wrapKey({ ...PLAIN, usage, mode: 'C' }, kbpk, secretKey(algorithm, randomBytes(16)), randomBytes)
    t.equal(block.length, length)
    t.match(block, form)
  }
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b))
const keyOf = (algorithm: KeyAlgorithm, least = 0, most = 32): fc.Arbitrary<SecretKey> =>
  fc
    .constantFrom(...KEY_BYTES[algorithm].filter((length) => length >= least && length <= most))
    .chain(bytes)
    .map((bytes) => secretKey(algorithm, bytes))

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const pair = fc.string({ unit: fc.constantFrom(...ALPHANUMERIC.split('')), minLength: 2, maxLength: 2 })
const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
const text = fc.oneof(
  fc.string({ unit: printable, maxLength: 30 }),
  // Around the longest length of two hex digits, and beyond.
  fc.string({ unit: printable, minLength: 248, maxLength: 260 }),
)
const optionalBlocks = fc.uniqueArray(fc.record({ id: pair.filter((id) => id !== 'PB'), text }), {
  maxLength: 4,
  selector: ({ id }) => id,
})

const wrapped = fc
  .constantFrom<[KeyAlgorithm, KeyAlgorithm]>(['tdes', 'tdes'], ['aes', 'aes'], ['aes', 'tdes'])
  .chain(([protection, algorithm]) =>
    keyOf(protection).chain((kbpk) => {
      const usages = Object.keys(KEY_USAGES) as KeyUsage[]
      const fit = usages.filter((usage) => KEY_USAGES[usage].algorithms.some((of) => of === algorithm))
      const attributes = fc.constantFrom(...fit).chain((usage) =>
        fc.record({
          usage: fc.constant(usage),
          mode: fc.constantFrom(...KEY_USAGES[usage].modes),
          keyVersion: pair,
          exportability: fc.constantFrom('E', 'N', 'S'),
          optionalBlocks,
        }),
      )
      const most = protection === algorithm ? keyLength(kbpk) : 32
      return fc.record({ kbpk: fc.constant(kbpk), key: keyOf(algorithm, 0, most), attributes })
    }),
  )

void t.test('what is wrapped comes back; one character changed, cut or added is refused', async () => {
  const change = fc.record({ at: fc.nat(), by: printable })
  fc.assert(
    fc.property(wrapped, change, fc.nat(), ({ kbpk, key, attributes }, { at, by }, cut) => {
      const block = wrapKey(attributes, kbpk, key, randomBytes)
      const found = unwrapKey(block, kbpk)
      if (found.kind === 'refused') throw new Error(`refused: ${found.reason}`)
      if (!sameKey(found.key, key)) throw new Error('another key')
      if (JSON.stringify(found.attributes) !== JSON.stringify(attributes)) throw new Error('other attributes')

      const position = at % block.length
      const changed = block.slice(0, position) + by + block.slice(position + 1)
      const forged = [block.slice(0, cut % block.length), block + by]
      for (const bad of changed === block ? forged : [changed, ...forged]) {
        if (unwrapKey(bad, kbpk).kind !== 'refused') throw new Error('accepted')
      }
    }),
    { numRuns: 150 },
  )
})

void t.test('nothing that looks like a key block makes an exception', async () => {
  const digit = fc.constantFrom(...'0123456789ABCDEF'.split(''))
  const body = fc.oneof(
    fc.string({ unit: digit, maxLength: 200 }),
    // Optional blocks of likely lengths, and hex.
    fc
      .tuple(fc.array(fc.tuple(pair, fc.constantFrom('04', '08', '0C', '10', '000200')), { maxLength: 4 }), fc.nat(200))
      .map(([blocks, length]) => blocks.flat().join('').padEnd(length, '0A4F')),
  )
  const version = fc.constantFrom(['B', 8, KBPK.a722] as const, ['D', 16, KBPK.a74] as const)
  fc.assert(
    fc.property(version, fc.constantFrom('00', '01', '02', '04'), body, ([letter, cipherBlock, kbpk], count, body) => {
      const whole = Math.max(16, Math.ceil((16 + body.length) / cipherBlock) * cipherBlock)
      const block = `${letter}${String(whole).padStart(4, '0')}D0TN00N${count}00${body}`.padEnd(whole, '0')
      return unwrapKey(block, kbpk).kind === 'refused'
    }),
    { numRuns: 500 },
  )
})

void t.test('the same key never makes the same block', async (t) => {
  const blocks = Array.from({ length: 4 }, () => wrapKey(PIN, KBPK.a74, key('aes', '00'.repeat(16)), randomBytes))
  t.equal(new Set(blocks).size, 4)
})

/** A block whose MAC is right and whose content is not: from the standard's derived keys. */
function forged(derived: Readonly<Record<'encryption' | 'mac', SecretKey>>, header: string, clear: Buffer): string {
  const mac = keyCmac(derived.mac, Buffer.concat([Buffer.from(header), clear]))
  return (header + encryptCbc(derived.encryption, clear, mac).toString('hex') + mac.toString('hex')).toUpperCase()
}

void t.test('refusals, each by its reason', async (t) => {
  // Always the same padding, so that what stands in the block is the same in every run.
  const fives = (length: number): Buffer => Buffer.alloc(length, 5)
  const good = wrapKey({ ...PLAIN, usage: 'M3', mode: 'C' }, KBPK.a722, key('tdes', '01'.repeat(16)), fives)
  const put = (at: number, text: string): string => good.slice(0, at) + text + good.slice(at + text.length)
  const clear = (bits: number): Buffer => Buffer.concat([Buffer.of(bits >> 8, bits & 255), Buffer.alloc(30, 5)])
  const optional = (count: string, text: string): string => `B0120D0TN00N${count}00${text}`.padEnd(120, '0')
  const rows: readonly (readonly [string, SecretKey, string])[] = [
    ['characters', KBPK.a722, put(20, 'ż')],
    ['characters', KBPK.a722, put(20, '\n')],
    ['version', KBPK.a74, good],
    ['version', KBPK.a722, put(0, 'A')],
    ['version', KBPK.a722, ''],
    ['length', KBPK.a722, `${good}00000000`],
    ['length', KBPK.a722, good.slice(0, -8)],
    ['length', KBPK.a722, put(1, '  96')],
    ['length', KBPK.a722, `${put(1, '0097')}0`],
    ['length', KBPK.a722, 'B0008'],
    ['usage', KBPK.a722, put(5, 'C0')],
    ['usage', KBPK.a722, put(5, 'm3')],
    ['algorithm', KBPK.a722, put(7, 'R')],
    ['algorithm', KBPK.a722, put(7, 'A')],
    ['mode', KBPK.a722, put(8, 'E')],
    ['key version', KBPK.a722, put(9, '0-')],
    ['exportability', KBPK.a722, put(11, 'X')],
    ['optional blocks', KBPK.a722, put(12, '01')],
    ['optional blocks', KBPK.a722, put(12, '0A')],
    // Not a whole number of blocks; a pad block that carries something; a name twice; lengths that cannot be; too many.
    ['optional blocks', KBPK.a732, optional('01', 'TT0EHelloWorld')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldPB0A00000X')],
    ['optional blocks', KBPK.a732, optional('02', 'PB0A000000TT0EHelloWorld')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldTT0A000000')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldPB03000000')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldPBFF000000')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldKS0003000C')],
    ['optional blocks', KBPK.a732, optional('02', 'TT0EHelloWorldKS00020009')],
    ['optional blocks', KBPK.a732, optional('99', 'TT0EHelloWorldPB0A000000')],
    ['mac', KBPK.a732, optional('02', 'TT0EHelloWorldPB0A000000')],
    ['reserved', KBPK.a722, put(14, '01')],
    ['data', KBPK.a722, good.slice(0, 20) + good.slice(20).toLowerCase()],
    ['data', KBPK.a722, put(30, 'G')],
    ['data', KBPK.a722, `B0024${good.slice(5, 24)}`],
    // A header of 24 characters leaves 36 bytes: the block's length is right, the data are no whole blocks.
    ['data', KBPK.a722, `B0096M3TC00N0100KS08ABCD${'0'.repeat(72)}`],
    ['mac', KBPK.a732, good],
    ['mac', KBPK.a722, put(5, 'M1')],
    ['mac', KBPK.a722, put(14, '2')],
    ['mac', KBPK.a722, put(94, good.endsWith('00') ? '01' : '00')],
    ['key length', KBPK.a732, forged(DERIVED.a732, 'B0096M3TC00N0000', clear(64))],
    ['key length', KBPK.a732, forged(DERIVED.a732, 'B0096M3TC00N0000', clear(129))],
    ['key length', KBPK.a732, forged(DERIVED.a732, 'B0096M3TC00N0000', clear(0xffff))],
    ['key length', KBPK.a732, forged(DERIVED.a732, 'B0048M3TC00N0000', clear(128).subarray(0, 8))],
    ['key length', KBPK.a74, forged(DERIVED.a74, 'D0112M6AC00N0000', clear(256))],
    ['strength', KBPK.a732, forged(DERIVED.a732, 'B0096M3TC00N0000', clear(192))],
    ['strength', KBPK.a732, forged(DERIVED.a732, 'B0096M6AC00N0000', clear(128))],
  ]
  t.equal(unwrapKey(good, KBPK.a722).kind, 'key')
  t.equal(unwrapKey(forged(DERIVED.a732, 'B0096M3TC00N0000', clear(128)), KBPK.a732).kind, 'key', 'the forger is able')
  t.equal(unwrapKey(forged(DERIVED.a74, 'D0112M6AC00N0000', clear(128)), KBPK.a74).kind, 'key', 'also of D')
  for (const [reason, kbpk, block] of rows) {
    t.same(unwrapKey(block, kbpk), { kind: 'refused', reason }, `${reason}: ${block.slice(0, 40)}`)
  }
})

void t.test('what code must not ask for', async (t) => {
  const tdes = key('tdes', '01'.repeat(16))
  const wrap = (attributes: Partial<KeyAttributes>, kbpk: SecretKey = KBPK.a722, of: SecretKey = tdes) =>
    wrapKey({ ...PLAIN, usage: 'M3', mode: 'C', ...attributes }, kbpk, of, randomBytes)
  const rows: readonly (readonly [string, () => string])[] = [
    ['usage M6 and mode E', () => wrap({ usage: 'M6', mode: 'E' })],
    ['usage M3 and mode C', () => wrap({}, KBPK.a74, key('aes', '01'.repeat(16)))],
    ['as strong as', () => wrap({ usage: 'M6' }, KBPK.a722, key('aes', '01'.repeat(16)))],
    ['as strong as', () => wrap({}, KBPK.a722, key('tdes', '01'.repeat(24)))],
    ['two letters or digits', () => wrap({ keyVersion: '1' })],
    ["named 'PB'", () => wrap({ optionalBlocks: [{ id: 'PB', text: '' }] })],
    ["named 'k'", () => wrap({ optionalBlocks: [{ id: 'k', text: '' }] })],
    ['not printable', () => wrap({ optionalBlocks: [{ id: 'KS', text: 'ż' }] })],
    [
      'stands twice',
      () =>
        wrap({
          optionalBlocks: [
            { id: 'KS', text: '' },
            { id: 'KS', text: '' },
          ],
        }),
    ],
    ['no key block has', () => wrap({ optionalBlocks: [{ id: 'KS', text: 'x'.repeat(9999) }] })],
    ['has 70000', () => wrap({ optionalBlocks: [{ id: 'KS', text: 'x'.repeat(70_000) }] })],
  ]
  for (const [message, run] of rows) t.throws(run, { name: 'RangeError', message: new RegExp(message, 'u') })
})

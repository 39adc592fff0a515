import t from 'tap'
import type { Terminal } from '../../src/core/registry.ts'
import { mac, type MacAlgorithm } from '../../src/iso8583/mac.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import { pack } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { createMacVerifier, type MacCase } from '../../src/switch/mac-verifier.ts'
import { acceptable, GRACE, isFirstUse, type MacKey, type MacKeys, surplus } from '../../src/switch/mac-keys.ts'

/**
 * The keys with which a message may be MACed, the position of its MAC, and the key of the answer. Without the database.
 */

const { 'iso87-ascii': ascii, 'iso87-hex': hex } = PROFILES

const NOW = Date.UTC(2026, 10, 25, 9)
const bytesOf = (id: number): Buffer => Buffer.alloc(16, id)
const key = (id: number, rest: Partial<MacKey> = {}): MacKey => ({
  id,
  bytes: bytesOf(id),
  loaded: false,
  usedAt: null,
  endsAt: null,
  ...rest,
})
const loaded = (id: number, rest: Partial<MacKey> = {}): MacKey => key(id, { loaded: true, ...rest })

const terminalWith = (algorithm: Terminal['mac'], macRequired = true): Terminal => ({
  code: 'T1',
  storeCode: 'S1',
  confirmation: 'explicit',
  mac: algorithm,
  macRequired,
  active: true,
  openedBusinessDate: null,
  signOn: false,
  channel: 'terminal',
  textForm: { language: 'pl', characterSet: 'ascii' },
})

const ECHO: Message = { mti: '0800', fields: { 7: '1122173005', 11: '000001', 41: 'T1      ', 70: '301' } }
const EXCHANGE: Message = { mti: '0800', fields: { ...ECHO.fields, 70: '161' } }
const PAYMENT: Message = { mti: '0200', fields: { 3: '006000', 7: '1122173005', 11: '000001', 41: 'T1      ' } }

/** The message as the terminal sends it with its MAC in `field`; null: without one. */
function sent(profile: Profile, algorithm: MacAlgorithm, message: Message, under: Buffer, field: 64 | 128 | null) {
  const fields: Fields = { ...message.fields }
  if (field === null) return read(profile, pack(profile, message))
  const size = profile.encodings.binary === 'raw' ? 8 : 16
  const blank = pack(profile, { ...message, fields: { ...fields, [field]: '0'.repeat(16) } })
  const code = mac(algorithm, under, blank.subarray(0, -size)).toString('hex').toUpperCase()
  return read(profile, pack(profile, { ...message, fields: { ...fields, [field]: code } }))
}

function read(profile: Profile, body: Buffer): { body: Buffer; request: Message } {
  const unpacked = unpack(profile, body)
  if (!unpacked.ok) throw new Error('a test message that cannot be read')
  return { body, request: unpacked.message }
}

const deskOver = (keys: () => MacKeys, used: number[] = []) =>
  createMacVerifier({
    keysOf: keys,
    reread: async () => {},
    used: async (_terminal, { id }) => void used.push(id),
  })

void t.test('where the MAC must be, and what does not count as one', async (t) => {
  const own = [loaded(1)]
  const desk = deskOver(() => own)
  type Row = readonly [title: string, message: Message, field: 64 | 128 | null, under: number, good: boolean]
  const secondary: Message = { ...PAYMENT, secondaryBitmap: true }
  const rows: readonly Row[] = [
    ['in 64', PAYMENT, 64, 1, true],
    ['in 128 of a message with fields above 64', ECHO, 128, 1, true],
    ['in 128 of one whose secondary bitmap names nothing else', secondary, 128, 1, true],
    ['in 64 where 128 is due', ECHO, 64, 1, false],
    ['in 64 beside an empty secondary bitmap', secondary, 64, 1, false],
    ['missing', PAYMENT, null, 1, false],
    ['missing where 128 is due', ECHO, null, 1, false],
    ['under another key', PAYMENT, 64, 2, false],
  ]
  for (const profile of [ascii, hex]) {
    for (const algorithm of ['retail', 'aes-cmac'] as const) {
      for (const [title, message, field, under, good] of rows) {
        for (const required of [true, false]) {
          const terminal = terminalWith(algorithm, required)
          const about = {
            profile,
            ...sent(profile, algorithm, message, bytesOf(under), field),
            terminal,
            wantsMac: false,
            now: NOW,
          }
          const verdict = desk.check(about) ?? (await desk.settle(about))
          const wanted = good || (!required && field === null)
          t.equal(verdict.good, wanted, `${profile.name} ${algorithm}${required ? '' : ', optional'}: ${title}`)
        }
      }
    }
  }
  const about: MacCase = {
    profile: ascii,
    ...read(ascii, pack(ascii, PAYMENT)),
    terminal: terminalWith('none'),
    wantsMac: false,
    now: NOW,
  }
  t.same(desk.check(about), { good: true, key: null }, 'a terminal without MAC')
  const unasked = { ...about, ...sent(ascii, 'retail', PAYMENT, bytesOf(1), 64) }
  t.same(await desk.settle(unasked), { good: false, key: null }, 'whose message has one')
  t.same(await desk.settle({ ...about, wantsMac: true }), { good: false, key: null }, 'on a line that wants one')
  const optional = { ...about, wantsMac: true, terminal: terminalWith('retail', false) }
  t.same(await desk.settle(optional), { good: false, key: null }, 'where the terminal may leave it out elsewhere')
  const withKeyless = { ...about, terminal: terminalWith('retail') }
  t.same(await deskOver(() => []).settle(withKeyless), { good: false, key: null }, 'a MAC is due and no key is there')
})

void t.test('an answer has the MAC of the key of its request, and none where that had none', async (t) => {
  const keys = [key(3), key(2, { usedAt: NOW - 5000 }), loaded(1, { endsAt: NOW + 55_000 })]
  const desk = deskOver(() => keys)
  const terminal = terminalWith('retail', false)
  const answerTo = async (message: Message, under: number, field: 64 | 128 | null): Promise<Message> => {
    const about = {
      profile: ascii,
      ...sent(ascii, 'retail', message, bytesOf(under), field),
      terminal,
      wantsMac: false,
      now: NOW,
    }
    const verdict = desk.check(about) ?? (await desk.settle(about))
    return read(ascii, desk.seal(ascii, { mti: '0210', fields: { 39: '00' } }, terminal, verdict.key)).request
  }
  for (const under of [1, 2, 3]) {
    const blank = pack(ascii, { mti: '0210', fields: { 39: '00', 64: '0'.repeat(16) } }).subarray(0, -8)
    const wanted = mac('retail', bytesOf(under), blank).toString('hex').toUpperCase()
    t.equal((await answerTo(PAYMENT, under, 64)).fields[64], wanted, `key ${under}`)
  }
  t.equal((await answerTo(PAYMENT, 1, null)).fields[64], undefined, 'no MAC asked, none answered')
  const refused = {
    profile: ascii,
    ...sent(ascii, 'retail', PAYMENT, bytesOf(9), 64),
    terminal,
    wantsMac: false,
    now: NOW,
  }
  t.same(await desk.settle(refused), { good: false, key: null }, 'a 63 has none: unknown terminals are given no MACs')
  t.equal(desk.keyFor(refused), null, 'nor has a 96 to a wrong one')
  const third = { ...refused, ...sent(ascii, 'retail', PAYMENT, bytesOf(3), 64) }
  t.equal(desk.keyFor(third), keys[0], 'but to one that is right it has')
  const unMaced = { ...refused, ...sent(ascii, 'retail', PAYMENT, bytesOf(3), null) }
  for (const required of [true, false]) {
    const one = { ...unMaced, terminal: terminalWith('retail', required) }
    t.same(await desk.settle(one), { good: !required, key: null })
    t.equal(desk.keyFor(one), null)
  }
})

void t.test('the minute after the first message under a new key', async (t) => {
  let keys: MacKeys = [key(2), loaded(1)]
  const used: number[] = []
  const desk = deskOver(() => keys, used)
  const tried = async (id: number, now: number, message = PAYMENT): Promise<boolean> => {
    const field = message === PAYMENT ? 64 : 128
    const about = {
      profile: ascii,
      ...sent(ascii, 'aes-cmac', message, bytesOf(id), field),
      terminal,
      wantsMac: false,
      now,
    }
    return (desk.check(about) ?? (await desk.settle(about))).good
  }
  const terminal = terminalWith('aes-cmac')
  t.ok(await tried(1, NOW + 3_600_000), 'an hour later still: no message came under the new one')
  t.same(used, [], 'which ends nothing')
  t.ok(await tried(2, NOW), 'the first message under the new one')
  t.same(used, [2], 'is recorded')
  keys = [key(2, { usedAt: NOW }), loaded(1, { endsAt: NOW + GRACE })]
  t.ok(await tried(1, NOW + GRACE - 1), 'the old one, a millisecond before the minute is over')
  t.notOk(await tried(1, NOW + GRACE), 'and then no more')
  t.ok(await tried(2, NOW + GRACE))
  t.same(used, [2], 'recorded once')
  t.ok(await tried(1, NOW + GRACE, EXCHANGE), 'but a terminal that lost its session key may ask for a new one')
  t.notOk(await tried(1, NOW + GRACE, ECHO), 'and for nothing else')
})

void t.test('generations', async (t) => {
  const ids = (keys: MacKeys): number[] => keys.map(({ id }) => id)
  const ended = loaded(1, { usedAt: 1, endsAt: NOW })
  const inGrace = key(2, { usedAt: 2, endsAt: NOW + 1 })
  const newest = key(5)
  type Row = readonly [
    title: string, keys: MacKeys, acceptable: number[], exchange: number[], first: number[],
  ] // prettier-ignore
  const rows: readonly Row[] = [
    ['no key', [], [], [], []],
    ['one key', [loaded(1)], [1], [1], []],
    ['handed out, not used', [key(2), loaded(1)], [2, 1], [2, 1], [2]],
    ['two handed out, the second one used', [key(3, { usedAt: NOW }), key(2, { endsAt: NOW + 9 }), ended], [3, 2], [3, 2, 1], []],
    ['two handed out, the first one used', [key(3), key(2, { usedAt: 1 }), loaded(1, { endsAt: NOW })], [3, 2], [3, 2, 1], [3]],
    ['a new one beside one in its minute', [newest, key(4, { usedAt: 4 }), inGrace, ended], [5, 4, 2], [5, 4, 2, 1], [5]],
    ['a person loaded another', [loaded(6), key(4, { usedAt: 4 }), ended], [6, 4], [6, 4], [6]],
    ['all ended', [ended], [], [1], []],
  ] // prettier-ignore
  for (const [title, keys, all, exchange, first] of rows) {
    t.same(ids(acceptable(keys, NOW, false)), all, title)
    t.same(ids(acceptable(keys, NOW, true)), exchange, `${title}: for a key exchange`)
    t.same(ids(keys.filter((one) => isFirstUse(keys, one))), first, `${title}: whose first message ends others`)
  }
  const many = [key(9), key(8), key(7), key(6, { usedAt: 6 }), inGrace, loaded(1, { endsAt: NOW - 1 })]
  t.same(surplus(many, 6, NOW), [7], 'of unused ones the newest are kept, so that with the next there are three')
  t.same(surplus(many, 6, NOW + 1), [7, 2], 'ended ones go, but not the loaded one')
  t.same(surplus(many, 7, NOW), [], 'nor the key of the request')
})

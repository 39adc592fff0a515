import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { prepareInstallation } from '../../src/app/installation-keys.ts'
import { openKeyCache } from '../../src/custody/key-cache.ts'
import { createTrackDecryptor } from '../../src/custody/track-decryptor.ts'
import { demoKeyTerminals } from '../../src/demo/setting.ts'
import { KIND, type Key } from '../../src/core/key.ts'
import { MASTERS_FILE, SECRETS_FILE } from '../../src/home/home-directory.ts'
import { aesInitialKey, aesSessionKey } from '../../src/keys/aes-dukpt.ts'
import { encryptCbc } from '../../src/keys/blocks.ts'
import { type Ksn, readKsn } from '../../src/keys/ksn.ts'
import { secretKey } from '../../src/keys/secret-key.ts'
import { tdesInitialKey, tdesSessionKey } from '../../src/keys/tdes-dukpt.ts'
import { openConnection } from '../../src/db/access.ts'
import { testDatabase } from '../database.ts'

/* Encrypted tracks of demo terminals, and which request a key of a PIN pad was used for, in a real database. */

const home = await mkdtemp(join(tmpdir(), 'akart-tracks-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const access = await testDatabase(t)
const files = { secretsFile: join(home, SECRETS_FILE), mastersFile: join(home, MASTERS_FILE) }
const { masters } = await prepareInstallation(access, files, Date.now())

async function deskOfAProcess() {
  const fail = (error: unknown): void => void t.error(error)
  const book = await openKeyCache(access, masters, fail)
  const desk = createTrackDecryptor(access, book, fail)
  t.teardown(async () => {
    await desk.stop()
    await book.stop()
  })
  return desk
}
const [one, other] = [await deskOfAProcess(), await deskOfAProcess()]

const TRACK = '6299100000000047=49127220001234567'
const bdkOf = (name: string): Buffer => Buffer.from(demoKeyTerminals.find(({ id }) => id === name)?.bdk ?? '', 'hex')

function ksnOf(bytes: Buffer): Ksn {
  const read = readKsn(bytes)
  if (read.kind === 'refused') throw new Error('no key serial number')
  return read.ksn
}

/** The encrypted track of a terminal's PIN pad with transaction number `counter`. */
function swiped(terminal: string, counter: number, text = TRACK) {
  const isAes = terminal === 'DEMO0010'
  const bytes = Buffer.from(isAes ? '123456789012345600000000' : 'FFFF9876543210E00000', 'hex')
  bytes.writeUInt32BE(bytes.readUInt32BE(bytes.length - 4) + counter, bytes.length - 4)
  const ksn = ksnOf(bytes)
  const data = isAes
    ? aesSessionKey(aesInitialKey(secretKey('aes', bdkOf(terminal)), ksn.initialKeyId), ksn, 'data request')
    : tdesSessionKey(tdesInitialKey(secretKey('tdes', bdkOf(terminal)), ksn.initialKeyId), ksn, 'data request')
  const block = isAes ? 16 : 8
  const filled = Buffer.alloc(Math.ceil(text.length / block) * block)
  filled.write(text, 'latin1')
  return { ksn: bytes, cryptogram: encryptCbc(data, filled) }
}

const request = (stan: number): Key => ({
  store: '000000000000001',
  terminal: 'DEMO0009',
  kind: KIND.financial,
  stan,
  transmitted: 20261122173005,
})
const OPEN = { kind: 'track', track: TRACK }
const refused = (what: string) => ({ kind: 'refused', what })

for (const terminal of ['DEMO0009', 'DEMO0010']) {
  void t.test(`${terminal}: opened, and each key of the PIN pad serves one request`, async (t) => {
    t.ok(one.encrypts(terminal))
    t.same(await one.open(terminal, swiped(terminal, 3), request(1)), OPEN)
    t.same(await other.open(terminal, swiped(terminal, 3), request(1)), OPEN, 'the same request again, elsewhere')
    t.same(await other.open(terminal, swiped(terminal, 3), request(2)), refused('key used'), 'another request')
    t.same(await one.open(terminal, swiped(terminal, 3), null), OPEN, 'an undo of it')
    t.same(await one.open(terminal, swiped(terminal, 1), request(3)), OPEN, 'one that was kept off line comes later')

    const race = [one, other, one, other].map((desk, i) => desk.open(terminal, swiped(terminal, 9), request(10 + i)))
    const ends = (await Promise.all(race)).map(({ kind }) => kind)
    t.same(ends.toSorted(), ['refused', 'refused', 'refused', 'track'], 'of requests at the same time one gets it')
  })
}

void t.test('what cannot be opened uses up nothing', async (t) => {
  const good = swiped('DEMO0009', 20)
  const changed = { ...good, cryptogram: Buffer.from(good.cryptogram.map((byte, i) => (i === 2 ? byte ^ 1 : byte))) }
  t.same(await one.open('DEMO0009', changed, request(20)), refused('track'))
  t.same(await one.open('DEMO0009', swiped('DEMO0010', 20), request(20)), refused('tag C0'), 'the other scheme')
  const zero = { ...good, ksn: Buffer.from('FFFF9876543210E00000', 'hex') }
  t.same(await one.open('DEMO0009', zero, request(20)), refused('tag C0'), 'a counter that no device uses')
  t.same(await one.open('DEMO0002', good, request(20)), refused('no key'), 'a terminal that has no base key')
  t.notOk(one.encrypts('DEMO0002'))
  t.same(await one.open('DEMO0009', good, request(21)), OPEN, 'after all that')
})

void t.test('what is kept of it', async (t) => {
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  const [rows] = await connection.query(
    'SELECT HEX(device) AS device, counter FROM dukpt_uses ORDER BY device, counter',
  )
  t.same(rows, [
    ...[1, 3, 9].map((counter) => ({ device: '1234567890123456', counter })),
    ...[1, 3, 9, 20].map((counter) => ({ device: 'FFFF9876543210E0', counter })),
  ])
})

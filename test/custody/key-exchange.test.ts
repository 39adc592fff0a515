import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { prepareInstallation } from '../../src/app/installation-keys.ts'
import { type KeyCache, openKeyCache } from '../../src/custody/key-cache.ts'
import { createKeyExchange, type KeyExchange } from '../../src/custody/key-exchange.ts'
import type { MasterKeyring } from '../../src/custody/master-keyring.ts'
import { demoKeyTerminals } from '../../src/demo/setting.ts'
import { MASTERS_FILE, SECRETS_FILE } from '../../src/home/home-directory.ts'
import { writeTerminalMasters } from '../../src/home/terminal-masters.ts'
import { checkValue } from '../../src/keys/check-value.ts'
import { unwrapKey } from '../../src/keys/key-block.ts'
import { keyBytes, secretKey } from '../../src/keys/secret-key.ts'
import { type Access, openConnection } from '../../src/db/access.ts'
import { GRACE, isAlive, type MacKey } from '../../src/switch/mac-keys.ts'
import type { ExchangeStamp } from '../../src/switch/network.ts'
import { testDatabase } from '../database.ts'

/* Session keys in a real database, with as many processes over it as there are key books: each has a memory of its own. */

const home = await mkdtemp(join(tmpdir(), 'akart-keys-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const files = { secretsFile: join(home, SECRETS_FILE), mastersFile: join(home, MASTERS_FILE) }
const NOW = Date.UTC(2026, 10, 25, 9)

const access = await testDatabase(t)
const { masters } = await prepareInstallation(access, files, NOW)

type Process = KeyExchange & { readonly keys: KeyCache }
const processes: Process[] = []
async function processOver(database: Access, ring: MasterKeyring = masters): Promise<Process> {
  const fail = (error: unknown): void => void t.error(error)
  const keys = await openKeyCache(database, ring, fail)
  const process = { keys, ...createKeyExchange(database, keys, ring, fail) }
  processes.push(process)
  return process
}
t.teardown(async () => {
  for (const { stop, keys } of processes) await Promise.all([stop(), keys.stop()])
})

const RETAIL = { terminal: 'DEMO0007', mac: 'retail' } as const
const CMAC = { terminal: 'DEMO0008', mac: 'aes-cmac' } as const

function newestOf({ book }: Process, terminal: string): MacKey {
  const [newest] = book.keysOf(terminal)
  if (newest === undefined) throw new Error(`${terminal} has no MAC key`)
  return newest
}

let stamped = 20261125090000
/** Each later than the one before. */
const nextStamp = (): ExchangeStamp => ({ transmitted: ++stamped, stan: 1 })

/** Asks for a key as the terminal does, and unwraps it: the bytes. */
async function exchanged(
  process: Process,
  asked: typeof RETAIL | typeof CMAC,
  inUse: MacKey,
  now = NOW,
  stamp: ExchangeStamp = nextStamp(),
) {
  const answer = await process.exchange({ ...asked, inUse, stamp, now })
  const block = answer !== null && 'keyBlock' in answer ? answer.keyBlock : null
  const kbpk = demoKeyTerminals.find(({ id }) => id === asked.terminal)?.kbpk ?? ''
  const found = unwrapKey(block ?? '', secretKey(asked.mac === 'retail' ? 'tdes' : 'aes', Buffer.from(kbpk, 'hex')))
  if (found.kind === 'refused' || block === null) throw new Error('no key block came')
  return { block, ...found }
}

void t.test('a key block is what the interface says', async (t) => {
  const one = await processOver(access)
  const rows = [
    [RETAIL, /^B0096M3TC00N0000[0-9A-F]{80}$/, 16],
    [CMAC, /^D0144M6AC00N0000[0-9A-F]{128}$/, 32],
  ] as const
  for (const [asked, form, bytes] of rows) {
    const first = newestOf(one, asked.terminal)
    const { block, key } = await exchanged(one, asked, first)
    t.match(block, form, asked.mac)
    t.equal(keyBytes(key).length, bytes)
    t.ok(keyBytes(key).equals(newestOf(one, asked.terminal).bytes), 'the newest key of the terminal')
    t.notOk(keyBytes(key).equals(first.bytes))
    const again = await exchanged(one, asked, first)
    t.notOk(keyBytes(again.key).equals(keyBytes(key)), 'a fresh one each time')
  }
  const asked = {
    terminal: 'DEMO0009',
    mac: 'retail',
    inUse: newestOf(one, 'DEMO0009'),
    stamp: nextStamp(),
    now: NOW,
  } as const
  t.equal(await one.exchange(asked), null, 'DEMO0009 has no key block protection key')
})

void t.test('another process, and one that starts later, know it at once', async (t) => {
  const [one, other] = [await processOver(access), await processOver(access)]
  const { key } = await exchanged(one, RETAIL, newestOf(one, 'DEMO0007'))
  await other.book.reread('DEMO0007') // it has not heard of it yet, or has just looked
  t.ok(newestOf(other, 'DEMO0007').bytes.equals(keyBytes(key)), 'a bad MAC makes it look')
  const later = await processOver(access)
  t.ok(newestOf(later, 'DEMO0007').bytes.equals(keyBytes(key)), 'a restart between exchange and first use')
})

void t.test('the first message ends the older keys everywhere, once', async (t) => {
  const [one, other] = [await processOver(access), await processOver(access)]
  await exchanged(one, CMAC, newestOf(one, 'DEMO0008'))
  const newest = newestOf(one, 'DEMO0008')
  t.ok(one.book.keysOf('DEMO0008').every(({ endsAt }) => endsAt === null))
  await other.book.reread('DEMO0008')
  // Both hear of a first message at the same time: the first one that is committed counts.
  await Promise.all([
    one.book.used('DEMO0008', newest, NOW),
    other.book.used('DEMO0008', newestOf(other, 'DEMO0008'), NOW + 5_000),
  ])
  const later = await processOver(access)
  for (const process of [one, other, later]) {
    await process.book.reread('DEMO0008')
    const [first, ...older] = process.book.keysOf('DEMO0008')
    const usedAt = first?.usedAt ?? 0
    t.ok([NOW, NOW + 5_000].includes(usedAt), 'when the first message came')
    t.ok(older.length > 0 && older.every((key) => key.endsAt === usedAt + GRACE), 'the others end a minute later')
    t.ok(older.every((key) => isAlive(key, usedAt + GRACE - 1) && !isAlive(key, usedAt + GRACE)))
  }
})

void t.test(
  'a recorded exchange brings nothing that the terminal does not know, and a flood of them ends',
  async (t) => {
    const own = await testDatabase(t)
    const { masters: ring } = await prepareInstallation(own, files, NOW)
    const [one, other] = [await processOver(own, ring), await processOver(own, ring)]
    t.teardown(async () => {
      for (const { stop, keys } of processes.splice(-2)) await Promise.all([stop(), keys.stop()])
    })
    const inUse = newestOf(one, 'DEMO0007')
    const [first, second, third] = [nextStamp(), nextStamp(), nextStamp()]
    const asked = (process: Process, stamp: ExchangeStamp, now = NOW) =>
      process.exchange({ ...RETAIL, inUse, stamp, now })

    const old = await exchanged(one, RETAIL, inUse, NOW, first)
    const newest = await exchanged(one, RETAIL, inUse, NOW, second)
    t.same(await asked(one, first), { refused: 'key_reused' }, 'recorded before')
    t.same(await asked(other, { ...second, stan: 0 }), { refused: 'key_reused' })
    t.ok(
      newestOf(one, 'DEMO0007').bytes.equals(keyBytes(newest.key)),
      'the key that was asked for later stays the newest',
    )
    const again = await exchanged(other, RETAIL, inUse, NOW, second)
    t.ok(keyBytes(again.key).equals(keyBytes(newest.key)), 'the same message again: the same key')
    t.not(again.block, newest.block, 'in a fresh block')
    t.notOk(keyBytes(old.key).equals(keyBytes(newest.key)))
    await exchanged(one, RETAIL, inUse, NOW, third)
    for (let i = 3; i < 10; i++) await exchanged(one, RETAIL, inUse)
    t.same(await asked(other, nextStamp()), { refused: 'exceeds_count_limit' }, 'ten in an hour')
    t.same(await asked(one, nextStamp(), NOW + 3_599_999), { refused: 'exceeds_count_limit' })
    await exchanged(one, RETAIL, inUse, NOW + 3_600_000)
  },
)

void t.test('what is asked again and again does not pile up', async (t) => {
  const one = await processOver(access)
  const inUse = newestOf(one, 'DEMO0008')
  for (let i = 0; i < 6; i++) await exchanged(one, CMAC, inUse, NOW + 2 * GRACE)
  const keys = one.book.keysOf('DEMO0008')
  t.equal(keys.length, 5, 'three that were never used, the one in use, and the one that a person loaded')
  t.ok(keys.some(({ id }) => id === inUse.id) && keys.some((key) => key.loaded))
})

void t.test(
  'exchanges at the same time, in two processes: the one that was asked for last is the newest',
  async (t) => {
    const [one, other] = [await processOver(access), await processOver(access)]
    const inUse = newestOf(one, 'DEMO0008')
    const now = NOW + 3_600_000
    const stamps = [nextStamp(), nextStamp(), nextStamp()]
    const made = await Promise.all(
      stamps.map((stamp, i) => ([one, other][i % 2] ?? one).exchange({ ...CMAC, inUse, stamp, now })),
    )
    t.match(made.at(-1), { keyBlock: String })
    for (const answer of made) t.ok(answer !== null && ('keyBlock' in answer || answer.refused === 'key_reused'))
    const last = await exchanged(one, CMAC, inUse, now, stamps.at(-1))
    await one.book.reread('DEMO0008')
    t.ok(newestOf(one, 'DEMO0008').bytes.equals(keyBytes(last.key)))
  },
)

void t.test('what the table of changes says, and what no table holds', async (t) => {
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  const sql = `SELECT who, action, terminal_code AS terminal, purpose, check_value AS kcv FROM key_changes
    WHERE terminal_code = 'DEMO0007' ORDER BY id LIMIT 3`
  const [changes] = await connection.query(sql)
  const [, , third] = changes as { kcv: string }[]
  const demo = demoKeyTerminals.find(({ id }) => id === 'DEMO0007')
  const kcv = (hex: string | null | undefined) => checkValue(secretKey('tdes', Buffer.from(hex ?? '', 'hex')))
  t.same(changes, [
    { who: 'akart', action: 'created', terminal: 'DEMO0007', purpose: 'mac', kcv: kcv(demo?.key) },
    { who: 'akart', action: 'created', terminal: 'DEMO0007', purpose: 'kbpk', kcv: kcv(demo?.kbpk) },
    { who: 'switch', action: 'exchanged', terminal: 'DEMO0007', purpose: 'session', kcv: third?.kcv },
  ])

  const [rows] = await connection.query('SELECT HEX(wrapped) AS wrapped FROM terminal_keys')
  const secrets = processes.flatMap(({ book }) => book.keysOf('DEMO0007').map(({ bytes }) => bytes.toString('hex')))
  const text = JSON.stringify(rows).toLowerCase()
  t.ok(secrets.length > 0 && secrets.every((hex) => !text.includes(hex)))
})

void t.test('a change by hand is seen, a row moved to another terminal does not open', async (t) => {
  const one = await processOver(access)
  const connection = await openConnection(access, { multipleStatements: false })
  t.teardown(() => connection.end())
  await connection.query(
    "UPDATE terminal_keys SET terminal_code = 'DEMO0003' WHERE terminal_code = 'DEMO0009' AND purpose = 'bdk'",
  )
  await connection.query(
    `INSERT INTO key_changes (id, changed_at, who, action, terminal_code, note)
     SELECT next_id, NOW(3), 'test', 'policy', 'DEMO0003', '' FROM id_blocks WHERE name = 'key_change'`,
  )
  await connection.query("UPDATE id_blocks SET next_id = next_id + 1 WHERE name = 'key_change'")
  while (!one.keys.has('DEMO0003', 'bdk')) await sleep(50)
  t.ok(one.keys.has('DEMO0003', 'bdk'))
  t.throws(() => one.keys.bdkOf('DEMO0003'), {
    name: 'WrappedKeyBroken',
    message: 'the bdk key of terminal DEMO0003 does not open',
  })
})

void t.test('a master key that is put into the file beside a running process', async (t) => {
  const one = await processOver(access, (await prepareInstallation(access, files, NOW)).masters)
  await writeTerminalMasters(files.mastersFile, [randomBytes(32)])
  const two = await processOver(access, (await prepareInstallation(access, files, NOW)).masters)
  const { key } = await exchanged(two, RETAIL, newestOf(two, 'DEMO0007'), NOW + 5 * GRACE)
  await one.book.reread('DEMO0007')
  t.ok(newestOf(one, 'DEMO0007').bytes.equals(keyBytes(key)), 'is found by it when it is needed')

  await rm(files.mastersFile)
  await t.rejects(prepareInstallation(access, files, NOW), {
    message:
      /^terminal keys are wrapped by master key [0-9A-F]{6}, which is neither in .*terminal-masters\.json nor in AKART_TERMINAL_MASTER$/,
  })
})

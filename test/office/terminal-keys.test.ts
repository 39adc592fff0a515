import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp'
import t from 'tap'
import { xor } from '../../src/keys/blocks.ts'
import { checkValue as checkValueOf } from '../../src/keys/check-value.ts'
import { combineComponents } from '../../src/keys/components.ts'
import { withOddParity } from '../../src/keys/des-parity.ts'
import { secretKey } from '../../src/keys/secret-key.ts'
import { abandonImport, giveComponent } from '../../src/office/key-import.ts'
import { prepareInstallation } from '../../src/app/installation-keys.ts'
import { openKeyCache } from '../../src/custody/key-cache.ts'
import { masterFileOf } from '../../src/app/home-key-files.ts'
import { inHomeOffice } from '../../src/app/home-office.ts'
import type { Office } from '../../src/office/office.ts'
import { addMaster, listMasters, removeMasters, rotateMaster } from '../../src/office/master-keys.ts'
import { createKey, importKey, type NewKey } from '../../src/office/new-terminal-key.ts'
import { type KeyTask, removeKey, setMacPolicy } from '../../src/office/terminal-key-changes.ts'
import { listKeyChanges, listKeys } from '../../src/office/terminal-keys.ts'
import { readComponents } from '../../src/cli/read-components.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { MASTERS_FILE, SECRETS_FILE } from '../../src/home/home-directory.ts'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { testDatabase } from '../database.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person } from './test-office.ts'

/** The commands of `akart keys`, on a demo in a real database, beside a process with cached keys. */

const home = await mkdtemp(join(tmpdir(), 'akart-key-commands-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const access = await testDatabase(t)
process.env['AKART_DATABASE_URL'] = toUrl(access)
const files = { secretsFile: join(home, SECRETS_FILE), mastersFile: join(home, MASTERS_FILE) }
const { masters } = await prepareInstallation(access, files, Date.now())
await everyChangeIsAudited(t, access)
const beside = await openKeyCache(access, masters, (error) => void t.error(error))
t.teardown(beside.stop)

const HOUR = 3_600_000
const jan = person('jan')
const file = masterFileOf(home)
const room = <T>(work: (office: Office) => Promise<T>) => ok(inHomeOffice(home, work))
const task = (terminal: string, purpose: KeyTask['purpose']): KeyTask => ({ terminal, purpose })
/** A directory for each of them, as if it were on a medium of their own. */
const safes = await Promise.all([1, 2, 3].map((i) => mkdtemp(join(tmpdir(), `akart-safe-${i}-`))))
t.teardown(() => Promise.all(safes.map((safe) => rm(safe, { recursive: true, force: true }))))
const custodians = (count: number) => safes.slice(0, count).map((into) => ({ into, publicKeyFile: null }))
const ola = person('ola')
/** Dual control: both of them say it. */
async function both<T>(act: (office: Office, actor: typeof jan) => Promise<T>) {
  await room((open) => act(open, jan))
  return room((open) => act(open, ola))
}
const made = (more: Partial<NewKey> = {}): NewKey => ({
  algorithm: null, bytes: null, custodians: custodians(2), isOneDirectory: false, replaces: false, ...more,
}) // prettier-ignore
const masterList = () => room((open) => listMasters(open, jan))
const add = () => room((open) => addMaster(open, jan, { file }))
const remove = () => room((open) => removeMasters(open, jan, { file }))
const mastersOnRecord = async (): Promise<unknown> => {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query(
    "SELECT action, object_id AS id FROM audit WHERE action LIKE 'masters.%' ORDER BY audit.id",
  )
  await connection.end()
  return (rows as object[]).map((row) => ({ ...row }))
}
const keysOf = (terminal: string) => room((open) => listKeys(open, jan, { terminal }))
const macOf = async (terminal: string): Promise<unknown> => {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query('SELECT mac, mac_required AS required FROM terminals WHERE code = ?', [
    terminal,
  ])
  await connection.end()
  return (rows as unknown[])[0]
}

async function withServer(sql: string): Promise<unknown> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query(sql)
  await connection.end()
  return rows
}

/** The file that holds the keys: a rewritten table has another one. The list of files is called `innodb_tables` on MySQL. */
async function fileOfKeys(): Promise<unknown> {
  const lists = await withServer(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'information_schema' AND LOWER(table_name) IN ('innodb_sys_tables', 'innodb_tables')`,
  )
  const list = String((lists as { name: unknown }[])[0]?.name)
  const rows = await withServer(
    `SELECT space AS space FROM information_schema.${list} WHERE name = '${access.database}/terminal_keys'`,
  )
  return (rows as { space: unknown }[])[0]?.space
}

void t.test('a key is made for several people and loaded by what they were given', async (t) => {
  await both((open, who) => removeKey(open, who, task('DEMO0002', 'kbpk')))
  const { checkValue, files } = await room((open) =>
    createKey(open, jan, { ...task('DEMO0002', 'kbpk'), ...made({ custodians: custodians(3), bytes: 24 }) }),
  )
  t.equal(files.length, 3)
  t.match(checkValue, /^[0-9A-F]{6}$/)
  const lines: string[] = []
  for (const file of files) {
    t.equal((await stat(file)).mode & 0o777, 0o600)
    const line = await readFile(file, 'utf8')
    t.match(line, /^[0-9A-F]{48} [0-9A-F]{6}\n$/)
    lines.push(line)
  }
  t.match(await keysOf('DEMO0002'), [
    { purpose: 'kbpk', checkValue },
    { purpose: 'mac', checkValue: '08D7B4' },
  ])

  const sheet = join(home, 'sheet')
  await writeFile(sheet, `# of the key ceremony\n${lines.join('\n')}\n${checkValue}\n`)
  await both((open, who) => removeKey(open, who, task('DEMO0002', 'kbpk')))
  const given = await readComponents(sheet)
  t.equal(
    await room((open) =>
      importKey(open, jan, { ...task('DEMO0002', 'kbpk'), given, algorithm: null, replaces: false }),
    ),
    checkValue,
    'the same key again',
  )
  const [change] = await room((open) => listKeyChanges(open, jan, { terminal: 'DEMO0002', most: 1 }))
  t.match(change, { who: 'jan', action: 'imported', purpose: 'kbpk', checkValue })
})

void t.test(
  'a MAC key says how a terminal is authenticated, and an older one stays until the new one is used',
  async (t) => {
    t.match(await macOf('DEMO0001'), { mac: 'none' })
    await room((open) => createKey(open, jan, { ...task('DEMO0001', 'mac'), ...made({ algorithm: 'aes', bytes: 32 }) }))
    t.match(await macOf('DEMO0001'), { mac: 'aes-cmac', required: 1 })
    await both((open, who) => setMacPolicy(open, who, { terminal: 'DEMO0001', required: false }))
    t.match(await macOf('DEMO0001'), { mac: 'aes-cmac', required: 0 })
    for (const safe of safes) for (const file of await readdir(safe)) await rm(join(safe, file))
    await room((open) => createKey(open, jan, { ...task('DEMO0001', 'mac'), ...made({ replaces: true }) }))
    t.equal((await keysOf('DEMO0001')).length, 2)
    await both((open, who) => removeKey(open, who, task('DEMO0001', 'mac')))
    t.same(await keysOf('DEMO0001'), [])
    t.match(await macOf('DEMO0001'), { mac: 'none' })
  },
)

void t.test('dual control: what weakens a terminal is done when two people ask for it', async (t) => {
  const optional = (actor: typeof jan, at = Date.now()) =>
    inHomeOffice(home, (open) =>
      setMacPolicy({ ...open, clock: () => at }, actor, { terminal: 'DEMO0003', required: false }),
    )
  t.same(await optional(jan), { waits: true })
  t.match(await macOf('DEMO0003'), { required: 1 }, 'nothing is changed')
  t.match(await optional(jan), { refused: 'own_request' }, 'the same person again')
  await room((open) => setMacPolicy(open, ola, { terminal: 'DEMO0003', required: true }))
  t.same(await optional(ola), { waits: true }, 'the contrary ended it')
  t.same(await optional(jan, Date.now() + 25 * HOUR), { waits: true }, 'a word of yesterday is over')
  t.same(await optional(ola, Date.now() + 26 * HOUR), { waits: false, result: true })
  t.match(await macOf('DEMO0003'), { required: 0 })
  await room((open) => setMacPolicy(open, jan, { terminal: 'DEMO0003', required: true }))

  const remove = (actor: typeof jan) => inHomeOffice(home, (open) => removeKey(open, actor, task('DEMO0003', 'mac')))
  t.same(await remove(jan), { waits: true })
  t.match(await remove(jan), { refused: 'own_request' })
  t.match(await keysOf('DEMO0003'), [{ purpose: 'kbpk' }, { purpose: 'mac' }], 'it is there')
  const [asked] = await room((open) => listKeyChanges(open, jan, { terminal: 'DEMO0003', most: 1 }))
  t.match(asked, { who: 'jan', action: 'asked', note: 'remove mac' })
})

void t.test('a key comes in sittings: each person gives one component, and nobody two', async (t) => {
  const one = { hex: '0123456789ABCDEFFEDCBA9876543210', checkValue: '08D7B4' }
  const two = { hex: '133457799BBCDFF10E329232EA6D0D73', checkValue: '5227A2' }
  const key = secretKey('tdes', withOddParity(xor(Buffer.from(one.hex, 'hex'), Buffer.from(two.hex, 'hex'))))
  const begins = { algorithm: 'tdes', components: 2, checkValue: checkValueOf(key), replaces: false } as const
  const give = (actor: typeof jan, component: typeof one, first: typeof begins | null = null, at = Date.now()) =>
    inHomeOffice(home, (open) =>
      giveComponent({ ...open, clock: () => at }, actor, { ...task('DEMO0004', 'bdk'), component, begins: first }),
    )
  t.match(await give(jan, one), { refused: 'no_import_begun' })
  t.match(await give(jan, { ...one, checkValue: '08D7B5' }, begins), { refused: 'wrong_components' })
  t.match(await give(jan, one, begins), { checkValue: null, given: 1, of: 2 })
  t.match(await give(jan, two), { refused: 'own_component' }, 'split knowledge')
  t.match(await give(ola, two, begins), { refused: 'import_begun' })
  const connection = await openConnection(access, { multipleStatements: false })
  const [kept] = await connection.query('SELECT LOWER(HEX(wrapped)) AS wrapped FROM key_import_components')
  t.equal((kept as unknown[]).length, 1)
  t.notMatch(JSON.stringify(kept), one.hex.toLowerCase(), 'sealed')

  t.match(await give(ola, two, null, Date.now() + 25 * HOUR), { refused: 'no_import_begun' }, 'bounded in time')
  await room((open) => abandonImport(open, ola, task('DEMO0004', 'bdk')))
  t.match(await give(ola, two), { refused: 'no_import_begun' })

  t.match(await give(jan, one, begins), { given: 1 })
  t.match(await give(ola, one), { refused: 'wrong_components' }, 'the same component twice makes a weak key')
  t.same(await give(ola, two), { checkValue: begins.checkValue })
  t.match(await keysOf('DEMO0004'), [{ purpose: 'bdk', checkValue: begins.checkValue }])
  const [left] = await connection.query('SELECT * FROM key_imports')
  t.same(left, [], 'nothing is kept of the components')
  await connection.end()
  const [change] = await room((open) => listKeyChanges(open, jan, { terminal: 'DEMO0004', most: 1 }))
  t.match(change, { who: 'ola', action: 'imported', note: 'from jan, ola' })
  await both((open, who) => removeKey(open, who, task('DEMO0004', 'bdk')))
})

void t.test('a component leaves encrypted to its custodian', async (t) => {
  const identities = [await generateX25519Identity(), await generateX25519Identity()]
  const pgp = await generateKey({ type: 'ecc', userIDs: [{ name: 'Ola' }], format: 'armored' })
  const keys = [...(await Promise.all(identities.map((identity) => identityToRecipient(identity)))), pgp.publicKey]
  const files = await Promise.all(
    keys.map(async (text, i) => {
      const file = join(home, `custodian-${i}`)
      await writeFile(file, text)
      return file
    }),
  )
  const named = files.map((publicKeyFile) => ({ into: home, publicKeyFile }))
  const input = { ...task('DEMO0004', 'bdk'), ...made({ algorithm: 'tdes', custodians: named }) }
  const { checkValue, files: written } = await room((open) => createKey(open, jan, input))
  t.match(written, [/component-1-of-3\.txt\.age$/, /component-2-of-3\.txt\.age$/, /component-3-of-3\.txt\.asc$/])
  const lines: string[] = []
  for (const [i, identity] of identities.entries()) {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    lines.push(await decrypter.decrypt(await readFile(written[i] ?? ''), 'text'))
  }
  const message = await readMessage({ armoredMessage: await readFile(written[2] ?? '', 'utf8') })
  const decryptionKeys = await readPrivateKey({ armoredKey: pgp.privateKey })
  lines.push(String((await decrypt({ message, decryptionKeys })).data))
  const parts = lines.map((line) => {
    const [hex = '', own = ''] = line.trim().split(' ')
    return { bytes: Buffer.from(hex, 'hex'), checkValue: own }
  })
  t.match(combineComponents('tdes', parts, checkValue), { kind: 'key', checkValue })
  const twice = { custodians: [named[0], named[0]].filter((one) => one !== undefined) }
  await t.rejects(
    room((open) => createKey(open, jan, { ...input, ...twice, replaces: true })),
    { message: /in common/ },
  )
  const wrong = {
    custodians: [named[0], { into: home, publicKeyFile: join(home, 'secrets.json') }].filter(
      (one) => one !== undefined,
    ),
  }
  await t.rejects(
    room((open) => createKey(open, jan, { ...input, ...wrong, replaces: true })),
    { message: /no public key/ },
  )
  await both((open, who) => removeKey(open, who, task('DEMO0004', 'bdk')))
  for (const file of [...files, ...written]) await rm(file)
})

void t.test('what is refused, and nothing is left of it', async (t) => {
  const before = [await room((open) => listKeys(open, jan, { terminal: null })), (await readdir(home)).toSorted()]
  const rows: readonly (readonly [task: KeyTask, how: Partial<NewKey>, said: RegExp])[] = [
    [task('NOSUCH01', 'mac'), {}, /^there is no terminal NOSUCH01$/],
    [task('DEMO0003', 'mac'), {}, /^terminal DEMO0003 has a mac key already, check value 7AD386C376$/],
    [task('DEMO0010', 'kbpk'), { replaces: true }, /^terminal DEMO0010 has no kbpk key to replace$/],
    [task('DEMO0003', 'bdk'), { algorithm: 'tdes', bytes: 24 }, /^a bdk key of tdes has 16 bytes, not 24$/],
    [task('DEMO0010', 'kbpk'), { algorithm: 'tdes' }, /^terminal DEMO0010: a kbpk key \(tdes, 16 bytes\) protects no mac key \(aes, 16 bytes\)/],
    [task('DEMO0008', 'kbpk'), { replaces: true, bytes: 16 }, /a kbpk key \(aes, 16 bytes\) protects no mac key \(aes, 32 bytes\)/],
    [task('DEMO0004', 'kbpk'), {}, /^terminal DEMO0004 has no MAC yet: give --algorithm tdes or aes$/],
    [task('DEMO0003', 'bdk'), { custodians: [...custodians(1), { into: join(home, 'nowhere'), publicKeyFile: null }] }, /^there is no directory .*nowhere$/],
    [task('DEMO0003', 'bdk'), { custodians: custodians(1) }, /^a key has 2 or 3 components, each for another custodian; 1 were named/],
    [task('DEMO0003', 'bdk'), { custodians: [...custodians(1), ...custodians(1)] }, /^two custodians have .* in common: one person would have both components$/],
  ] // prettier-ignore
  for (const [asked, how, message] of rows) {
    await t.rejects(
      room((open) => createKey(open, jan, { ...asked, ...made(how) })),
      { message },
      String(message),
    )
  }
  await t.rejects(
    room((open) => removeKey(open, jan, task('DEMO0003', 'bdk'))),
    { message: /has no bdk key$/ },
  )
  await t.rejects(
    room((open) => setMacPolicy(open, jan, { terminal: 'DEMO0004', required: true })),
    { message: /^terminal DEMO0004 has no MAC$/ },
  )

  const good = { hex: '0123456789ABCDEFFEDCBA9876543210', checkValue: '08D7B4' }
  const other = { hex: '133457799BBCDFF10E329232EA6D0D73', checkValue: '5227A2' }
  const typed: readonly (readonly [components: (typeof good)[], checkValue: string, refusal: RegExp])[] = [
    [[good], '08D7B4', /^a key has 2 or 3 components$/],
    [[good, { ...other, checkValue: '5227A3' }], '000000', /^the check value of component 2 is another one$/],
    [[good, other], '000000', /^the check value of the whole key is another one$/],
    [[good, good], '000000', /weak/],
    [[good, { ...other, hex: other.hex.slice(2) }], '000000', /^component 2 has not the length/],
  ]
  for (const [components, checkValue, refusal] of typed) {
    const input = { ...task('DEMO0004', 'bdk'), algorithm: 'tdes', replaces: false } as const
    const load = room((open) => importKey(open, jan, { ...input, given: { components, checkValue } }))
    await t.rejects(load, { message: refusal }, String(refusal))
  }
  t.same([await room((open) => listKeys(open, jan, { terminal: null })), (await readdir(home)).toSorted()], before)
})

void t.test('a sheet of components that cannot be read names its line, never what is in it', async (t) => {
  const rows: readonly (readonly [content: string, said: RegExp])[] = [
    ['', /sheet: no components$/],
    ['0123 4567 89\nAB', /sheet:1: a component and its check value/],
    ['\n# x\n0123\nAB', /sheet:3: a component/],
    ['0123 ABCDEF\n0123456789ABCDEFFEDCBA9876543210', /sheet:2: the check value of the whole key is expected last$/],
    ['0123 ABCDEF\nXY', /sheet:2: the check value/],
  ]
  const sheet = join(home, 'sheet')
  for (const [content, said] of rows) {
    await writeFile(sheet, content)
    const error = await readComponents(sheet).catch((problem: unknown) => problem)
    t.ok(error instanceof UsageError)
    t.match((error as Error).message, said)
    t.notMatch((error as Error).message, /0123|4567|ABCDEF/)
  }
  await t.rejects(readComponents(join(home, 'nowhere')), { message: /nowhere: can't be read$/ })
})

void t.test('the master key is changed beside a process that goes on with the same keys', async (t) => {
  const before = beside.macKeysOf('DEMO0003').map(({ bytes }) => bytes.toString('hex'))
  const [first] = await masterList()
  const added = await add()
  t.equal((await stat(files.mastersFile)).mode & 0o777, 0o600)
  t.match(await masterList(), [{ id: added, from: MASTERS_FILE, keys: 0 }, { id: first?.id }])
  const total = (await room((open) => listKeys(open, jan, { terminal: null }))).length
  const done: number[] = []
  // As on a server of Akart's; that of the tests keeps tables together.
  await withServer('SET GLOBAL innodb_file_per_table = ON')
  const fileBefore = await fileOfKeys()
  const rotated = await room((open) => rotateMaster(open, jan, { file, progress: (keys) => done.push(keys) }))
  const position = { name: /^Innodb_(?:lsn_current|redo_log_current_lsn)$/ }
  t.match(rotated, { master: added, keys: total, oldLogs: { position } })
  t.type(fileBefore, 'number')
  t.not(await fileOfKeys(), fileBefore, 'what the old seals left is gone with the file that they were in')
  t.match(await masterList(), [
    { id: added, keys: total },
    { id: first?.id, keys: 0 },
  ])
  t.equal(masters.newest().id, added, 'the process beside wraps new keys by it too')
  await beside.reread('DEMO0003')
  t.same(
    beside.macKeysOf('DEMO0003').map(({ bytes }) => bytes.toString('hex')),
    before,
  )

  // Begun and not ended, as by a kill: a newer one is there that wraps nothing. The next run takes that one.
  const second = await add()
  t.same(await remove(), [], 'the newest is kept, and what wraps keys')
  t.match(await room((open) => rotateMaster(open, jan, { file, progress: () => {} })), { master: second, keys: total })
  t.same(await remove(), [added])
  t.match(await masterList(), [{ id: second, keys: total }, { keys: 0 }])
  const third = await room((open) => rotateMaster(open, jan, { file, progress: () => {} }))
  t.not(third.master, second, 'where all are under the newest, a new one is made')
  t.same(await mastersOnRecord(), [
    { action: 'masters.add', id: added },
    { action: 'masters.add', id: second },
    { action: 'masters.remove', id: added },
    { action: 'masters.add', id: third.master },
  ])

  await chmod(files.mastersFile, 0o640)
  await t.rejects(masterList(), { message: /terminal-masters\.json: others can read it; run chmod 600 on it$/ })
  await chmod(files.mastersFile, 0o600)
  await writeFile(files.mastersFile, '{"masters": ["00"]}')
  await t.rejects(masterList(), { message: /masters, entry 1, must be 32 bytes in hexadecimal$/ })
  await writeFile(files.mastersFile, 'zebra')
  await t.rejects(masterList(), { message: /not a JSON object with a list masters$/ })
})

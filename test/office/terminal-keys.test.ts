import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
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

/* What the commands of `akart keys` do, on a demo in a real database, beside a process that has its keys in memory. */

const home = await mkdtemp(join(tmpdir(), 'akart-key-commands-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const access = await testDatabase(t)
process.env['AKART_DATABASE_URL'] = toUrl(access)
const files = { secretsFile: join(home, SECRETS_FILE), mastersFile: join(home, MASTERS_FILE) }
const { masters } = await prepareInstallation(access, files, Date.now())
await everyChangeIsAudited(t, access)
const beside = await openKeyCache(access, masters, (error) => void t.error(error))
t.teardown(beside.stop)

const jan = person('jan')
const file = masterFileOf(home)
const room = <T>(work: (office: Office) => Promise<T>) => ok(inHomeOffice(home, work))
const task = (terminal: string, purpose: KeyTask['purpose']): KeyTask => ({ terminal, purpose })
const made = (more: Partial<NewKey> = {}): NewKey => ({
  algorithm: null, bytes: null, components: 2, into: home, replaces: false, ...more,
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

/** Which file the keys are in: a table that is written anew has another one. */
async function fileOfKeys(): Promise<unknown> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query('SELECT space FROM information_schema.innodb_sys_tables WHERE name = ?', [
    `${access.database}/terminal_keys`,
  ])
  await connection.end()
  return (rows as { space: unknown }[])[0]?.space
}

void t.test('a key is made for several people and loaded by what they were given', async (t) => {
  await room((open) => removeKey(open, jan, task('DEMO0002', 'kbpk')))
  const { checkValue, files } = await room((open) =>
    createKey(open, jan, { ...task('DEMO0002', 'kbpk'), ...made({ components: 3, bytes: 24 }) }),
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
  await room((open) => removeKey(open, jan, task('DEMO0002', 'kbpk')))
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
    await room((open) => setMacPolicy(open, jan, { terminal: 'DEMO0001', required: false }))
    t.match(await macOf('DEMO0001'), { mac: 'aes-cmac', required: 0 })
    for (const file of await readdir(home)) if (file.startsWith('DEMO0001-mac')) await rm(join(home, file))
    await room((open) => createKey(open, jan, { ...task('DEMO0001', 'mac'), ...made({ replaces: true }) }))
    t.equal((await keysOf('DEMO0001')).length, 2)
    await room((open) => removeKey(open, jan, task('DEMO0001', 'mac')))
    t.same(await keysOf('DEMO0001'), [])
    t.match(await macOf('DEMO0001'), { mac: 'none' })
  },
)

void t.test('what is refused, and nothing is left of it', async (t) => {
  const before = [await room((open) => listKeys(open, jan, { terminal: null })), (await readdir(home)).toSorted()]
  const rows: readonly (readonly [task: KeyTask, how: Partial<NewKey>, said: RegExp])[] = [
    [task('NOSUCH01', 'mac'), {}, /^there is no terminal NOSUCH01$/],
    [task('DEMO0003', 'mac'), {}, /^terminal DEMO0003 has a mac key already, check value 7AD386C376$/],
    [task('DEMO0010', 'kbpk'), { replaces: true }, /^terminal DEMO0010 has no kbpk key to replace$/],
    [task('DEMO0003', 'bdk'), { algorithm: 'tdes', bytes: 24 }, /^a bdk key of tdes has 16 bytes, not 24$/],
    [task('DEMO0010', 'kbpk'), { algorithm: 'tdes' }, /^terminal DEMO0010: a kbpk key \(tdes, 16 bytes\) protects no mac key \(aes, 16 bytes\)/],
    [task('DEMO0008', 'kbpk'), { replaces: true, bytes: 16 }, /a kbpk key \(aes, 16 bytes\) protects no mac key \(aes, 32 bytes\)/],
    [task('DEMO0004', 'kbpk'), {}, /^terminal DEMO0004 has no MAC yet: say --algorithm tdes or aes$/],
    [task('DEMO0003', 'bdk'), { into: join(home, 'nowhere') }, /component-1-of-2\.txt: can't be made \(ENOENT\)$/],
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
    const wish = { ...task('DEMO0004', 'bdk'), algorithm: 'tdes', replaces: false } as const
    const load = room((open) => importKey(open, jan, { ...wish, given: { components, checkValue } }))
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
  const fileBefore = await fileOfKeys()
  const rotated = await room((open) => rotateMaster(open, jan, { file, progress: (keys) => done.push(keys) }))
  t.match(rotated, { master: added, keys: total, behind: { position: { name: 'Innodb_lsn_current' } } })
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

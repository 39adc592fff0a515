import t from 'tap'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import type { RowDataPacket } from 'mysql2/promise'
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp'
import { exportIssue as exportIt, type ExportAsk } from '../../src/office/export-issue.ts'
import { beginExport, finishExport } from '../../src/office/exports.ts'
import { printedCards } from '../../src/office/printed-cards.ts'
import { readMaker } from '../../src/office/maker-layouts.ts'
import { isEan13 } from '../../src/cards/barcode.ts'
import { isEcode } from '../../src/cards/ecode.ts'
import { ecodeHash } from '../../src/cards/hash.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { generation } from '../../src/jobs/generation.ts'
import { takeOne } from '../../src/jobs/runner.ts'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { GENERATION, orderGeneration } from '../../src/office/generation-order.ts'
import { activateIssue, createIssue } from '../../src/office/issues.ts'
import { fieldsOf, swiped } from '../cards/magnetic.ts'
import { testDatabase } from '../database.ts'
import { issueOf } from '../jobs/issues.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const access = await testDatabase(t)
await seedDemo(access, Date.now())
const home = await mkdtemp(join(tmpdir(), 'akart-export-'))
await mkdir(join(home, 'makers'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const many = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0]
const fileOf = (name: string): string => join(home, name)
const office = await testOffice(t, access, { keys, home })
await everyChangeIsAudited(t, access, connection)
const anna = person('anna')
type Ask = Omit<ExportAsk, 'issue'> & { readonly who: string }
const exportIssue = (issue: string, { who, ...asked }: Ask) => ok(exportIt(office, person(who), { issue, ...asked }))
const ask = (maker: string, file: string, more: Partial<Ask> = {}): Ask => ({
  maker,
  file: fileOf(file),
  who: 'anna',
  reason: null,
  newEcodes: false,
  progress: () => undefined,
  ...more,
})

async function made(more: Record<string, string>): Promise<void> {
  await ok(createIssue(office, anna, issueOf(more)))
  await ok(orderGeneration(office, anna, { issue: more['code'] ?? '' }))
  const kinds = { [GENERATION]: generation(() => keys) }
  await takeOne({ access, kinds, trouble: (what) => t.fail(what) }, null, new AbortController().signal)
}

await made({ code: 'ALL', prefix: '629912', count: '2100', barcode: 'ean13', validUntil: '2031-03-15' })

type Line = Record<
  'serial' | 'number' | 'formatted' | 'track1' | 'track2' | 'barcode' | 'ecode' | 'expiry' | 'pack',
  string
>
const csvOf = (bytes: Buffer): Line[] => parse(bytes, { columns: true })

t.test('a CSV with everything, read as its maker reads it', async (t) => {
  await writeFile(
    fileOf('makers/lrc.yaml'),
    (await readFile('config/makers/csv.yaml', 'utf8')).replace('tracks: sentinels', 'tracks: lrc'),
  )
  const progress: number[] = []
  const facts = await exportIssue('ALL', ask('lrc', 'all.csv', { progress: (done) => progress.push(done) }))
  const bytes = await readFile(fileOf('all.csv'))
  t.same(facts, { cards: 2_100, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
  t.equal(await readFile(fileOf('all.csv.sha256'), 'utf8'), `${facts.sha256}  all.csv\n`)
  t.equal((await stat(fileOf('all.csv'))).mode & 0o777, 0o600)
  t.same(progress, [1_000, 2_000, 2_100])

  const lines = csvOf(bytes)
  t.equal(lines.length, 2_100)
  for (const column of ['number', 'track1', 'track2', 'barcode', 'ecode'] as const) {
    t.equal(new Set(lines.map((line) => line[column])).size, 2_100, `every ${column} is another one`)
  }
  for (const [i, line] of lines.entries()) {
    const wanted = { number: line.number, expiry: '3103', service: '722' }
    const [one, two] = [fieldsOf(1, swiped(1, line.track1)), fieldsOf(2, swiped(2, line.track2))]
    const isRight =
      line.serial === String(i + 1) &&
      [one, two].every(
        (track) => track.number === wanted.number && track.expiry === wanted.expiry && track.service === wanted.service,
      ) &&
      one.rest === two.rest &&
      /^00\d{8}$/u.test(one.rest) &&
      line.formatted.replaceAll(' ', '') === line.number &&
      line.formatted.length === 19 &&
      isEan13(line.barcode) &&
      line.barcode.startsWith('29') &&
      isEcode(line.ecode) &&
      line.expiry === '03/31'
    if (!isRight) t.fail(`line ${i + 2}: ${Object.keys(line).join()}`)
  }
  const [card] = await many(
    "SELECT c.ecode_hash FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'ALL' AND c.serial = 7",
  )
  t.same(card?.['ecode_hash'], ecodeHash(keys, lines[6]?.ecode ?? ''))
  t.match(await many("SELECT state, ecode_seed FROM issues WHERE code = 'ALL'"), [
    { state: 'exported', ecode_seed: null },
  ])
  t.match(await many('SELECT * FROM exports'), [
    { maker: 'lrc', who: 'anna', reason: null, file_name: 'all.csv', encrypted_to: null, ecodes: 1, cards: 2_100, bytes: bytes.length, sha256: facts.sha256 },
  ]) // prettier-ignore
})

t.test('another export', async (t) => {
  const refused = (file: string, more: Partial<Ask>, message: RegExp) =>
    t.rejects(exportIssue('ALL', ask('csv', file, more)), { message })
  await refused('all.csv', { reason: 'again' }, /all\.csv already exists/)
  await refused('again.csv', {}, /was exported by anna at \d+ \w+ 20\d\d, \d\d:\d\d: another export needs a reason/)
  await refused(
    'again.csv',
    { reason: 'lost' },
    /eCodes of issue ALL were shown by export \d+ and cannot be shown again/,
  )
  t.same(
    (await readdir(home)).filter((name) => name.startsWith('again')),
    [],
  )

  await writeFile(fileOf('makers/numbers.yaml'), 'format: csv\nheader: true\nlineEnd: lf\ncolumns: [serial, number]\n')
  await exportIssue('ALL', ask('numbers', 'numbers.csv', { reason: 'the maker lost it' }))
  const first = csvOf(await readFile(fileOf('all.csv')))
  t.same(
    csvOf(await readFile(fileOf('numbers.csv'))),
    first.map(({ serial, number }) => ({ serial, number })),
    'without eCodes',
  )

  await exportIssue('ALL', ask('csv', 'new.csv', { reason: 'never came', newEcodes: true, who: 'jan' }))
  const renewed = csvOf(await readFile(fileOf('new.csv')))
  t.same(
    renewed.map(({ number, barcode }) => [number, barcode]),
    first.map(({ number, barcode }) => [number, barcode]),
  )
  t.ok(
    renewed.every(({ ecode }, i) => ecode !== first[i]?.ecode),
    'every eCode is another one',
  )
  const kept = await many(
    "SELECT c.ecode_hash AS h FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'ALL' ORDER BY serial",
  )
  t.ok(
    kept.every((row, i) => ecodeHash(keys, renewed[i]?.ecode ?? '').equals(row['h'] as Buffer)),
    'and it counts',
  )
  t.match(await many('SELECT who, reason FROM exports ORDER BY id'), [
    { reason: null },
    { reason: 'the maker lost it' },
    { who: 'jan', reason: 'never came' },
  ])
  await ok(activateIssue(office, person('jan'), { issue: 'ALL' }))
  await refused(
    'late.csv',
    { reason: 'x', newEcodes: true },
    /issue ALL is activated: new eCodes can only be made before/,
  )
})

t.test('fixed width, encrypted to an OpenPGP key', async (t) => {
  await made({ code: 'PGP', prefix: '62991301', count: '1001', length: '19' })
  const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: 'Maker' }], type: 'ecc', format: 'armored' })
  const block = publicKey.replaceAll(/^/gm, '  ')
  await writeFile(
    fileOf('makers/pgp.yaml'),
    `${(await readFile('config/makers/fixed-width.yaml', 'utf8')).replace('encryption: none', 'encryption: openpgp')}publicKey: |\n${block}\n`,
  )
  const { cards } = await exportIssue('PGP', ask('pgp', 'pgp.gpg'))
  t.equal(cards, 1_001)
  const message = await readMessage({ binaryMessage: await readFile(fileOf('pgp.gpg')) })
  const opened = (await decrypt({
    message,
    decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
    format: 'binary',
  })) as unknown as { readonly data: Uint8Array }
  const lines = Buffer.from(opened.data).toString('latin1').split('\r\n')
  t.equal(lines.pop(), '')
  t.equal(lines.length, 1_001)
  for (const [i, line] of lines.entries()) {
    const number = line.slice(8, 27)
    const [one, two] = [line.slice(50, 129).trimEnd(), line.slice(129, 169).trimEnd()]
    const isRight =
      line.length === 220 &&
      line.startsWith(String(i + 1).padStart(8, '0')) &&
      number.startsWith('62991301') &&
      fieldsOf(1, swiped(1, one)).number === number &&
      fieldsOf(2, swiped(2, two)).number === number &&
      fieldsOf(2, swiped(2, two)).expiry === '4912' &&
      line.slice(169, 188) === number &&
      line.slice(188, 207).length === 19
    if (!isRight) t.fail(`line ${i + 1}`)
  }
  t.match(await many("SELECT encrypted_to FROM exports WHERE maker = 'pgp'"), [{ encrypted_to: /^[0-9A-F]{40,64}$/ }])
})

t.test(
  'encrypted with age; one that breaks off stays on record and shows its eCodes when it comes again',
  async (t) => {
    await made({ code: 'AGE', prefix: '629914', count: '1500' })
    const identity = await generateIdentity()
    const csv = await readFile('config/makers/csv.yaml', 'utf8')
    await writeFile(
      fileOf('makers/age.yaml'),
      `${csv.replace('encryption: none', 'encryption: age')}publicKey: ${await identityToRecipient(identity)}\n`,
    )
    const breaks = ask('age', 'age.age', { progress: () => { throw new Error('the disk is full') } }) // prettier-ignore
    await t.rejects(exportIssue('AGE', breaks), { message: 'the disk is full' })
    t.same(
      (await readdir(home)).filter((name) => name.startsWith('age.age')),
      [],
      'nothing is left of it',
    )
    t.match(await many("SELECT ended_at, sha256 FROM exports WHERE maker = 'age'"), [{ ended_at: null, sha256: null }])
    t.match(await many("SELECT state FROM issues WHERE code = 'AGE'"), [{ state: 'generated' }])

    await exportIssue('AGE', ask('age', 'age.age'))
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const lines = csvOf(Buffer.from(await decrypter.decrypt(await readFile(fileOf('age.age')))))
    t.equal(lines.length, 1_500)
    t.ok(lines.every(({ barcode, number, expiry, pack }) => barcode === number && expiry === '' && pack === ''))
    t.match(await many("SELECT state FROM issues WHERE code = 'AGE'"), [{ state: 'exported' }])
  },
)

t.test('new eCodes that break off half way: not activated until the next file shows all of them', async (t) => {
  await made({ code: 'HALF', prefix: '629917', count: '1500' })
  await exportIssue('HALF', ask('csv', 'half-old.csv'))
  const breaks = (done: number): void => {
    if (done === 1_000) throw new Error('the reader left')
  }
  const renewing = ask('csv', 'half.csv', { reason: 'lost', newEcodes: true, progress: breaks })
  await t.rejects(exportIssue('HALF', renewing), { message: 'the reader left' })
  const activated = () => ok(activateIssue(office, person('jan'), { issue: 'HALF' }))
  await t.rejects(activated(), { message: /a file with new eCodes broke off/ })
  await exportIssue('HALF', ask('csv', 'half.csv', { reason: 'again' }))
  const kept = await many(
    "SELECT c.ecode_hash AS h FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'HALF' ORDER BY serial",
  )
  const lines = csvOf(await readFile(fileOf('half.csv')))
  t.equal(lines.length, 1_500)
  t.ok(
    kept.every((row, i) => ecodeHash(keys, lines[i]?.ecode ?? '').equals(row['h'] as Buffer)),
    'all of the file count',
  )
  await activated()
})

t.test('a stalled download with new eCodes undoes nothing of the one that was whole meanwhile', async (t) => {
  await made({ code: 'STALL', prefix: '629918', count: '1500' })
  const input = { code: 'STALL', maker: 'csv', reason: null, fileName: 'a', encryptedTo: null, ecodes: 'new', tracks: true } as const // prettier-ignore
  const order = await ok(beginExport(office, anna, input))
  const parts = { db: office.db, keys, ...order, serials: { first: 1, last: 1_500 } }
  const stalled = printedCards(parts)
  t.equal((await stalled.next()).done, false)
  await exportIssue('STALL', ask('csv', 'stall.csv', { newEcodes: true }))
  await t.rejects(stalled.next(), { message: /another export has ended, or is making new eCodes/ })
  const facts = { cards: 1_500, bytes: 1, sha256: '0'.repeat(64) }
  await t.rejects(ok(finishExport(office, anna, order, input, facts)), {
    message: /another export has shown its eCodes/,
  })
  const kept = await many(
    "SELECT c.ecode_hash AS h FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'STALL' ORDER BY serial",
  )
  const lines = csvOf(await readFile(fileOf('stall.csv')))
  t.ok(kept.every((row, i) => ecodeHash(keys, lines[i]?.ecode ?? '').equals(row['h'] as Buffer)))
})

t.test('what is refused', async (t) => {
  await made({ code: 'SCAN', prefix: '629915', count: '10', medium: 'barcode', ecodes: 'no', payByNumber: 'yes' })
  await ok(createIssue(office, anna, issueOf({ code: 'DRAFT', prefix: '629916' })))
  const refused = (code: string, maker: string, message: RegExp) =>
    t.rejects(exportIssue(code, ask(maker, 'no.csv')), { message })
  await refused('DRAFT', 'csv', /issue DRAFT is draft: there are no cards to export/)
  await refused('SCAN', 'csv', /maker csv has columns of tracks, and the medium of issue SCAN is barcode/)
  await writeFile(fileOf('makers/codes.yaml'), 'format: csv\ncolumns: [number, ecode]\n')
  await refused('SCAN', 'codes', /maker codes has a column ecode, and issue SCAN has no eCodes/)
  await refused('SCAN', 'nobody', /there is no maker nobody/)
  await refused('SCAN', '../x', /the name of a maker is that of its file/)
  await connection.query(
    "UPDATE cards SET number_hash = x'00112233445566778899aabbccddeeff' WHERE serial = 5 AND issue_id = (SELECT id FROM issues WHERE code = 'SCAN')",
  )
  await refused('SCAN', 'numbers', /issue SCAN, serial 5: its number is not the one that it is found by/)

  const rows: [string, RegExp][] = [
    ['format: xml\ncolumns: [number]', /bad\.yaml:1: format must be one of "csv", "fixed"; it is "xml"/],
    ['format: csv\ncolumns: [number, pin]', /bad\.yaml:2: columns\[1\]\.column must be one of .*; it is "pin"/],
    ['format: fixed\ncolumns:\n  - number', /bad\.yaml:3: columns\[0\] needs a width/],
    ['format: csv\ncolumns: [number]\nencryption: age', /publicKey and encryption belong together/],
    [
      'format: csv\ncolumns: [number]\nholder: Gift card',
      /bad\.yaml:3: holder must be 2 to 26 of track 1's characters; it is "Gift card"/,
    ],
    ['format: csv\ncolour: red\ncolumns: [number]', /bad\.yaml:2: colour is not a setting/],
    ['format: csv\ncolumns: [number', /bad\.yaml:\d: /],
  ]
  for (const [text, message] of rows) {
    await writeFile(fileOf('makers/bad.yaml'), text)
    await t.rejects(ok(readMaker(office, 'bad')), { message }, text)
  }
  await writeFile(
    fileOf('makers/key.yaml'),
    'format: csv\ncolumns: [number]\nencryption: age\npublicKey: age1nonsense\n',
  )
  await refused('SCAN', 'key', /maker key: publicKey is no age key to encrypt to/)
})

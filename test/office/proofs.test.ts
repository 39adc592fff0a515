import t from 'tap'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { RowDataPacket } from 'mysql2/promise'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { proofIssue } from '../../src/office/proofs.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { numbersAt } from '../../src/cards/number-space.ts'
import { generation } from '../../src/jobs/generation.ts'
import { takeOne } from '../../src/jobs/runner.ts'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { GENERATION, orderGeneration } from '../../src/office/generation-order.ts'
import { createIssue } from '../../src/office/issues.ts'
import { testDatabase } from '../database.ts'
import { issueOf } from '../jobs/issues.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const access = await testDatabase(t)
await seedDemo(access, Date.now())
const office = await testOffice(t, access, { keys })
const anna = person('anna')
const home = await mkdtemp(join(tmpdir(), 'akart-proofs-'))
t.teardown(() => rm(home, { recursive: true, force: true }))
const connection = await openConnection(access, { multipleStatements: false })
await everyChangeIsAudited(t, access, connection)
t.teardown(() => connection.end())

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
prepareZXingModule({ overrides: { wasmBinary: (await readFile(wasm)).buffer as ArrayBuffer } })

/** Format and text of every barcode in a PDF, sorted, as a scanner reads them from the file. */
async function scanned(pdf: Buffer): Promise<string[]> {
  const text = pdf.toString('latin1')
  const found: string[] = []
  for (const match of text.matchAll(/\/Subtype \/Image(.*?)>>\s*stream\r?\n/gsu)) {
    const [, dictionary = ''] = match
    const value = (name: string): number => Number(new RegExp(`/${name} (\\d+)`, 'u').exec(dictionary)?.[1])
    if (!dictionary.includes('/DeviceRGB')) continue // a mask
    const [width, height] = [value('Width'), value('Height')]
    const rgb = inflateSync(
      pdf.subarray(match.index + match[0].length, match.index + match[0].length + value('Length')),
    )
    t.equal(rgb.length, width * height * 3, 'three bytes a pixel')
    const data = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let i = 0; i < width * height; i++) data.set(rgb.subarray(i * 3, i * 3 + 3), i * 4)
    const [read] = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as never)
    found.push(`${read?.format} ${read?.text}`)
  }
  return found.map((read) => read.replace('-', '')).sort()
}

const FORMATS = [
  { barcode: 'code128', prefix: '629912', format: 'Code128' },
  { barcode: 'ean13', prefix: '629913', format: 'EAN13' },
  { barcode: 'qr', prefix: '629914', format: 'QRCode' },
] as const

t.test('barcodes are read back from the sheet', async (t) => {
  for (const { barcode, prefix, format } of FORMATS) {
    const code = barcode.toUpperCase()
    await ok(createIssue(office, anna, issueOf({ code, prefix, barcode, name: 'Święta z żółtą gęsią', count: '30' })))
    await ok(orderGeneration(office, anna, { issue: code }))
    const kinds = { [GENERATION]: generation(() => keys) }
    await takeOne({ access, kinds, trouble: (what) => t.fail(what) }, null, new AbortController().signal)
    const file = join(home, `${code}.pdf`)
    const facts = await ok(proofIssue(office, anna, { issue: code, file, serials: { first: 3, last: 27 } }))
    const pdf = await readFile(file)
    t.match(facts, { cards: 25, bytes: pdf.length })
    const space = barcode === 'ean13' ? { length: 13, prefix: '29' } : { length: 16, prefix }
    const wanted = numbersAt(keys, space, 'scrambled', { first: 3, count: 25 }).map((number) => `${format} ${number}`)
    t.same(await scanned(pdf), wanted.sort(), barcode)
    t.match(pdf.toString('latin1'), /DejaVuSans/u, 'a font that has Polish letters')
  }
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT maker, who, first_serial, last_serial, cards FROM exports',
  )
  t.match(rows, Array.from({ length: 3 }, () => ({ maker: 'proofs', who: 'anna', first_serial: 3, last_serial: 27, cards: 25 }))) // prettier-ignore
})

t.test('what is refused', async (t) => {
  const refused = (code: string, name: string, last: number, message: RegExp) =>
    t.rejects(ok(proofIssue(office, anna, { issue: code, file: join(home, name), serials: { first: 1, last } })), { message }) // prettier-ignore
  await refused('QR', 'QR.pdf', 2, /QR\.pdf already exists/)
  await refused('QR', 'new.pdf', 31, /issue QR has serials 1 to 30/)
  await refused('NONE', 'new.pdf', 2, /there is no issue NONE/)
})

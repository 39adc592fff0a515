import { PROFILE_TEXTS } from '../iso8583/profiles.ts'
import t from 'tap'
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { CHARACTER_SETS, type CharacterSet, LANGUAGES } from '../../src/core/registry.ts'
import { OPERATIONS } from '../../src/core/operations.ts'
import { NOT_STORED, RESULTS } from '../../src/core/result.ts'
import { NO_TOTAL, TOTAL_NAMES } from '../../src/core/totals.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { mac, type MacAlgorithm } from '../../src/iso8583/mac.ts'
import { MALFORMED } from '../../src/iso8583/malformed.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import { isRequest, responseMti } from '../../src/iso8583/mti.ts'
import { pack } from '../../src/iso8583/pack.ts'
import { BLOCK_CONDITIONS } from '../../src/messages/block-condition.ts'
import { MESSAGE_KINDS } from '../../src/messages/kinds.ts'
import { type CardReader, readPresented } from '../../src/messages/presented.ts'
import { PROCESSING_CODES } from '../../src/messages/processing-code.ts'
import { readMessage } from '../../src/messages/read.ts'
import { RESPONSE_CODES } from '../../src/messages/response-code.ts'
import { TEXTS } from '../../src/messages/texts.ts'
import { TOTALS_DE, writeTotals } from '../../src/messages/totals.ts'
import { NETWORK_PURPOSES } from '../../src/switch/network.ts'
import { operations } from '../../simulators/terminal/operations.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { differences, NONE, ROOT, type Row, tableOf, textOf } from './markdown.ts'

const PAGE = 'docs/protocol.md'
const page = textOf(PAGE)
const compare = (columns: readonly string[], beside: readonly string[], code: readonly Row[]): string[] =>
  differences(PAGE, columns, tableOf(page, [...columns, ...beside]), code)

const NOW = Date.UTC(2026, 10, 22)
const numbers = (list: readonly number[]): string => (list.length === 0 ? NONE : list.join(' '))

const named = (number: string) => ({ numberHash: number, otherHash: null, newestKey: 1, luhn: true, shown: number })

/** Accepts everything: only the mandatory fields are tested here. */
const READER: CardReader = {
  stripe: (_track, number) => ({ number, expiry: '4912', version: 0, genuine: true }),
  number: named,
  barcode: named,
  ecodeHash: (ecode) => ecode,
}

/** Sample values of mandatory fields. */
const SAMPLE: Fields = { 7: '1122173005', 22: '012', 25: '41', 90: `02000000171122173005${'0'.repeat(22)}` }
const filled = (fields: readonly number[]): Fields => Object.fromEntries(fields.map((de) => [de, SAMPLE[de] ?? '1']))

/** The fields that are asked for one after the other until the message is read, of which `given` are there. */
function askedFor(mti: string, given: Fields): number[] {
  const missing = new Set<number>()
  for (;;) {
    const message: Message = { mti, fields: { ...given, ...filled([...missing]) } }
    const read = readMessage(message, READER, NOW)
    if (read.format !== 'error') return [...missing].sort((a, b) => a - b)
    if (read.what !== 'missing' || missing.has(read.field)) throw new Error(`${mti}: F${read.field} ${read.what}`)
    missing.add(read.field)
  }
}

const kinds = Object.entries(MESSAGE_KINDS).map(([mti, kind]) => ({ mti, ...kind }))

t.test('messages, what they must carry and may ask for', async (t) => {
  const rows = kinds.map(({ mti, mandatory, operations: asked }) => ({
    request: mti,
    repeat: mti.slice(0, 3) + String(Number(mti[3]) + 1),
    response: responseMti(mti),
    mandatory: numbers([...mandatory].sort((a, b) => a - b)),
    operations: asked.length === 0 ? NONE : asked.join(', '),
  }))
  t.same(compare(['request', 'repeat', 'response', 'mandatory', 'operations'], [], rows), [])
  t.ok(rows.every(({ request, response }) => isRequest(request) && !isRequest(response)))
})

/** DE3 as our own terminals send it, by its first two digits. */
const sent = new Map(
  Object.values(operations).flatMap(({ code }) => (code === null ? [] : [[code.slice(0, 2), code] as const])),
)

t.test('processing codes and what they make mandatory', async (t) => {
  const rows = [...PROCESSING_CODES].map(([code, { operation }]) => {
    const [kind] = kinds.filter((one) => (one.operations as readonly string[]).includes(operation))
    if (kind === undefined) throw new Error(`no message asks for ${operation}`)
    const given = { ...filled([...kind.mandatory, 2]), 3: `${code}0000` }
    const also = (mti: string) => numbers(askedFor(mti, given))
    return { DE3: code, operation, 'our terminals send': sent.get(code) ?? NONE, 'also mandatory': also(kind.mti) }
  })
  t.same(compare(['DE3', 'operation', 'our terminals send', 'also mandatory'], ['on the card'], rows), [])
  const known = new Set(Object.keys(OPERATIONS))
  t.ok(rows.every(({ operation }) => known.has(operation)))
})

t.test('entry modes and the data that belong to them', async (t) => {
  const rows = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0')).flatMap((mode) => {
    const with62 = ([2, 35, 45] as const).flatMap((de) => {
      const presented = readPresented({ 22: `${mode}2`, 62: '1', ...filled([de]) }, READER, new Map())
      return 'format' in presented ? [] : [{ de, by: presented.by }]
    })
    const [first] = with62
    if (first === undefined) return []
    const without = readPresented({ 22: `${mode}2`, ...filled([first.de]) }, READER, new Map())
    const and = 'format' in without ? String(without.field) : NONE
    return [{ 'DE22, digits 1–2': mode, how: first.by, 'one of': numbers(with62.map(({ de }) => de)), and }]
  })
  t.same(compare(['DE22, digits 1–2', 'how', 'one of', 'and'], [], rows), [])
})

t.test('blocks, purposes of an 0800, totals', async (t) => {
  const blocks = Object.entries(BLOCK_CONDITIONS).map(([DE25, block]) => ({ DE25, block }))
  t.same(compare(['DE25', 'block'], [], blocks), [])

  const answered = [...NETWORK_PURPOSES.keys()].map((DE70) => ({ DE70 }))
  t.same(compare(['DE70'], ['purpose'], answered), [])

  const totals = TOTAL_NAMES.map((name) => {
    const fields: Fields = {}
    const none = { credits: NO_TOTAL, reversedCredits: NO_TOTAL, debits: NO_TOTAL, reversedDebits: NO_TOTAL }
    writeTotals(fields, { ...none, [name]: { number: 7, amount: 9 } })
    const with9 = (end: string) => TOTALS_DE.filter((de) => de !== 97 && Number(fields[de]) === Number(end)).join(' ')
    return { total: name, number: with9('7'), amount: with9('9') }
  })
  t.same(compare(['total', 'number', 'amount'], [], totals), [])
})

t.test('response codes, reasons and texts, in the order of the code', async (t) => {
  const columns = ['result', '39', '44', 'kept', '63, Polish', '63, English']
  const rows = RESULTS.map((result) => ({
    result,
    39: RESPONSE_CODES[result].code,
    44: result === 'format_error' ? 'Fnnn what' : (RESPONSE_CODES[result].reason ?? NONE),
    kept: NOT_STORED.has(result) ? 'no' : 'yes',
    '63, Polish': TEXTS[result]?.pl ?? NONE,
    '63, English': TEXTS[result]?.en ?? NONE,
  }))
  t.same(compare(columns, ['when'], rows), [])
  const order = tableOf(page, [...columns, 'when']).map(({ result }) => result)
  t.same(order, [...RESULTS], `${PAGE}: write the rows in the order of core/result.ts: it is the precedence`)
  for (const text of Object.values(MALFORMED)) t.ok(page.includes(`\`${text}\``), `${PAGE}: name the fault \`${text}\``)
})

t.test('profiles and data elements', async (t) => {
  const ENCODED = ['mti', 'bitmap', 'numeric', 'text', 'length', 'binary', 'track2'] as const
  const files = readdirSync(`${ROOT}config/iso8583`).filter((file) => file.endsWith('.yaml'))
  const profiles = files.map((file) =>
    parseProfile(readFileSync(`${ROOT}config/iso8583/${file}`, 'utf8'), file, PROFILE_TEXTS),
  )
  const rows = profiles.map(({ name, encodings }) => ({
    profile: name,
    ...Object.fromEntries(ENCODED.map((part) => [part, encodings[part]])),
  }))
  t.same(compare(['profile', ...ENCODED], [], rows), [])

  type Spec = { readonly content: string; readonly length: string }
  const { fields } = parse(textOf('config/iso8583/iso87-ascii.yaml')) as { fields: Record<string, Spec> }
  const elements = [...elementsOfCode()].sort((a, b) => a - b)
  const specs = elements.map((de) => ({
    DE: String(de),
    content: fields[de]?.content ?? 'in no profile',
    length: fields[de]?.length ?? 'in no profile',
  }))
  const written = tableOf(page, ['DE', 'what', 'content', 'length'])
  t.same(differences(PAGE, ['DE', 'content', 'length'], written, specs), [])
})

/** The elements that messages/ and switch/ name, by their tables and in their texts. */
function elementsOfCode(): ReadonlySet<number> {
  const elements = new Set<number>([...kinds.flatMap(({ mandatory }) => mandatory), ...TOTALS_DE])
  for (const room of ['src/messages', 'src/switch']) {
    for (const file of readdirSync(`${ROOT}${room}`).filter((name) => name.endsWith('.ts'))) {
      const text = textOf(`${room}/${file}`)
      for (const [, de] of text.matchAll(/\b(?:fields|asked)\[(\d+)\]/g)) elements.add(Number(de))
      // `[2, 35, 45] as const`, `64 | 128`: lists of elements.
      for (const [, list = ''] of text.matchAll(/\[((?:\d+, )+\d+)\] as const/g)) {
        for (const de of list.split(', ')) elements.add(Number(de))
      }
      for (const [, one, other] of text.matchAll(/: (\d+) \| (\d+) \{/g)) {
        elements.add(Number(one)).add(Number(other))
      }
    }
  }
  return elements
}

/** The words that a CHECK of a migration allows in a column. */
function allowedBy(file: string, constraint: string): string[] {
  const [, list = ''] =
    new RegExp(`CONSTRAINT ${constraint}\\s+CHECK \\(\\w+ IN \\(([^)]*)\\)`).exec(textOf(file)) ?? []
  return [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
}

t.test('character sets and languages of texts', async (t) => {
  const letters = Array.from('ąćęłńóśźż')
  const sent = (set: CharacterSet): string => {
    const answer: Message = { mti: '0210', fields: { 63: set === 'ascii' ? 'acelnoszz' : letters.join('') } }
    const bytes = pack(PROFILES['iso87-ascii'].textIn[set], answer)
    return (
      bytes
        .toString('hex', 4 + 8 + 3)
        .toUpperCase()
        .match(/../g) ?? []
    ).join(' ')
  }
  const rows = CHARACTER_SETS.map((set) => ({ 'character set': set, [letters.join(' ')]: sent(set) }))
  t.same(compare(['character set', letters.join(' ')], ['what'], rows), [])
  t.same(allowedBy('sql/0008_terminal_texts.up.sql', 'terminals_character_set'), CHARACTER_SETS)
  t.same(allowedBy('sql/0008_terminal_texts.up.sql', 'terminals_language'), LANGUAGES)
})

t.test('MACs and the keys that they take', async (t) => {
  const names = allowedBy('sql/0001_ledger.up.sql', 'terminals_mac')
  t.ok(names.length > 1, 'the table of terminals names the MACs')
  const takes = (name: string, size: number): boolean => {
    try {
      return mac(name as MacAlgorithm, Buffer.alloc(size), Buffer.from('text')).length === 8
    } catch {
      return false
    }
  }
  const rows = names.map((name) => ({
    mac: name,
    'key bytes': name === 'none' ? NONE : numbers([8, 16, 24, 32].filter((size) => takes(name, size))),
  }))
  const written = tableOf(page, ['mac', 'algorithm', 'key bytes'])
  t.same(differences(PAGE, ['mac', 'key bytes'], written, rows), [])
})

t.test('a table that differs is seen, and the message says what to write', async (t) => {
  const table = '| a | b |\n| - | - |\n| 1 | `x` |\n| 2 | y |\n'
  const written = tableOf(table, ['a', 'b'])
  t.same(written, [
    { a: '1', b: 'x' },
    { a: '2', b: 'y' },
  ])
  const found = (code: readonly Row[]) => differences('page', ['a', 'b'], written, code)
  t.same(found(written), [])
  t.same(found([...written, { a: '3', b: 'z' }]), ['page: add the row | 3 | z | to the table a | b'])
  t.same(found(written.slice(1)), ['page: remove the row | 1 | x | from the table a | b: the code has none'])
  t.same(found([{ a: '1', b: 'w' }, ...written.slice(1)]), ['page: 1, b: write "w" instead of "x"'])
  t.throws(() => tableOf(table, ['a', 'c']), /found 0/)
})

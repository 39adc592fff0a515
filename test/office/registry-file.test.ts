import t from 'tap'
import { isRefused, refused, refusalPhrase } from '../../src/office/refusal.ts'
import { type Imported, importLines, registryLines } from '../../src/office/registry-file.ts'
import {
  NEW,
  readNewStore,
  readNewTerminal,
  readStoreChange,
  readTerminalChange,
} from '../../src/office/registry-settings.ts'

/* Stores and terminals as people write them: codes, settings, and whole files of them. */

const said = (settings: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(settings))

t.test('what is not said', async (t) => {
  t.same(readNewStore(said({ store: '000000000000101', name: 'Łódź' })), {
    value: { code: '000000000000101', name: 'Łódź', currency: 985, timeZone: 'Europe/Warsaw', language: 'pl' },
  })
  t.same(readNewTerminal(said({ terminal: 'T1', store: 'S1', confirmation: '' })), {
    value: {
      code: 'T1',
      store: 'S1',
      confirmation: 'explicit',
      characterSet: 'ascii',
      language: 'store',
      unauthenticated: false,
    },
  })
  t.same(readStoreChange(said({ 'time-zone': 'Europe/London' })), { value: { timeZone: 'Europe/London' } })
  t.same(readTerminalChange(said({ state: 'inactive', 'character-set': 'cp852' })), {
    value: { state: 'inactive', characterSet: 'cp852' },
  })
})

const faultsOf = (read: object): string[] =>
  'faults' in read
    ? (read.faults as { setting: string; text: string }[]).map(({ setting, text }) => `${setting} ${text}`)
    : []

t.test('codes', async (t) => {
  const must = 'store must be 1 to 15 ASCII characters as in DE42, without blanks and commas; '
  const rows: [string, string | null][] = [
    ['S', null],
    ['~!#$%&()*+-./:;', null],
    ['000000000000001', null],
    ['', 'it is empty'],
    ['0000000000000001', 'it is 0000000000000001, which has 16'],
    ['SKLEP 1', 'it is "SKLEP 1", with " " in it'],
    ['A,B', 'it is "A,B", with "," in it'],
    ['ŁÓDŹ', 'it is "ŁÓDŹ", with "Ł" in it'],
    ['A\u0000', 'it is "A\\u0000", with "\\u0000" in it'],
    ['AKART', 'AKART is what Akart calls itself'],
  ]
  for (const [store, fault] of rows) {
    t.same(faultsOf(readNewStore(said({ store, name: 'x' }))), fault === null ? [] : [must + fault], store)
  }
  t.match(faultsOf(readNewTerminal(said({ terminal: 'TILL00001', store: 'S' }))), [/as in DE41.*which has 9$/])
  t.match(faultsOf(readNewTerminal(said({ terminal: 'TIMER', store: 'S' }))), [/what Akart calls itself$/])
})

t.test('every fault is named', async (t) => {
  t.same(faultsOf(readNewStore(said({ store: 'S', currency: 'PLN', 'time-zone': 'Mars/Olympus', language: 'de' }))), [
    'name is missing; it must be a name of up to 100 characters',
    'currency must be the three digits of ISO 4217, such as 985; it is PLN',
    'time-zone must be the name of a time zone, such as Europe/Warsaw; it is Mars/Olympus',
    'language must be one of pl, en; it is de',
  ])
  for (const zone of ['+02:00', '', 'Z'.repeat(41), 'Europe/Warsaw ']) {
    t.equal(faultsOf(readStoreChange(said({ 'time-zone': zone }))).length, 1, zone)
  }
  for (const name of ['', '   ', 'a\tb', 'a\u001b[2J', 'x'.repeat(101)]) {
    t.match(faultsOf(readStoreChange(said({ name }))), [/^name must be a name of up to 100 characters; it is "/])
  }
  t.same(faultsOf(readTerminalChange(said({ state: '' }))), ['state must be one of active, inactive; it is '])
})

const shape = { columns: Object.keys(NEW.terminal), needed: ['terminal', 'store'], read: readNewTerminal }
const given = (content: string) => registryLines({ name: 'tills.csv', content }, shape)
function read(content: string) {
  const lines = given(content)
  if (isRefused(lines)) throw new Error(refusalPhrase(lines, 'en'))
  return lines
}

t.test('a file', async (t) => {
  const { rows, faults } = read('\uFEFFStore;Terminal;confirmation\r\nS1;T1;next\r\n\r\n"S1";T2;\r\n')
  t.same(faults, [])
  t.match(rows, [
    { line: 2, value: { code: 'T1', store: 'S1', confirmation: 'next', language: 'store' } },
    { line: 4, value: { code: 'T2', store: 'S1', confirmation: 'explicit' } },
  ])
  const wrong = read('terminal,store,confirmation\nT1,S1,next\nT1,S2,next\nTILL 1,S1,maybe\nT2\nT3,S1,none\n')
  t.same(
    wrong.faults.map(({ line, text }) => `${line}: ${text.split('; ').at(-1) ?? ''}`),
    [
      '3: T1 is in line 2 too',
      '4: it is "TILL 1", with " " in it',
      '4: it is maybe',
      '5: has 1 cells, the first line 3',
    ],
  )
  t.same(wrong.rows.map(({ value }) => value.code), ['T1', 'T3']) // prettier-ignore
})

t.test('a file that cannot be read as a whole', async (t) => {
  const names =
    'the first line names the columns: terminal, store and, as needed, confirmation, character-set, language'
  const rows: [string, string][] = [
    ['', 'tills.csv: empty; the first line names the columns: terminal,store,confirmation,character-set,language'],
    ['terminal,store\n', 'tills.csv: nothing below the names of the columns'],
    ['terminal,shop\nT1,S1', `tills.csv:1: there is no column "shop"; ${names}`],
    ['terminal\nT1', `tills.csv:1: the column store is missing; ${names}`],
    ['terminal,store,store\nT1,S1,S1', `tills.csv:1: the column store is there twice; ${names}`],
    ['terminal,store\n"T1,S1', 'tills.csv:2: not CSV (CSV_QUOTE_NOT_CLOSED)'],
  ]
  for (const [text, message] of rows) t.throws(() => read(text), { message }, message)
})

t.test('all of a file or nothing of it', async (t) => {
  const good = 'terminal,store\nT1,S1\nT2,S1\n'
  const asked: [readonly string[], boolean][] = []
  const add = async (values: readonly { code: string }[], save: boolean) => {
    asked.push([values.map(({ code }) => code), save])
    return values.flatMap(({ code }) =>
      code === 'T2' ? [{ code, why: refused('terminal_there', { terminal: code, store: 'S1' }) }] : [],
    )
  }
  t.same(await importLines(read(good), false, add), {
    faults: [{ line: 3, text: 'T2 already exists, in store S1' }],
    count: 2,
  })
  await importLines(read(good), true, add)
  const mixed = (await importLines(read(`${good}T 3,S1\n`), false, add)) as Imported
  t.same(mixed.faults.map(({ line }) => line), [3, 4], 'what the database has against it, and the rest') // prettier-ignore
  t.same(asked, [[['T1', 'T2'], true], [['T1', 'T2'], false], [['T1', 'T2'], false]]) // prettier-ignore
  t.match(await importLines(read('terminal,store\n!,\n'), false, add), { faults: { length: 1 } })
  t.equal(asked.length, 3, 'nothing to ask the database about')
})

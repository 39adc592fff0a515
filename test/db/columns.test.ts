import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { storesForAudit } from '../../src/office/users.ts'
import { testDatabase } from '../database.ts'
import { TEXT_COLUMNS } from './text-columns.ts'

/* No text is ever longer than its column: each text column of the schema has a row in text-columns.ts that says why. */

type Column = { readonly name: string; readonly most: number; readonly words: string | null }

const access = await testDatabase(t)
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())
// Both asked once: with the constraints looked up for each column the server opens every table of every database each time.
const [bare] = (await connection.query<RowDataPacket[]>(
  `SELECT table_name AS tableName, column_name AS columnName, character_maximum_length AS most
   FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
   WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND character_maximum_length IS NOT NULL
   ORDER BY tableName, columnName`,
)) as unknown as [{ tableName: string; columnName: string; most: Column['most'] }[]]
// On MySQL the name of a CHECK is unique in its schema, and the table is in another view.
const ofMysql = `SELECT t.table_name AS tableName, c.check_clause AS clause FROM information_schema.check_constraints c
  JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) WHERE constraint_schema = DATABASE()`
const [checks] = (await connection
  .query<RowDataPacket[]>(
    'SELECT table_name AS tableName, check_clause AS clause FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()',
  )
  .catch(() => connection.query<RowDataPacket[]>(ofMysql))) as unknown as [{ tableName: string; clause: string }[]]
/** MySQL writes the words of a CHECK as `_ascii\'word\'`. */
const wordsOf = (tableName: string, columnName: string): string | null =>
  checks
    .find((one) => one.tableName === tableName && one.clause.toLowerCase().includes(`\`${columnName}\` in (`))
    ?.clause.replaceAll("\\'", "'") ?? null
const columns: Column[] = bare.map(({ tableName, columnName, most }) => ({
  name: `${tableName}.${columnName}`,
  most,
  words: wordsOf(tableName, columnName),
}))

const rows = new Map(
  TEXT_COLUMNS.flatMap(([source, longest, names]) =>
    names.split(/\s+/u).map((name) => [name, { source, longest }] as const),
  ),
)

void t.test('every text column says what bounds its texts, and holds the longest of them', async (t) => {
  t.ok(columns.length > 200, `${columns.length} columns`)
  for (const { name, most, words } of columns) {
    const row = rows.get(name)
    if (row === undefined) {
      if (words === null)
        t.fail(`${name} has no row in test/db/text-columns.ts: what bounds the text that goes into it?`)
      continue
    }
    if (!(row.longest > 0 && row.longest <= most)) t.fail(`${name} holds ${most}, ${row.source} allows ${row.longest}`)
  }
  const there = new Set(columns.map(({ name }) => name))
  t.same(
    [...rows.keys()].filter((name) => !there.has(name)),
    [],
    'no row about a column that is gone',
  )
})

void t.test('words of a list in a CHECK fit their column', async () => {
  for (const { name, most, words } of columns) {
    const list = new RegExp(`\`${name.split('.')[1] ?? ''}\` in \\(([^)]*)\\)`, 'u').exec(words ?? '')?.[1] ?? ''
    for (const [, word = ''] of list.matchAll(/'([^']*)'/gu)) {
      if (word.length > most) t.fail(`${name} holds ${most}, its list has ${word}`)
    }
  }
})

void t.test('a person with every store there can be fits into a row of the audit', (t) => {
  const codes = (count: number, length: number): string[] => Array.from({ length: count }, () => 'x'.repeat(length))
  const details = { grant: 2 ** 53, roles: codes(12, 40), ...storesForAudit(codes(500, 15)), state: 'disabled' }
  t.ok(JSON.stringify({ ...details, operatingSystemUser: 'x'.repeat(255) }).length <= 4_000)
  t.same(storesForAudit(['A', 'B']), { stores: ['A', 'B'] })
  t.end()
})

import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { openConnection, type Access } from '../src/db/access.ts'
import { migrate } from '../src/db/migrations.ts'
import { emptyDatabase } from './database.ts'
import { schemaCopy } from './schema-copy.ts'

/** Each table as it would be made, and its rows. */
async function contentOf(access: Access): Promise<Record<string, unknown>> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES')
  const content: Record<string, unknown> = {}
  for (const name of tables.map((row) => String(Object.values(row)[0]))) {
    const [[made]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE ??', [name])
    const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM ??', [name])
    content[name] = { made: String(made?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/u, ''), rows }
  }
  await connection.end()
  return content
}

t.test('a copied database is like the migrated one, and needs no migration', async (t) => {
  const migrated = await emptyDatabase(t)
  await migrate(migrated)
  const copy = await emptyDatabase(t)
  const connection = await openConnection(copy, { multipleStatements: true })
  await connection.query(await schemaCopy(migrated))
  await connection.end()
  const wanted = await contentOf(migrated)
  t.ok(Object.keys(wanted).length > 50, 'there are tables')
  t.same(await contentOf(copy), wanted)
  t.same(await migrate(copy), { applied: [] })
})

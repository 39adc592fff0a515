import type { RowDataPacket } from 'mysql2/promise'
import { openConnection, type Access } from '../src/db/access.ts'

/**
 * SQL that copies the migrated database at `access`, with its rows, into an empty database of the same server. Sent as one
 * packet it takes a tenth of the time of the migrations.
 */
export async function schemaCopy(access: Access): Promise<string> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [columns] = await connection.query<RowDataPacket[]>(
      `SELECT table_name AS name, column_name AS col, extra LIKE '%GENERATED%' AS made
       FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
      [access.database],
    )
    const tables = [...new Set(columns.map(({ name }) => String(name)))]
    const statements: string[] = []
    for (const table of tables) {
      const [[made]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE ??', [table])
      const [[filled]] = await connection.query<RowDataPacket[]>('SELECT EXISTS (SELECT 1 FROM ??) AS it', [table])
      statements.push(String(made?.['Create Table']))
      if (Number(filled?.['it']) === 0) continue
      const kept = columns.filter(({ name, made }) => name === table && Number(made) === 0)
      const list = kept.map(({ col }) => `\`${String(col)}\``).join(', ')
      statements.push(`INSERT INTO \`${table}\` (${list}) SELECT ${list} FROM \`${access.database}\`.\`${table}\``)
    }
    // Tables that refer to each other are made in the order of their names.
    return ['SET foreign_key_checks = 0', ...statements, 'SET foreign_key_checks = 1'].join(';\n')
  } finally {
    await connection.end()
  }
}

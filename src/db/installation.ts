import type { Access } from './access.ts'
import { openConnection } from './access.ts'
import { insertNumberKey, type NumberKeyRow } from './sql/number-keys.ts'

/** The purpose of this database and the card key that belongs to it; written once, with the first data. */
export type Installation = {
  readonly mark: 'demo' | 'production'
  readonly cardKey: string
  /** IANA name: the zone of what concerns no store. */
  readonly timeZone: string
}

/** Null: an empty, unmarked database. */
export async function readInstallation(access: Access): Promise<Installation | null> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query(
      'SELECT mark, card_key AS cardKey, time_zone AS timeZone FROM installation WHERE id = 1',
    )
    return (rows as Installation[])[0] ?? null
  } finally {
    await connection.end()
  }
}

export const insertInstallation = ({ mark, cardKey }: Omit<Installation, 'timeZone'>): [string, unknown[]] => [
  'INSERT INTO installation (id, mark, card_key, created_at) VALUES (1, ?, ?, UTC_TIMESTAMP(3))',
  [mark, cardKey],
]

/** Marks an empty database for production with the check values of its card key and of the key that numbers are kept under. */
export async function markProduction(access: Access, cardKey: string, numberKey: NumberKeyRow): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.beginTransaction()
    await connection.query(insertNumberKey(numberKey))
    await connection.query(...insertInstallation({ mark: 'production', cardKey }))
    await connection.commit()
  } finally {
    await connection.end()
  }
}

/** Stores the configured time zone for commands, which read no configuration. */
export async function setInstallationTimeZone(access: Access, timeZone: string): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.query('UPDATE installation SET time_zone = ? WHERE id = 1', [timeZone])
  } finally {
    await connection.end()
  }
}

import { assert } from '../core/assert.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Row } from '../db/sql/row.ts'

/** The SELECTs of one packet under names; null: this batch does not need it. */
export type Selects<Name extends string> = Readonly<Record<Name, string | null>>

/**
 * Sends SELECTs in one packet, in the order in which they are written, and gives the rows of each under its name.
 *
 * @param before a statement at the beginning of the packet that returns no rows: BEGIN
 */
export async function sendNamed<Name extends string>(
  connection: WorkerConnection,
  selects: Selects<Name>,
  before: readonly string[] = [],
): Promise<Readonly<Partial<Record<Name, readonly Row[]>>>> {
  const names: Name[] = []
  const statements: string[] = [...before]
  for (const name in selects) {
    const select = selects[name]
    if (select === null) continue
    names.push(name)
    statements.push(select)
  }
  const named: Partial<Record<Name, readonly Row[]>> = {}
  if (statements.length === 0) return named
  const results = await connection.send(statements.join(';'))
  assert(results.length === names.length, 'the database answers other than as many SELECTs as were sent')
  names.forEach((name, i) => {
    named[name] = results[i] ?? []
  })
  return named
}

import type { MigrationFile } from './migration-files.ts'
import { statementOf } from './sql-script.ts'

/** A CHECK, unique or foreign key that the migrations give a name, in lower case as MySQL compares names. */
export type NamedConstraint = { readonly table: string; readonly name: string }

const NAME = '`?(\\w+)`?'
const CREATE_TABLE = new RegExp(`^CREATE TABLE (?:IF NOT EXISTS )?${NAME}`, 'i')
const ALTER_TABLE = new RegExp(`^ALTER TABLE ${NAME}`, 'i')
const DROP_TABLE = new RegExp(`^DROP TABLE (?:IF EXISTS )?${NAME}`, 'i')
const CREATE_UNIQUE = new RegExp(`^CREATE UNIQUE INDEX (?:IF NOT EXISTS )?${NAME} ON ${NAME}`, 'i')
// CONSTRAINT also follows ADD and DROP; which of the two is the first group.
const CONSTRAINT = new RegExp(
  `(DROP )?CONSTRAINT (?:IF (?:NOT )?EXISTS )?(?!CHECK|UNIQUE|FOREIGN|PRIMARY)${NAME}`,
  'gi',
)
const UNIQUE = new RegExp(`(DROP )?UNIQUE (?:KEY|INDEX) (?:IF NOT EXISTS )?${NAME}`, 'gi')
const DROPPED = new RegExp(`DROP (?:CHECK|INDEX|KEY|FOREIGN KEY) (?:IF EXISTS )?${NAME}`, 'gi')

/**
 * The named constraints that a database has after these migrations, parsed from their text: those of created tables and
 * added ones, without dropped ones. Unnamed constraints cannot be checked, so name every constraint.
 */
export function expectedConstraints(files: readonly MigrationFile[]): NamedConstraint[] {
  const byTable = new Map<string, Set<string>>()
  for (const piece of files.flatMap((file) => file.pieces)) {
    const statement = plain(statementOf(piece))
    const dropped = DROP_TABLE.exec(statement)?.[1]
    if (dropped !== undefined) byTable.delete(dropped)
    const [, index, indexed] = CREATE_UNIQUE.exec(statement) ?? []
    if (index !== undefined && indexed !== undefined) namesOf(byTable, indexed).add(index)
    const table = (CREATE_TABLE.exec(statement) ?? ALTER_TABLE.exec(statement))?.[1]
    if (table !== undefined) change(namesOf(byTable, table), statement)
  }
  return [...byTable].flatMap(([table, names]) => [...names].map((name) => ({ table, name })))
}

function change(names: Set<string>, statement: string): void {
  for (const [, drop, name] of [...statement.matchAll(CONSTRAINT), ...statement.matchAll(UNIQUE)]) {
    if (drop === undefined && name !== undefined) names.add(name)
    if (drop !== undefined && name !== undefined) names.delete(name)
  }
  for (const [, name] of statement.matchAll(DROPPED)) if (name !== undefined) names.delete(name)
}

/** One space between words, no text literals (they may hold any word), lower case. */
function plain(statement: string): string {
  return statement
    .replace(/'(?:[^'\\]|\\[\s\S]|'')*'/g, "''")
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

function namesOf(byTable: Map<string, Set<string>>, table: string): Set<string> {
  const names = byTable.get(table) ?? new Set<string>()
  byTable.set(table, names)
  return names
}

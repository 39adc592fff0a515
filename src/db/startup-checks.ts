import type { Connection, RowDataPacket } from 'mysql2/promise'
import { openConnection, type Access } from './access.ts'
import { expectedConstraints } from './expected-constraints.ts'
import { readMigrationFiles, SQL_DIRECTORY } from './migration-files.ts'
import { migrationState } from './migrations.ts'
import { selectWriter } from './sql/writer.ts'
import { rowsOf } from './writer.ts'

/** The server's variables by name, in lower case, as a session of ours sees them. */
export type Variables = ReadonlyMap<string, string>

type Requirement = {
  /** Names of the variable, newest first: servers know one of them. */
  readonly variable: readonly [string, ...string[]]
  readonly wanted: string
  readonly holds: (value: string) => boolean
  /** Asked only where this holds. */
  readonly where?: (variables: Variables) => boolean
}

const isOn = (value: string): boolean => value === 'ON' || value === '1'

/** Of a Galera cluster. */
const isNode = (variables: Variables): boolean => isOn(variables.get('wsrep_on') ?? 'OFF')

/** "Checked at start" of docs/spec/reliability.md, and the switches that would turn checked keys off. */
const REQUIREMENTS: readonly Requirement[] = [
  {
    variable: ['transaction_isolation', 'tx_isolation'],
    wanted: 'READ-COMMITTED',
    holds: (value) => value === 'READ-COMMITTED',
  },
  { variable: ['innodb_flush_log_at_trx_commit'], wanted: '1', holds: (value) => value === '1' },
  {
    variable: ['sync_binlog'],
    wanted: '1, since there is a binlog',
    holds: (value) => value === '1',
    where: (variables) => isOn(variables.get('log_bin') ?? 'OFF'),
  },
  { variable: ['innodb_rollback_on_timeout'], wanted: 'ON (settable only when the server starts)', holds: isOn },
  { variable: ['innodb_lock_wait_timeout'], wanted: '1 to 3 s', holds: (value) => /^[123]$/.test(value) },
  {
    variable: ['sql_mode'],
    wanted: 'one with STRICT_ALL_TABLES or STRICT_TRANS_TABLES',
    holds: (value) => /(^|,)STRICT_(ALL|TRANS)_TABLES(,|$)/.test(value),
  },
  {
    variable: ['check_constraint_checks'],
    wanted: 'ON',
    holds: isOn,
    where: (variables) => variables.has('check_constraint_checks'), // MariaDB only
  },
  {
    variable: ['idle_transaction_timeout'],
    wanted: '1 to 5 s',
    holds: (value) => /^[1-5]$/.test(value),
    where: (variables) => variables.has('idle_transaction_timeout'), // MariaDB only
  },
  {
    variable: ['innodb_autoinc_lock_mode'],
    wanted: '2 on a node of a cluster',
    holds: (value) => value === '2',
    where: isNode,
  },
  {
    variable: ['binlog_format'],
    wanted: 'ROW on a node of a cluster',
    holds: (value) => value === 'ROW',
    where: isNode,
  },
  { variable: ['foreign_key_checks'], wanted: 'ON', holds: isOn },
  { variable: ['unique_checks'], wanted: 'ON', holds: isOn },
]

/**
 * The reasons, one line each, why Akart must not serve with this database; none: it may. The connection is opened like
 * all others, so that the checked settings are those that they get.
 */
export async function startupChecks(access: Access, directory = SQL_DIRECTORY): Promise<string[]> {
  const { pending, wrong } = await migrationState(access, directory)
  const files = await readMigrationFiles(directory)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const applied = files.filter(({ name }) => !pending.includes(name))
    const present = await presentConstraints(connection)
    const variables = await readVariables(connection)
    return [
      ...violatedSettings(variables),
      ...(access.cluster === undefined && isNode(variables) && pending.length === 0
        ? await otherWriter(connection)
        : []),
      ...wrong,
      ...pending.map((name) => `migration ${name} is not applied`),
      ...expectedConstraints(applied)
        .filter(({ table, name }) => !present.has(`${table}.${name}`))
        .map(({ table, name }) => `constraint ${name} of table ${table} is missing or not enforced`),
    ]
  } finally {
    await connection.end()
  }
}

/** Settings with a wrong value: variable, required value, actual value. */
export function violatedSettings(variables: Variables): string[] {
  return REQUIREMENTS.filter(({ where }) => where?.(variables) ?? true).flatMap(({ variable, wanted, holds }) => {
    const name = variable.find((candidate) => variables.has(candidate)) ?? variable[0]
    const value = variables.get(name)
    if (value === undefined) return [`${name} must be ${wanted}; this server does not have it`]
    return holds(value) ? [] : [`${name} must be ${wanted}; it is ${value === '' ? 'empty' : value}`]
  })
}

/** A process that knows one node only would write there while others write to the writer. */
async function otherWriter(connection: Connection): Promise<string[]> {
  const [[writer = '', , here] = []] = await rowsOf(connection, selectWriter)
  if (writer === '' || writer === here) return []
  return [`this node is ${String(here)}, and ${String(writer)} is written to: name all nodes in AKART_DATABASE_URL`]
}

async function readVariables(connection: Connection): Promise<Variables> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW VARIABLES')
  return new Map(rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]))
}

/** `table.constraint` of all enforced constraints. MySQL can have unenforced CHECKs: see ENFORCED. */
async function presentConstraints(connection: Connection): Promise<ReadonlySet<string>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT * FROM information_schema.table_constraints WHERE table_schema = DATABASE()',
  )
  return new Set(
    rows
      .filter((row) => row['ENFORCED'] !== 'NO')
      .map((row) => `${String(row['TABLE_NAME'])}.${String(row['CONSTRAINT_NAME'])}`.toLowerCase()),
  )
}

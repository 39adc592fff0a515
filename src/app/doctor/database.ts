import type { Connection, RowDataPacket } from 'mysql2/promise'
import { askNode, openConnection, placeOf, type Access } from '../../db/access.ts'
import { migrationState } from '../../db/migrations.ts'
import { startupChecks } from '../../db/startup-checks.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

/** ms by which the clocks of database and machine may differ; a message's date may be 30 days off, a log's not at all. */
const CLOCK_APART_MS = 2_000

const TABLES = /^GRANT (?:ALL PRIVILEGES|[^']*\b(?:CREATE|ALTER|DROP)\b(?! USER| ROLE))/u

/** Checks the database: faults with which Akart does not start, and warnings about what an operator should change. */
export async function databaseFindings(access: Access): Promise<Finding[]> {
  const { pending, wrong } = await migrationState(access)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    return [
      ok('database', `${placeOf(access)}: ${await oneText(connection, 'SELECT VERSION()')}`),
      ...wrong.map((text) => fail('migrations', text, 'use the version that made the database, or a newer one')),
      pending.length === 0
        ? ok('migrations', 'the tables are of this version')
        : warn('migrations', `${pending.length} to be applied, the first ${pending[0]}`, 'akart database migrate'),
      ...(pending.length === 0 ? await settingFindings(access) : []),
      await clockFinding(connection),
      ...(await clusterFindings(access)),
      await rightsFinding(connection, access),
      ...(await zoneFindings(connection, pending.length === 0)),
    ]
  } finally {
    await connection.end()
  }
}

async function settingFindings(access: Access): Promise<Finding[]> {
  const faults = await startupChecks(access)
  if (faults.length === 0) return [ok('settings', 'all that the money depends on')]
  return faults.map((text) => fail('settings', text, 'see config/my.cnf and docs/database.md'))
}

/** The nodes that the URL names: which one is the writer, and which could replace it. */
async function clusterFindings(access: Access): Promise<Finding[]> {
  const nodes = access.cluster?.nodes ?? []
  const writer = access.cluster?.current()
  return Promise.all(
    nodes.map(async ({ host, port }) => {
      const name = `${host}:${port}`
      if (host === writer?.host && port === writer.port) return ok('cluster', `${name} is written to`)
      try {
        const { isWritable } = await askNode(access, { host, port })
        return isWritable
          ? ok('cluster', `${name} could be written to`)
          : warn('cluster', `${name} takes no writes`, 'let it join the cluster: docs/scaling.md')
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return warn('cluster', `${name} does not answer: ${why}`, 'start it, or look at the network: docs/scaling.md')
      }
    }),
  )
}

export async function clockFinding(connection: Connection): Promise<Finding> {
  const before = Date.now()
  const theirs = Number(await oneText(connection, 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)'))
  const apart = Math.round(Math.max(before - theirs, theirs - Date.now(), 0))
  return apart <= CLOCK_APART_MS
    ? ok('clock', 'machine and database agree')
    : warn('clock', `machine and database are ${apart} ms apart`, 'let both follow the same time servers (chrony)')
}

export async function rightsFinding(
  connection: Connection,
  access: Pick<Access, 'user' | 'socketPath'>,
): Promise<Finding> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW GRANTS')
  const grants = rows.map((row) => String(Object.values(row)[0]))
  const mayChange = grants.some((grant) => TABLES.test(grant))
  if (!mayChange) return ok('rights', `user ${access.user} changes rows, not tables`)
  // A user who can open the socket of a private database is its root: only the mode of the directory protects it.
  if (access.socketPath !== null) return ok('rights', `user ${access.user} on a private socket`)
  return warn('rights', `user ${access.user} may change tables`, 'two users: akart database grants prints how')
}

/** Stores whose time zone this Node does not know (after a copy of the database to a machine with older zones). */
async function zoneFindings(connection: Connection, hasTables: boolean): Promise<Finding[]> {
  if (!hasTables) return []
  const [rows] = await connection.query<RowDataPacket[]>('SELECT DISTINCT time_zone FROM stores ORDER BY time_zone')
  const zones = rows.map((row) => String(row['time_zone']))
  const unknown = zones.filter((zone) => !isKnown(zone))
  if (unknown.length === 0) return [ok('time zones', `${zones.length} in use, all known`)]
  return unknown.map((zone) => fail('time zones', `${zone} is not known to this Node`, 'install a Node with full ICU'))
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0)
    return true
  } catch {
    return false
  }
}

async function oneText(connection: Connection, sql: string): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(sql)
  return String(Object.values(rows[0] ?? {})[0])
}

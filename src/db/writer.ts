import type { Connection } from 'mysql2/promise'
import type { Socket } from 'node:net'
import type { DatabaseNode, NodeReport, Probe, WriterRecord } from './cluster.ts'
import { within } from './deadline.ts'
import { waitForOthers } from './sql/servers.ts'
import { claimWriter, reportOf, selectIdentity, selectWriter, showWritable, showWsrep } from './sql/writer.ts'

/** Opens a connection to one node, whether it is the writer or not. */
type OpenNode = (node: DatabaseNode) => Promise<{ readonly connection: Connection; readonly socket: Socket }>

/** ms for all that is asked of one node. */
const ASK_WITHIN_MS = 1_000
/** The claim waits while a cluster reconfigures itself; an earlier timeout would only cause a repetition. */
const CLAIM_WITHIN_MS = 4_000

/** Asks nodes over connections of their own, which end with the question. */
export const probeBy = (open: OpenNode): Probe => ({
  ask: (node) => onNode(open, node, ASK_WITHIN_MS, answered),
  claim: (node, identity, epoch) =>
    onNode(open, node, CLAIM_WITHIN_MS, async (connection) => {
      try {
        const [done] = await connection.query(claimWriter(identity, epoch))
        return (done as { readonly affectedRows?: number }).affectedRows === 1
      } catch (error) {
        if ((error as { errno?: unknown }).errno === CERTIFICATION) return false
        throw error
      }
    }),
})

async function onNode<T>(
  open: OpenNode,
  node: DatabaseNode,
  ms: number,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { connection, socket } = await open(node)
  connection.on('error', () => undefined) // the statement at work says so too
  try {
    return await within(ms, socket, work(connection))
  } finally {
    socket.destroy()
  }
}

/** Another process changed the record on another node in the same moment. */
const CERTIFICATION = 1213

const NO_TABLE: ReadonlySet<unknown> = new Set([1146, 1046])
/** The error of a node that is not a member of the primary component. */
const NOT_READY = 1047

/** A node's present state; its record may be a moment old, in which case its claim fails. */
async function answered(connection: Connection): Promise<NodeReport> {
  const variables = new Map([...(await pairs(connection, showWritable)), ...(await pairs(connection, showWsrep))])
  const { identity, record } = await recorded(connection)
  return reportOf(variables, identity, record)
}

/** The same once everything that others committed before is there. Servers without Galera skip the waiting. */
export async function report(connection: Connection): Promise<NodeReport> {
  await connection.query(waitForOthers(true))
  const report = await answered(connection)
  await connection.query(waitForOthers(false))
  return report
}

async function recorded(connection: Connection): Promise<{ identity: string; record: WriterRecord | null }> {
  try {
    const [[node, epoch, identity] = []] = await rowsOf(connection, selectWriter)
    return { identity: String(identity), record: { node: String(node), epoch: Number(epoch) } }
  } catch (error) {
    const { errno } = error as { errno?: unknown }
    if (errno === NOT_READY) return { identity: '', record: null }
    if (!NO_TABLE.has(errno)) throw error
    const [[identity] = []] = await rowsOf(connection, selectIdentity)
    return { identity: String(identity), record: null }
  }
}

async function pairs(connection: Connection, sql: string): Promise<readonly (readonly [string, string])[]> {
  const rows = await rowsOf(connection, sql)
  return rows.map(([name, value]) => [String(name).toLowerCase(), String(value)] as const)
}

type Scalar = string | number | null

/** Of a statement that gives scalars: each row as a list. */
export async function rowsOf(connection: Connection, sql: string): Promise<readonly (readonly Scalar[])[]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  return rows as unknown as readonly (readonly Scalar[])[]
}

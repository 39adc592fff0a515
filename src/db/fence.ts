import { isConnectionLost } from './connection-lost.ts'
import { NoWriter } from './cluster.ts'
import type { Row } from './sql/row.ts'
import { selectFence } from './sql/writer.ts'

/** Sends one packet and gives the rows of each statement that has rows. */
export type SendPacket = (sql: string) => Promise<readonly (readonly Row[])[]>

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/iu
const BEGIN = /^BEGIN\s*;?\s*/u
const COMMIT = /(?:^|;)\s*COMMIT$/u

/**
 * Sends a packet to a node of a cluster. A transaction begins with a check that this node is the writer, under a lock;
 * a write outside a transaction gets a transaction. COMMIT is a packet of its own: a cluster may end a transaction
 * between two statements of one packet, and the rest would run outside it.
 *
 * @param identity this node's name in the record of the writer
 * @throws NoWriter if another node is the writer; otherwise the server's error
 */
export async function sendFenced(send: SendPacket, identity: string, sql: string, begun: boolean) {
  const begins = BEGIN.test(sql)
  const rest = sql.replace(BEGIN, '')
  const body = rest.replace(COMMIT, '')
  const rows: (readonly Row[])[] = []
  const alone = !begins && !begun && WRITES.test(body)
  try {
    if (begins || alone) mustBeWriter(await send(`BEGIN;${selectFence}`), identity)
    if (body !== '') rows.push(...(await send(body)))
    if (alone || body !== rest) await commit(send, identity)
    return rows
  } catch (error) {
    // The caller sent no BEGIN and will send no ROLLBACK.
    if (alone && !isConnectionLost(error)) await send('ROLLBACK')
    throw error
  }
}

function mustBeWriter([found = []]: readonly (readonly Row[])[], identity: string): void {
  const [node, here] = found[0] ?? []
  if (node !== identity || here !== identity) throw new NoWriter([`${String(node)} is the writer, not ${identity}`])
}

/**
 * Where COMMIT fails and this node is still the writer in a cluster that works, the transaction was refused by certification
 * or ended for another one: it is rolled back, and the error stands. Where it is not, the others may have it all the same.
 */
async function commit(send: SendPacket, identity: string): Promise<void> {
  try {
    await send('COMMIT')
  } catch (error) {
    if (isConnectionLost(error)) throw error
    try {
      mustBeWriter(await send(selectFence), identity)
    } catch {
      throw new CommitUnknown(error)
    }
    throw error
  }
}

/** The caller treats it like a connection that was lost at COMMIT. */
class CommitUnknown extends Error {
  readonly code = 'PROTOCOL_CONNECTION_LOST'
  readonly fatal = true
  constructor(cause: unknown) {
    super('COMMIT failed on a node that left the cluster', { cause })
  }
}

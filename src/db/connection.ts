import { LOCK_WAIT_SECONDS, openOverSocket, type Access, type Opened } from './access.ts'
import { isConnectionLost, isNotWriter } from './connection-lost.ts'
import { within } from './deadline.ts'
import { sendFenced, type SendPacket } from './fence.ts'
import type { Row } from './sql/row.ts'

/**
 * One worker's connection to the database: opened when first needed, thrown away after any doubt. After an SQL
 * error the only way on is ROLLBACK, and where that fails a new connection (1205 then COMMIT commits half; after 1213
 * the next statement would commit by itself).
 */
export type WorkerConnection = {
  /**
   * Sends statements as one packet and returns the rows of each that has rows; throws the error of the server or the
   * connection.
   */
  readonly send: (sql: string) => Promise<readonly (readonly Row[])[]>
  readonly rollback: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The time limits of a connection's statements. */
export type Limits = {
  /**
   * ms for the answer to one packet. After that the connection is closed, and the caller has to find out whether the
   * statements took effect.
   */
  readonly answerWithin: number
  /** Seconds for which a statement waits for a row lock. */
  readonly lockWait: number
}

export const ORDINARY: Limits = { answerWithin: 4_000, lockWait: LOCK_WAIT_SECONDS }
/** A longer deadline, for packets that write or read much while no terminal waits for them. */
export const LONG: Limits = { ...ORDINARY, answerWithin: 30_000 }

export function workerConnection(access: Access, limits: Limits = ORDINARY): WorkerConnection {
  let open: Promise<Opened> | null = null
  /** Between BEGIN and COMMIT or ROLLBACK: what comes now belongs to the connection that began. */
  let begun = false

  const connect = (): Promise<Opened> => {
    const opening = openOverSocket(access, {
      multipleStatements: true,
      lockWait: limits.lockWait,
      openWithin: limits.answerWithin,
    }).then((opened) => {
      opened.connection.on('error', () => discard(opening)) // the next statement opens another one
      return opened
    })
    opening.catch(() => discard(opening))
    return opening
  }
  const discard = (which: Promise<Opened>): void => {
    if (open === which) open = null
  }

  return {
    async send(sql) {
      const begins = sql.startsWith('BEGIN')
      // On a new connection the rest of a transaction would run outside it, and commit by itself.
      if (begun && !begins && open === null) throw new LostInTransaction()
      begun ||= begins
      open ??= connect()
      const current = open
      const { connection, socket, node } = await current
      const sendPacket: SendPacket = async (packet) => {
        // null: without values the driver would look for placeholders in every text, 3 % of this process under load.
        const query = connection.query({ sql: packet, values: null, rowsAsArray: true })
        const [results] = await within(limits.answerWithin, socket, query)
        return rowsOf(results)
      }
      const identity = node?.identity ?? null
      try {
        const isInside = begun && !begins
        const rows = await (identity === null ? sendPacket(sql) : sendFenced(sendPacket, identity, sql, isInside))
        if (sql.endsWith('COMMIT')) begun = false
        return rows
      } catch (error) {
        if (isConnectionLost(error) || (node !== null && isNotWriter(error))) {
          discard(current)
          socket.destroy()
          if (node !== null) access.cluster?.doubt(node)
        }
        throw error
      }
    },
    async rollback() {
      begun = false
      const current = open
      if (current === null) return
      try {
        const { connection, socket } = await current
        await within(limits.answerWithin, socket, connection.query('ROLLBACK'))
      } catch {
        discard(current)
        await current.then(({ socket }) => socket.destroy()).catch(() => undefined) // it never opened: nothing to destroy
      }
    },
    async close() {
      const current = open
      open = null
      if (current === null) return
      await current
        .then(({ connection, socket }) => within(CLOSE_WITHIN_MS, socket, connection.end()))
        .catch(() => undefined) // ended already
    },
  }
}

const CLOSE_WITHIN_MS = 1_000

/** The connection went away between two packets of a transaction, of which nothing was committed. */
class LostInTransaction extends Error {
  readonly code = 'PROTOCOL_CONNECTION_LOST'
  readonly fatal = true
  constructor() {
    super('the connection was lost in the middle of a transaction')
  }
}

/** mysql2 gives one result for one statement and a list for several; statements without rows give a header object. */
function rowsOf(results: unknown): readonly (readonly Row[])[] {
  if (!Array.isArray(results)) return []
  const several: unknown[] = results
  const isList = several.length > 0 && several.every((r) => !Array.isArray(r) || r.length === 0 || Array.isArray(r[0]))
  const lists = isList ? several : [several]
  return lists.filter((list): list is readonly Row[] => Array.isArray(list))
}

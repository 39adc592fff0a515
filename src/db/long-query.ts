import type { Connection as CoreConnection } from 'mysql2'
import { openOverSocket, type Access } from './access.ts'
import { onConnection } from './unit-of-work.ts'
import { integer } from './sql/literal.ts'
import type { Row } from './sql/row.ts'

/** Thrown by a long statement that this process cancelled. */
export class QueryEnded extends Error {}

/**
 * The rows of one statement that may take minutes, in pieces, over a connection of its own: all of one instant, and no more
 * of them in memory than a piece. `signal` ends it in the database too.
 *
 * @throws QueryEnded once `signal` is set
 */
export async function* rowsInPieces(
  access: Access,
  sql: string,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly Row[]> {
  if (ended(signal)) throw new QueryEnded('ended before it began')
  const { connection, socket } = await openOverSocket(access, { multipleStatements: false })
  // A listener that is added after the abort is never called.
  if (ended(signal)) {
    socket.destroy()
    throw new QueryEnded('ended while its connection was opened')
  }
  const { connection: core } = connection as unknown as { readonly connection: CoreConnection }
  const { threadId } = core
  const stream = core.query({ sql, rowsAsArray: true }).stream({ highWaterMark: size })
  // The driver does not report a lost connection to the reader of a stream.
  const lost = (): void => void stream.destroy(new Error('the connection was lost'))
  const end = (): void => {
    stream.destroy(new QueryEnded('ended from here'))
    // The statement first: a connection that is only closed goes on until its next row is sent.
    void killQuery(access, threadId).finally(() => socket.destroy())
  }
  socket.once('close', lost)
  signal.addEventListener('abort', end, { once: true })
  try {
    let piece: Row[] = []
    for await (const row of stream) {
      piece.push(row as Row)
      if (piece.length < size) continue
      yield piece
      piece = []
    }
    if (piece.length > 0) yield piece
  } finally {
    signal.removeEventListener('abort', end)
    socket.removeListener('close', lost)
    if (!signal.aborted) socket.destroy()
  }
}

/** Asked of a signal that may have changed since it was asked last. */
const ended = ({ aborted }: AbortSignal): boolean => aborted

/** All rows of a long query. @throws QueryEnded */
export async function longQuery(access: Access, sql: string, signal: AbortSignal): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const piece of rowsInPieces(access, sql, { size: 500, signal })) rows.push(...piece)
  return rows
}

/** 1094: the statement has ended by itself in the meantime. */
async function killQuery(access: Access, thread: number): Promise<void> {
  await onConnection(access, (connection) => connection.send(`KILL QUERY ${integer(thread)}`)).catch(() => undefined)
}

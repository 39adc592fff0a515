import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import mysql, { type Connection } from 'mysql2/promise'
import { createDeframer, encodeFrame, type FrameSettings } from '../src/iso8583/frame.ts'

/*
 * `node routing-floor.js HOST:PORT SOCKET`, forked: the least that a switch between a client and a host could do. A
 * frame is journalled (one INSERT into one table, one commit for all that wait), sent on, its answer written under it
 * (one UPDATE, one commit) and passed back. Nothing is unpacked, looked up, decided or booked: what the machine gives to
 * this is what two durable steps leave of the host's own rate, whatever is built on them.
 */

const [address = '', socketPath = ''] = process.argv.slice(2)
const [host = '', port = ''] = address.split(':')
const FRAME: FrameSettings = { length: 'be2', tpdu: 'none', maxFrame: 4096 }
// As many as the engine has.
const WORKERS = 3
const BATCH_MAX = 64
// DE 11 of the bench's messages in iso87-ascii: after the MTI, 8 bytes of bitmap, DE 3, 4 and 7; in the answer too.
const STAN_FROM = 4 + 8 + 6 + 12 + 10
const STAN_TO = STAN_FROM + 6

type Passing = { readonly id: number; readonly stan: string; readonly request: Buffer; readonly from: Socket }
type Answered = { readonly passing: Passing; readonly answer: Buffer }

const journal: Passing[] = []
const settled: Answered[] = []
const atHost = new Map<string, Passing>()
let nextId = 0

const idle: Connection[] = []
for (let i = 0; i < WORKERS; i++) idle.push(await mysql.createConnection({ socketPath, user: 'root' }))
await idle[0]?.query('DROP DATABASE IF EXISTS floor')
await idle[0]?.query('CREATE DATABASE floor')
await idle[0]?.query(
  `CREATE TABLE floor.journal (
     id BIGINT NOT NULL PRIMARY KEY, stan CHAR(6) NOT NULL, request VARBINARY(4096) NOT NULL,
     answer VARBINARY(4096) NULL, UNIQUE KEY once (stan, id)
   ) ENGINE=InnoDB`,
)

const hex = (bytes: Buffer): string => `x'${bytes.toString('hex')}'`
const insert = (rows: readonly Passing[]): string =>
  `INSERT INTO floor.journal (id, stan, request) VALUES ${rows
    .map(({ id, stan, request }) => `(${id},'${stan}',${hex(request)})`)
    .join(',')}`
const update = (rows: readonly Answered[]): string => {
  const ids = rows.map(({ passing }) => passing.id).join(',')
  const answers = rows.map(({ answer }) => hex(answer)).join(',')
  return `UPDATE floor.journal SET answer = ELT(FIELD(id,${ids}),${answers}) WHERE id IN (${ids}) AND answer IS NULL`
}

let scheduled = false
function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    while (idle.length > 0 && settled.length + journal.length > 0) void work(idle.pop())
  })
}

async function work(connection: Connection | undefined): Promise<void> {
  if (connection === undefined) return
  // The longest waiting one first; each statement is a transaction of its own.
  if (settled.length > 0) {
    const batch = settled.splice(0, BATCH_MAX)
    await connection.query({ sql: update(batch), values: null })
    for (const { passing, answer } of batch) write(passing.from, answer)
  } else {
    const batch = journal.splice(0, BATCH_MAX)
    await connection.query({ sql: insert(batch), values: null })
    for (const passing of batch) {
      atHost.set(passing.stan, passing)
      write(upstream, passing.request)
    }
  }
  idle.push(connection)
  schedule()
}

/** One write per tick, as the switch does it. */
const unwritten = new Map<Socket, Buffer[]>()
function write(socket: Socket, body: Buffer): void {
  const frame = encodeFrame(FRAME, body, null)
  const waiting = unwritten.get(socket)
  if (waiting !== undefined) return void waiting.push(frame)
  const frames = [frame]
  unwritten.set(socket, frames)
  setImmediate(() => {
    unwritten.delete(socket)
    if (!socket.destroyed) socket.write(Buffer.concat(frames))
  })
}

const stanOf = (body: Buffer): string => body.toString('latin1', STAN_FROM, STAN_TO)

function bodiesOf(socket: Socket, take: (body: Buffer) => void): void {
  const deframer = createDeframer(FRAME)
  socket.on('data', (chunk: Buffer) => void deframer.push(chunk, take))
}

const upstream = connect({ host, port: Number(port), noDelay: true })
await once(upstream, 'connect')
bodiesOf(upstream, (answer) => {
  const passing = atHost.get(stanOf(answer))
  if (passing === undefined) return
  atHost.delete(passing.stan)
  settled.push({ passing, answer })
  schedule()
})

const server = createServer({ noDelay: true }, (from) => {
  from.on('error', () => from.destroy())
  bodiesOf(from, (request) => {
    journal.push({ id: nextId++, stan: stanOf(request), request, from })
    schedule()
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const at = server.address()
process.send?.(at !== null && typeof at === 'object' ? `127.0.0.1:${at.port}` : '')

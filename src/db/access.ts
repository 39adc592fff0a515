import { isIP, type Socket } from 'node:net'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise'
import { setUpError } from '../config/set-up-error.ts'
import { createCluster, NoWriter, type Cluster, type DatabaseNode, type NodeReport, type Probe } from './cluster.ts'
import { tlsFilesOf, tlsOptions, type TlsFiles } from './database-tls.ts'
import { openSocket, within } from './deadline.ts'
import { hostsOf } from './database-hosts.ts'
import { passwordOf } from './password-file.ts'
import { idleTransactionTimeout } from './sql/servers.ts'
import { probeBy, report } from './writer.ts'

/** The address and user of the database. `socketPath` wins over `host` and `port` if it is set. */
export type Access = {
  readonly socketPath: string | null
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Null: no TLS. */
  readonly tls: TlsFiles | null
  /** The cluster, if the URL names several hosts (`host` is the first one): it knows which node is written to. */
  readonly cluster?: Cluster
}

/** Refuses data that does not fit instead of cutting it; ALL_TABLES, so that this holds for every engine. */
export const SQL_MODE =
  'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

/** Seconds a statement may wait for a row lock (docs/spec/reliability.md: 3 at most). */
export const LOCK_WAIT_SECONDS = 3

const MYSQL_PORT = 3306

/** The query parameters of a database URL. */
export const URL_PARAMETERS = ['socket', 'passwordFile', 'tls', 'tlsCa', 'tlsCertificate', 'tlsKey'] as const

/**
 * Parses `mysql://user:password@host:3306/database?socket=/path`; user and password are percent-encoded where needed.
 * The password may come from a file (`passwordFile`). A server on another host is reached over TLS with a verified
 * certificate, unless `tls=off` is given. Several hosts, separated by commas, are the nodes of one cluster.
 *
 * @throws a set-up error that never repeats the text, because it contains the password
 */
export function parseDatabaseUrl(text: string): Access {
  const wanted = 'expected mysql://user:password@host:3306/database?socket=/path'
  mustBeEscaped(text)
  const { first, nodes } = hostsOf(text, MYSQL_PORT)
  if (!URL.canParse(first)) throw setUpError(`database URL (AKART_DATABASE_URL): not a URL; ${wanted}`)
  const url = new URL(first)
  if (url.protocol !== 'mysql:') throw setUpError(`database URL: scheme ${url.protocol}// is not known; ${wanted}`)
  const known: readonly string[] = URL_PARAMETERS
  const surplus = [...url.searchParams.keys()].filter((name) => !known.includes(name))
  if (surplus.length > 0) {
    throw setUpError(`database URL: parameter ${surplus.join(', ')} is not known; there are ${known.join(', ')}`)
  }
  const database = decoded(url.pathname.slice(1), 'database name')
  if (!/^\w{1,64}$/.test(database)) {
    throw setUpError(`database URL: the database name must be 1 to 64 letters, digits or underscores; ${wanted}`)
  }
  const socketPath = url.searchParams.get('socket')
  if (socketPath === null && url.hostname === '') throw setUpError(`database URL: no host and no socket; ${wanted}`)
  if (url.username === '') throw setUpError(`database URL: no user; ${wanted}`)
  if (socketPath !== null && nodes.length > 1) {
    throw setUpError('database URL: several hosts and a socket; leave one of them out')
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const tls = nodes.map((node) => tlsFilesOf(url.searchParams, { host: node.host, isLocal: isLoopback(node.host) }))
  return {
    socketPath,
    host,
    port: url.port === '' ? MYSQL_PORT : Number(url.port),
    user: decoded(url.username, 'user'),
    password: passwordOf(decoded(url.password, 'password'), url.searchParams.get('passwordFile')),
    database,
    ...(nodes.length > 1
      ? { tls: tls.find((files) => files !== null) ?? null, cluster: createCluster(nodes) }
      : { tls: tlsFilesOf(url.searchParams, { host, isLocal: socketPath !== null || isLoopback(host) }) }),
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Characters with a meaning in a URL, and how to write them in a password. */
const ESCAPED = { '@': '%40', '/': '%2F', '?': '%3F', '#': '%23', ' ': '%20' } as const

/** `user:p@ss/word@host` parses as a URL of another host, which would hide the real fault. */
function mustBeEscaped(text: string): void {
  const [, who = ''] = /^mysql:\/\/(.*)@[^@]*$/su.exec(text.replace(/\?socket=.*$/su, '')) ?? []
  const found = Object.entries(ESCAPED).filter(([character]) => who.includes(character))
  if (found.length === 0) return
  const how = found.map(([character, code]) => `${character === ' ' ? 'a space' : character} as ${code}`).join(', ')
  throw setUpError(`database URL: in user and password write ${how}`)
}

/** The inverse of {@link parseDatabaseUrl}. It holds the password: for the environment of a child, not for a log. */
export function toUrl(access: Access): string {
  const nodes = access.cluster?.nodes ?? [access]
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')
  const parameters = access.socketPath === null ? (access.tls ?? { tls: 'off' }) : { socket: access.socketPath }
  const shown = Object.entries({ ...(access.tls === null ? {} : { tls: 'on' }), ...parameters }).flatMap(
    ([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(value)}`]),
  )
  const who = `${encodeURIComponent(access.user)}:${encodeURIComponent(access.password)}`
  return `mysql://${who}@${hosts}/${access.database}${shown.length === 0 ? '' : `?${shown.join('&')}`}`
}

/** An {@link Access} as data, which passes to another thread: a cluster has functions and sockets of its own in each. */
export type AccessData = Omit<Access, 'cluster'> & { readonly nodes: readonly DatabaseNode[] | null }

export const dataOf = ({ cluster, ...access }: Access): AccessData => ({ ...access, nodes: cluster?.nodes ?? null })

/** The inverse of {@link dataOf}; the writer of a cluster is searched for anew. */
export const accessOf = ({ nodes, ...access }: AccessData): Access =>
  nodes === null ? access : { ...access, cluster: createCluster(nodes) }

/** Where the database is, for people: no user, no password. */
export function placeOf(access: Access): string {
  const nodes = access.cluster?.nodes ?? [access]
  return `${access.socketPath ?? nodes.map(({ host, port }) => `${host}:${port}`).join(',')}/${access.database}`
}

export type ConnectionNeeds = {
  /**
   * Whether one packet may contain several statements. Only for texts without foreign input, or with escaped scalars.
   */
  readonly multipleStatements: boolean
  /** Seconds for which a statement waits for a row lock; default {@link LOCK_WAIT_SECONDS}. */
  readonly lockWait?: number
  /** ms in which it has to be open and set; {@link OPEN_WITHIN_MS} at most. */
  readonly openWithin?: number
}

/**
 * The options of mysql2 for every connection: times are UTC and returned as text, integers above 2^53 are returned as
 * text instead of rounded, text is utf8mb4. An empty database name selects none. Session settings are not options of
 * the driver: run {@link SESSION} first, or use {@link openConnection}.
 */
export function connectionOptions(access: Access, needs: ConnectionNeeds): ConnectionOptions {
  return {
    ...(access.socketPath === null ? { host: access.host, port: access.port } : { socketPath: access.socketPath }),
    user: access.user,
    password: access.password,
    ...(access.database === '' ? {} : { database: access.database }),
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    charset: 'utf8mb4',
    connectTimeout: OPEN_WITHIN_MS,
    // Without it the driver captures a stack for each statement: 3 % of this process under load.
    trace: false,
    multipleStatements: needs.multipleStatements,
  }
}

/**
 * Seconds after which a transaction of an idle client is ended together with its connection, so that a frozen process
 * holds its row locks no longer.
 */
export const IDLE_TRANSACTION_SECONDS = 5

/** The settings of each session, whatever the server's defaults are. MySQL skips those that only MariaDB has. */
export const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION sql_mode = '${SQL_MODE}', innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, time_zone = '+00:00'
   ${idleTransactionTimeout(IDLE_TRANSACTION_SECONDS)}`,
] as const

/** ms in which a connection has to be open and set; with a statement's deadline it must stay below 10 s. */
const OPEN_WITHIN_MS = 3_000

/** A connection, and the socket that it runs over: destroying that ends it at once, whatever the server does. */
export type Opened = {
  readonly connection: Connection
  readonly socket: Socket
  /** In a cluster: the node and its identity in the writer's record; null before the table of that record exists. */
  readonly node: (DatabaseNode & { readonly identity: string | null }) | null
}

/** A connection whose session was set by {@link SESSION} before its first use; two round trips, once. */
export async function openConnection(access: Access, needs: ConnectionNeeds): Promise<Connection> {
  const { connection } = await openOverSocket(access, needs)
  return connection
}

/** In a cluster: connects to the writer. @throws NoWriter, or the error of the connection or the server */
export async function openOverSocket(access: Access, needs: ConnectionNeeds): Promise<Opened> {
  const { cluster } = access
  if (cluster === undefined) return openAt(access, needs)
  const node = await cluster.writer(probeOf(access))
  try {
    const opened = await openAt(at(access, node), needs, (socket) => cluster.connects(node, socket))
    const { identity, isWritable, record } = await within(openWithin(needs), opened.socket, report(opened.connection))
    if (!isWritable || (record !== null && record.node !== '' && record.node !== identity)) {
      opened.socket.destroy()
      throw new NoWriter([`${node.host}:${node.port} is not the writer any more`])
    }
    return { ...opened, node: { ...node, identity: record?.node === identity ? identity : null } }
  } catch (error) {
    cluster.doubt(node)
    throw error
  }
}

const PROBE: ConnectionNeeds = { multipleStatements: false, openWithin: 1_000 }

/** Connects to that node only. */
const at = ({ socketPath, user, password, database, tls }: Access, { host, port }: DatabaseNode): Access => ({
  socketPath,
  host,
  port,
  user,
  password,
  database,
  tls,
})

const probeOf = (access: Access): Probe => probeBy((node) => openAt(at(access, node), PROBE))

/** Asks one node for its state. @throws the error of the connection or the server */
export const askNode = (access: Access, node: DatabaseNode): Promise<NodeReport> => probeOf(access).ask(node)

/** For a library that opens its own connections: only the writer. */
export async function atWriter(access: Access): Promise<Access> {
  const { cluster } = access
  return cluster === undefined ? access : at(access, await cluster.writer(probeOf(access)))
}

async function openAt(
  access: Access,
  needs: ConnectionNeeds,
  connects: (socket: Socket) => void = () => undefined,
): Promise<Opened> {
  const ssl = access.tls === null ? {} : { ssl: await tlsOptions(access.tls) }
  const socket = openSocket(access)
  connects(socket)
  const opening = mysql.createConnection({ ...connectionOptions(access, needs), ...ssl, stream: () => socket })
  const opened = opening.then(async (connection) => {
    for (const statement of SESSION) await connection.query(statement)
    if (needs.lockWait !== undefined && needs.lockWait !== LOCK_WAIT_SECONDS) {
      await connection.query('SET SESSION innodb_lock_wait_timeout = ?', [needs.lockWait])
    }
    return { connection, socket, node: null }
  })
  return within(openWithin(needs), socket, opened).catch((error: unknown) => {
    socket.destroy()
    throw error
  })
}

const openWithin = (needs: ConnectionNeeds): number => Math.min(OPEN_WITHIN_MS, needs.openWithin ?? OPEN_WITHIN_MS)

function decoded(part: string, what: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw setUpError(`database URL: the ${what} is not percent-encoded properly; write % as %25`)
  }
}

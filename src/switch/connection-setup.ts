/** Accepts or refuses new connections: limits by address, TLS, time to the first request. */

import { BlockList, isIPv6, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import type { Place } from './addresses.ts'
import type { Certificates } from './certificates.ts'
import { certificateNames, type Peer } from './peer.ts'
import { PROXY_FIXED_BYTES, proxyRest, proxySource } from './proxy-header.ts'

export type ConnectionSettings = {
  /** Null: lines are in the clear. */
  readonly certificates: Certificates | null
  /** Whether terminals have to present a certificate. */
  readonly mutual: boolean
  /** Addresses and networks (`10.0.0.0/8`) of load balancers, whose connections begin with a PROXY header. */
  readonly proxyFrom: readonly string[]
  /** ms in which header and handshake must be done. */
  readonly timeoutMs: number
}

export type ConnectionWatch = {
  /** A place among the connections of this address, or why it has none. */
  readonly admit: (address: string) => Place | string
  readonly enter: (stream: Socket, peer: Peer, place: Place) => void
  readonly refuse: (address: string, why: string) => void
}

/** Turns a connection into a line: reads the PROXY header of a load balancer and sets up TLS. */
export type ConnectionSetup = {
  readonly take: (socket: Socket) => void
  /** New lines get the certificates as they are now; open ones stay as they are. */
  readonly renew: () => void
  /** Drops the connections that are not lines yet. */
  readonly close: () => void
}

export function createConnectionSetup(settings: ConnectionSettings, watch: ConnectionWatch): ConnectionSetup {
  const trusted = blockList(settings.proxyFrom)
  /**
   * Connections in set-up, and the data known of each. One behind a load balancer has no place until its address is
   * known.
   */
  const coming = new Map<Socket, { address: string; place: Place | null; readonly timer: NodeJS.Timeout }>()
  const { certificates } = settings
  const tls =
    certificates === null
      ? null
      : createTls(certificates, settings, {
          isComing: (socket) => coming.has(socket),
          secured: (socket, secure, certificate) => enter(socket, secure, certificate),
          failed: (socket, why) => drop(socket, why),
        })

  /** No longer on its way in; null: it was not, or has been dropped. */
  const done = (socket: Socket): { readonly address: string; readonly place: Place | null } | null => {
    const known = coming.get(socket)
    if (known === undefined) return null
    clearTimeout(known.timer)
    coming.delete(socket)
    return known
  }
  const drop = (socket: Socket, why: string): void => {
    const known = done(socket)
    if (known === null) return
    watch.refuse(known.address, why)
    known.place?.leave()
    socket.destroy()
  }
  const enter = (socket: Socket, stream: Socket, certificate: Peer['certificate']): void => {
    const known = done(socket)
    if (known === null || known.place === null) return void stream.destroy()
    watch.enter(stream, { address: known.address, certificate }, known.place)
  }

  /** The data after the PROXY header, if there is one. */
  const onward = (socket: Socket, address: string): void => {
    const known = coming.get(socket)
    if (known === undefined) return
    const place = watch.admit(address)
    known.address = address
    if (typeof place === 'string') return drop(socket, place)
    known.place = place
    // Data read beyond the header goes back to the socket, where TLS reads it.
    if (tls !== null) tls.emit('connection', socket)
    else enter(socket, socket, null)
  }

  return {
    take(socket) {
      const address = socket.remoteAddress ?? 'unknown'
      const isProxied = trusted !== null && isIn(trusted, address)
      if (!isProxied && tls === null) return enterAtOnce(watch, socket, address)
      const timer = setTimeout(() => drop(socket, 'no PROXY header or TLS in time'), settings.timeoutMs)
      coming.set(socket, { address, place: null, timer })
      socket.on('error', () => drop(socket, 'broken before it was a line'))
      socket.on('end', () => drop(socket, 'closed before it was a line'))
      socket.on('close', () => drop(socket, 'closed before it was a line'))
      if (!isProxied) return onward(socket, address)
      readHeader(socket, (header) => {
        if (typeof header === 'string') return drop(socket, header)
        onward(socket, header.address ?? address)
      })
    },
    renew() {
      if (certificates !== null) tls?.setSecureContext(certificates.current())
    },
    close() {
      for (const socket of coming.keys()) {
        done(socket)?.place?.leave()
        socket.destroy()
      }
    },
  }
}

/** A line in the clear from an address that we see ourselves. */
function enterAtOnce(watch: ConnectionWatch, socket: Socket, address: string): void {
  const place = watch.admit(address)
  if (typeof place !== 'string') return watch.enter(socket, { address, certificate: null }, place)
  watch.refuse(address, place)
  socket.destroy()
}

type TlsWatch = {
  readonly isComing: (socket: Socket) => boolean
  readonly secured: (socket: Socket, secure: TLSSocket, certificate: Peer['certificate']) => void
  readonly failed: (socket: Socket, why: string) => void
}

function createTls(
  certificates: Certificates,
  { mutual, timeoutMs }: ConnectionSettings,
  { isComing, secured, failed }: TlsWatch,
): TlsServer {
  const server = createTlsServer({
    ...certificates.current(),
    requestCert: mutual,
    // Refused below, where the reason is still known.
    rejectUnauthorized: false,
    handshakeTimeout: timeoutMs,
  })
  server.on('secureConnection', (secure: TLSSocket) => {
    const raw = rawSocketOf(secure)
    if (!isComing(raw)) return void secure.destroy()
    if (mutual && !secure.authorized) {
      return failed(raw, `client certificate: ${String(secure.authorizationError ?? 'none')}`)
    }
    const certificate = mutual ? secure.getPeerX509Certificate() : undefined
    secured(raw, secure, certificate === undefined ? null : certificateNames(certificate))
  })
  server.on('tlsClientError', (error, secure) => {
    const { reason, code } = error as { readonly reason?: string; readonly code?: string }
    failed(rawSocketOf(secure), `TLS: ${reason ?? code ?? error.message}`)
    secure.destroy()
  })
  return server
}

/** The TLS server is given connections instead of a port; Node has no public name for the one below a TLS socket. */
const rawSocketOf = (secure: TLSSocket): Socket => (secure as unknown as { readonly _parent: Socket })._parent

/** Reads the header and not a byte more. */
function readHeader(socket: Socket, then: (header: { readonly address: string | null } | string) => void): void {
  let fixed: Buffer | null = null
  const look = (): void => {
    if (fixed === null) fixed = socket.read(PROXY_FIXED_BYTES) as Buffer | null
    if (fixed === null) return
    const rest = proxyRest(fixed)
    if (typeof rest === 'string') return finish(rest)
    const bytes = rest === 0 ? Buffer.alloc(0) : (socket.read(rest) as Buffer | null)
    if (bytes !== null) finish(proxySource(fixed, bytes))
  }
  const finish = (header: { readonly address: string | null } | string): void => {
    socket.off('readable', look)
    then(header)
  }
  socket.on('readable', look)
}

function blockList(addresses: readonly string[]): BlockList | null {
  if (addresses.length === 0) return null
  const list = new BlockList()
  for (const entry of addresses) {
    const [address = '', bits] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  return list
}

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Address } from './address.ts'
import type { Framing } from './framing.ts'
import { packagedWire, type Wire } from './wire.ts'

/** The certificates of a terminal on a TLS line. */
export type Tls = {
  /** PEM of those that the other side's certificate may come from; undefined: those that Node trusts. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** The name that the certificate has to have; undefined: that of the address. */
  readonly name: string | undefined
  /** Whether the certificate is verified. */
  readonly verify: boolean
}

/** The address of the other side, and its TLS settings. */
export type Door = { readonly address: Address; readonly tls: Tls | null }

/** The other side of a line and how it speaks. */
export type Peer = Door & {
  readonly framing: Framing
  readonly wire: Wire
}

/** The default listener of `akart up` at an address: `iso87-ascii`, `be2`, no TPDU, no TLS. */
export const usualPeer = (address: Address): Peer => ({
  address,
  framing: { length: 'be2', tpdu: null },
  wire: packagedWire,
  tls: null,
})

/** Opens a socket to a peer; `ready` when it can carry messages. */
export function dial({ address, tls }: Door, ready: () => void): Socket {
  if (tls === null) return connect({ ...address, noDelay: true }, ready)
  const { ca, cert, key, name, verify } = tls
  const options = {
    ...address,
    noDelay: true,
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(name !== undefined && { servername: name }),
  }
  return connectTls(options, ready)
}

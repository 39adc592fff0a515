/*
 * The header that a load balancer puts before a connection's own bytes (PROXY protocol, version 2, section 2.2 of its
 * specification): signature 12 · version and command 1 · family and transport 1 · length 2 · addresses · extensions.
 */

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
export const PROXY_FIXED_BYTES = 16
// Addresses take 12 or 36 bytes; what balancers add (ids of endpoints, a certificate's name) some hundred.
const MOST = 2048

const LOCAL = 0x20
const PROXY = 0x21

/** The bytes that follow the fixed part, or the fault. The text contains no received content. */
export function proxyRest(fixed: Buffer): number | string {
  if (!fixed.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return 'no PROXY header'
  const command = fixed.readUInt8(12)
  if (command !== LOCAL && command !== PROXY) {
    return `a PROXY header of version ${command >> 4}, command ${command & 15}`
  }
  const rest = fixed.readUInt16BE(14)
  return rest <= MOST ? rest : `a PROXY header of ${PROXY_FIXED_BYTES + rest} bytes`
}

type Family = { readonly bytes: number; readonly source: (rest: Buffer) => string }

/** By family and transport; only TCP. */
const FAMILIES: Readonly<Record<number, Family>> = {
  0x11: { bytes: 12, source: (rest) => rest.subarray(0, 4).join('.') },
  0x21: {
    bytes: 36,
    source: (rest) => Array.from({ length: 8 }, (_, i) => rest.readUInt16BE(2 * i).toString(16)).join(':'),
  },
}

/**
 * The address of the original connection. Null if the balancer connects for itself (its health check) or does not state
 * one: then the connection's own address counts.
 */
export function proxySource(fixed: Buffer, rest: Buffer): { readonly address: string | null } | string {
  if (fixed.readUInt8(12) === LOCAL || fixed.readUInt8(13) === 0) return { address: null }
  const family = FAMILIES[fixed.readUInt8(13)]
  if (family === undefined) return `a PROXY header for family ${fixed.readUInt8(13).toString(16)}`
  if (rest.length < family.bytes) return 'a PROXY header without its addresses'
  return { address: family.source(rest) }
}

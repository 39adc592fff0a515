import type { X509Certificate } from 'node:crypto'
import { boundTo, certificateName, type Registry, type Terminal } from '../core/registry.ts'

/** The peer of a connection, as far as the connection identifies it. */
export type Peer = {
  /** Behind a trusted proxy the address that the proxy names. */
  readonly address: string
  /** Null: it showed none. */
  readonly certificate: CertificateNames | null
}

/** The two ways to name a certificate in a binding. */
export type CertificateNames = {
  /** SHA-256 of the whole certificate, 64 small hex digits. */
  readonly fingerprint: string
  /** As `CN=till 1,O=Shop`, in the certificate's own order, special characters escaped as in RFC 4514. */
  readonly subject: string
}

export const certificateNames = (certificate: X509Certificate): CertificateNames => ({
  fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  // One attribute a line; a line end or comma inside a value is escaped, so that no subject can look like another.
  subject: certificate.subject.split('\n').join(','),
})

/**
 * Whether a terminal may use a line. A bound terminal (itself or by its store) needs a line that presents a bound
 * certificate, on every listener; an unbound one is refused on listeners that require certificates.
 */
export function mayComeFrom(
  { bindings }: Registry,
  { code, storeCode }: Terminal,
  { certificate }: Peer,
  demanded: boolean,
): boolean {
  const own = bindings.get(boundTo('terminal', code))
  const ofStore = bindings.get(boundTo('store', storeCode))
  if (own === undefined && ofStore === undefined) return !demanded
  if (certificate === null) return false
  const names = [
    certificateName('fingerprint', certificate.fingerprint),
    certificateName('subject', certificate.subject),
  ]
  return names.some((name) => own?.has(name) === true || ofStore?.has(name) === true)
}

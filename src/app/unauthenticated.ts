import { isIP } from 'node:net'
import type { ListenerConfig } from '../config/schema.ts'
import { boundTo, type Registry, type Terminal } from '../core/registry.ts'

/** Terminals that are served without authentication. */
const unauthenticated = ({ terminals, bindings }: Registry): readonly Terminal[] =>
  [...terminals.values()].filter(
    ({ active, mac, code, storeCode }) =>
      active &&
      mac === 'none' &&
      !bindings.has(boundTo('terminal', code)) &&
      !bindings.has(boundTo('store', storeCode)),
  )

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * Warnings at the start for the operator: terminals are served without authentication, and which listeners beyond this
 * machine allow anybody to act as them.
 */
export function authenticationWarnings(
  listeners: readonly ListenerConfig[],
  registry: Registry,
  demo: boolean,
): readonly string[] {
  const { length } = unauthenticated(registry)
  if (length === 0) return []
  const open = listeners.filter(({ host, tls, requireMac }) => !isLoopback(host) && tls === 'off' && !requireMac)
  return [
    ...(demo ? [] : [`${length} terminals are served without MAC key or certificate: akart terminal list`]),
    ...open.map(
      ({ name, host, port }) =>
        `listener ${name} on ${host}:${port}: without TLS, and everybody who can connect can act as one of ${length} terminals (requireMac, tls)`,
    ),
  ]
}

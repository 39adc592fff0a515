import { type Problem, shown } from './check.ts'
import { isNetwork } from './network.ts'

/** Checks of listeners that the schema cannot express: duplicate names, TLS without files, invalid networks. */
export function listenerProblems(value: unknown): Problem[] {
  const { listeners } = value as { listeners?: unknown }
  if (!Array.isArray(listeners)) return []
  const all = listeners.map((one: unknown) => (typeof one === 'object' && one !== null ? one : {}) as Given)
  return all.flatMap((listener, i) => [
    ...repeatedName(all, listener, i),
    ...missingFiles(listener, i),
    ...wrongNetworks(listener, i),
  ])
}

type Given = Readonly<Record<string, unknown>>

/** A listener is known by its name, in metrics and in the line `ready`. */
function repeatedName(all: readonly Given[], { name }: Given, i: number): Problem[] {
  const first = all.findIndex((one) => one['name'] === name)
  if (typeof name !== 'string' || first === i) return []
  return [{ path: ['listeners', i, 'name'], text: `must be unique; ${name} is listeners[${first}] too` }]
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  server: ['certificate', 'key'],
  mutual: ['certificate', 'key', 'ca'],
}

function missingFiles(listener: Given, i: number): Problem[] {
  const tls = String(listener['tls'])
  const missing = (FILES[tls] ?? []).filter((name) => listener[name] === null)
  return missing.map((name) => ({
    path: ['listeners', i, name],
    text: `must be a PEM file where tls is ${tls}; it is null`,
  }))
}

function wrongNetworks({ proxyFrom }: Given, i: number): Problem[] {
  const entries: unknown[] = Array.isArray(proxyFrom) ? proxyFrom : []
  return entries.flatMap((entry, j) => {
    return isNetwork(String(entry))
      ? []
      : [
          {
            path: ['listeners', i, 'proxyFrom', j],
            text: `must be an address, or a network as 10.0.0.0/8; it is ${shown(entry)}`,
          },
        ]
  })
}

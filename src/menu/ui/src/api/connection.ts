import { useSyncExternalStore } from 'react'
import { hooks } from './call.ts'

type Connection = { readonly lostAt: number | null }

const PROBE_MS = 4000

let connection: Connection = { lostAt: null }
const listeners = new Set<() => void>()
let probing = false

function set(lostAt: number | null): void {
  if ((lostAt === null) === (connection.lostAt === null)) return
  connection = { lostAt }
  for (const listener of listeners) listener()
}

/** Asks for the session every few seconds until the server answers again. */
async function probe(onBack: () => void): Promise<void> {
  if (probing) return
  probing = true
  while (connection.lostAt !== null) {
    await new Promise((resolve) => setTimeout(resolve, PROBE_MS))
    await fetch('/api/session').then(
      () => set(null),
      () => undefined,
    )
  }
  probing = false
  onBack()
}

/** Watches whether the server can be reached. `onBack` runs when it can be reached again. */
export function watchConnection(onBack: () => void): void {
  hooks.reached = (reached) => {
    set(reached ? null : (connection.lostAt ?? Date.now()))
    if (!reached) void probe(onBack)
  }
  window.addEventListener('offline', () => hooks.reached(false))
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Since when there is no connection, ms; null: there is one. */
export const useLostAt = (): number | null => useSyncExternalStore(subscribe, () => connection.lostAt)

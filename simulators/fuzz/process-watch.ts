import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Memory and open files of a process of this machine. */
export type Holdings = { readonly mebibytes: number; readonly files: number }

/** Of /proc; null where the process is not there, or not ours to look at. */
export function holdingsOf(processId: number): Holdings | null {
  try {
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1]
    if (resident === undefined) return null
    return { mebibytes: Number(resident) / 1024, files: readdirSync(`/proc/${processId}/fd`).length }
  } catch {
    return null
  }
}

/** The process that runs on a home directory, by its lock; null where there is none. */
export function processOn(home: string): number | null {
  try {
    const found = /\d+/.exec(readFileSync(join(home, 'akart.lock'), 'utf8'))?.[0]
    return found === undefined ? null : Number(found)
  } catch {
    return null
  }
}

export type Growth = { readonly before: Holdings; readonly after: Holdings; readonly most: number }

/** Looks at the process once a second until it is asked. `null`: nothing could be seen. */
export function watchProcess(processId: number | null): () => Growth | null {
  const look = () => (processId === null ? null : holdingsOf(processId))
  const before = look()
  let most = before?.mebibytes ?? 0
  const timer = setInterval(() => (most = Math.max(most, look()?.mebibytes ?? 0)), 1_000)
  return () => {
    clearInterval(timer)
    const after = look()
    return before === null || after === null ? null : { before, after, most: Math.max(most, after.mebibytes) }
  }
}

import { readdir, readFile } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'

// InnoDB is made for SIGKILL, so patience with an old server is only worth what its crash recovery would cost.
const TIMEOUT_MS = 5_000
const LOOK_AGAIN_MS = 20

/**
 * Ends database servers that an Akart which was killed left running on data inside `directory`. They are known by what
 * they run on, the data directory in their command line, not by a number in a file that may be another process by now.
 *
 * The caller owns the directory (its lock), so no living Akart's server is ended.
 */
export async function endLeftovers(directory: string, log: Log): Promise<void> {
  const found = await serversInside(directory)
  for (const pid of found) {
    log.warn('ending a database server that an earlier akart left running', { pid })
    signal(pid, 'SIGTERM')
  }
  if (await allGone(found, directory)) return
  for (const pid of await serversInside(directory)) {
    log.warn('killing a database server that did not end', { pid })
    signal(pid, 'SIGKILL')
  }
  if (!(await allGone(found, directory))) throw new Error(`a database server on ${directory} can't be ended`)
}

async function allGone(pids: readonly number[], directory: string): Promise<boolean> {
  if (pids.length === 0) return true
  const until = performance.now() + TIMEOUT_MS
  while (performance.now() < until) {
    if ((await serversInside(directory)).length === 0) return true
    await sleep(LOOK_AGAIN_MS)
  }
  return false
}

/** The numbers of the processes that are a mariadbd with its data inside `directory`. */
export async function serversInside(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => ((await servesInside(pid, directory)) ? [Number(pid)] : [])))
  return found.flat()
}

async function servesInside(pid: string, directory: string): Promise<boolean> {
  // A process that just ended has no command line, a zombie an empty one: neither serves.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [program = '', ...options] = commandLine.split('\0')
  return basename(program) === 'mariadbd' && options.some((option) => option.startsWith(`--datadir=${directory}${sep}`))
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // The process ended by itself in the meantime.
  }
}

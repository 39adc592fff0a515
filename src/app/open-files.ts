import { readFile } from 'node:fs/promises'

// File descriptors that the process needs beside lines: database connections, hosts, HTTP, log, jobs.
const KEPT_BACK = 512

/** Files that this process may have open at the same time; Node has raised the soft limit to the hard one. */
export async function openFilesAllowed(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? Infinity : Number(soft)
}

/** The permitted number of lines: as configured, but reduced so that enough open files are left for the rest of the process. */
export const linesAllowed = (configured: number, openFiles: number): number =>
  Math.min(configured, Math.max(Math.floor(openFiles / 2), openFiles - KEPT_BACK))

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { setUpError } from '../config/set-up-error.ts'

/** Options of Node that write its memory to a file. The memory holds keys. */
const MEMORY_TO_FILE = ['--heapsnapshot-signal', '--heapsnapshot-near-heap-limit', '--heap-prof'] as const

/**
 * Keeps memory (keys, and for a moment tracks and eCodes) off the disk, for this process and all its children, the
 * database server included: no core dumps (RLIMIT_CORE is 0; a dump that is piped to a program ignores that limit, so
 * the process's memory is excluded from it), no diagnostic reports, no heap snapshots.
 *
 * @throws a set-up error if this cannot be set
 */
export function forbidDumps(): void {
  const asked = MEMORY_TO_FILE.find((flag) => flagsOfNode().some((given) => given.split('=')[0] === flag))
  if (asked !== undefined) throw setUpError(`node was started with ${asked}, which writes keys to a file`)
  const { report } = process
  report.reportOnFatalError = false
  report.reportOnSignal = false
  report.reportOnUncaughtException = false

  // Node has no setrlimit. Both settings pass on to child processes.
  const { error } = spawnSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], { stdio: 'ignore' })
  if (error !== undefined) throw setUpError('prlimit(1) is not installed: Debian package util-linux')
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // A kernel without this file has no dumps to filter; the limit alone is checked.
  }
  const limit = /^Max core file size +(\S+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  if (limit !== '0') throw setUpError(`core dumps can't be switched off: RLIMIT_CORE is ${limit ?? 'not known'}`)
}

const flagsOfNode = (): string[] => [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/u)]

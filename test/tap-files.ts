/** Runs test files as processes and collects their TAP output. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename, dirname, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { programFile, SHORT_LIVED } from './programs.ts'
import { type Count, tapSummary } from './tap-summary.ts'

export type TapRun = {
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** Seconds that one file may take; 0: no limit. */
  readonly timeout: number
  readonly say: (line: string) => void
  /** Each process that is started, so that it can be stopped. */
  readonly started: (child: ChildProcess, name: string) => void
  readonly stopped: () => boolean
}

// Grace for a file that was told to end.
const GRACE_MS = 10_000

/** Runs test files, each group in one process, and counts the results of their TAP output. */
export type TapFiles = { readonly run: (...files: readonly string[]) => Promise<void>; readonly end: () => Count }

/**
 * Files run with plain node instead of tap's runner, which loads three module loaders into each test and into every process
 * that a test starts. That doubled the time of the run (`akart up --iso-port abc` took 0.6 s instead of 0.27). A single file
 * can also be run with `npx tap`.
 */
export function tapFiles(run: TapRun): TapFiles {
  const summary = tapSummary(run.say)
  let number = 0
  return {
    async run(...files) {
      const { tap, ms, fault } = await runFiles(files, run)
      if (run.stopped()) return // what was cut off fails, at length
      const file = nameOf(files)
      const result = `${fault === null ? 'ok' : 'not ok'} ${++number} - ${file} # time=${ms.toFixed(0)}ms`
      const why = fault === null ? '' : `  ---\n  ended: ${JSON.stringify(fault)}\n  ...\n`
      summary.take(`# Subtest: ${file}\n${tap.replace(/^/gm, '    ').trimEnd()}\n${result}\n${why}`)
    },
    end() {
      summary.take(`1..${number}\n`)
      return summary.end()
    },
  }
}

type FileRun = { readonly tap: string; readonly ms: number; readonly fault: string | null }

// The files are in the environment and only the first is an argument, because tap names directories by its arguments, with at most 255 bytes.
const TOGETHER = fileURLToPath(new URL('together.js', import.meta.url))

/** `build/test/core: a b`: the room and its files. */
function nameOf(files: readonly string[]): string {
  const [first = ''] = files
  const names = files.map((file) => basename(file).replace('.test.js', ''))
  return files.length === 1 ? first : `${dirname(first)}: ${names.join(' ')}`
}

async function runFiles(files: readonly string[], run: TapRun): Promise<FileRun> {
  const from = performance.now()
  const [only = ''] = files.map((file) => resolve(run.directory, file))
  const child = spawn(
    process.execPath,
    [
      ...SHORT_LIVED,
      '--enable-source-maps',
      ...(files.length === 1 ? [programFile(only)] : [programFile(TOGETHER), only]),
    ],
    {
      cwd: run.directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...run.environment,
        TEST_FILES: files.join('\n'),
        TAP: '1',
        TAP_TIMEOUT: String(run.timeout),
      },
    },
  )
  run.started(child, nameOf(files))
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const tooLong =
    run.timeout === 0 ? null : setTimeout(() => signalGroup(child, 'SIGKILL'), run.timeout * 1_000 + GRACE_MS)
  const tap = await text(child.stdout)
  const [code, signal] = await closed
  if (tooLong !== null) clearTimeout(tooLong)
  const ms = performance.now() - from
  return { tap, ms, fault: code === 0 ? null : signal === null ? `with ${String(code)}` : `by ${signal}` }
}

/** Signals a child that leads a process group, and all processes of the group. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // it has just ended
  }
}

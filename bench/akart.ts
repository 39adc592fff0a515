import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { processorTime, residentMemory } from './machine.ts'

/** `akart up` in a process of its own, on demo data in a home of its own. */
export type RunningAkart = {
  readonly home: string
  /** HOST:PORT of its first listener. */
  readonly target: string
  /** HOST:PORT of AkartWeb. */
  readonly web: string
  /** Processor time used so far by the switch and by its database server, µs. */
  readonly switchCpu: () => number
  readonly serverCpu: () => number
  /** Resident memory of the switch, bytes. */
  readonly memory: () => number
  /** `akart ledger verify`. @throws when it does not exit with 0 */
  readonly prove: () => Promise<void>
  readonly stop: () => Promise<void>
}

const COMMAND = fileURLToPath(new URL('../src/cli/akart.js', import.meta.url))

/** Starts it on free ports, with the flag of config/systemd, and waits for its `ready` line. AKART_BENCH_NODE: more flags, `--cpu-prof` for one. */
export async function startAkart(
  home: string,
  environment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<RunningAkart> {
  const flags = (process.env['AKART_BENCH_NODE'] ?? '').split(' ').filter((flag) => flag !== '')
  const up = [
    '--max-semi-space-size=64',
    ...flags,
    COMMAND,
    'up',
    '--home',
    home,
    '--iso-port',
    '0',
    '--http-port',
    '0',
    ...options,
  ]
  const child = spawn(process.execPath, up, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  const exited = exitOf(child)
  const { target, web } = await Promise.race([
    targetsOf(child),
    exited.then((code): never => {
      throw new Error(`akart up ended with ${code}`)
    }),
  ])
  const pid = child.pid ?? 0
  const serverPid = Number(await readFile(join(home, 'mariadb', 'data.pid'), 'utf8'))
  return {
    home,
    target,
    web,
    switchCpu: () => processorTime(pid),
    serverCpu: () => processorTime(serverPid),
    memory: () => residentMemory(pid),
    async prove() {
      const verify = spawn(process.execPath, [COMMAND, 'ledger', 'verify', '--home', home], { stdio: 'inherit' })
      const code = await exitOf(verify)
      if (code !== 0) throw new Error(`akart ledger verify ended with ${code}`)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

const exitOf = (child: ChildProcess): Promise<number | NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })

async function targetsOf(child: ChildProcess): Promise<{ readonly target: string; readonly web: string }> {
  if (child.stdout === null) throw new Error('no standard output')
  const lines = createInterface(child.stdout)
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const [, target, web] = /^ready iso=(\S+).* web=(\S+)/u.exec(line) ?? []
      if (target !== undefined && web !== undefined) resolve({ target, web })
    })
  })
}

import { spawn } from 'node:child_process'
import { AKART, SHORT_LIVED } from '../programs.ts'

/** The time until it is ready: a second or two, but half a minute if eight other programs use the machine. */
const READY_MS = 120_000

export type RunningSwitch = {
  home: string
  /** Its environment, which its commands need too. */
  environment: NodeJS.ProcessEnv
  target: string
  /** Where each listener is, by its name. */
  listeners: ReadonlyMap<string, string>
  stop: () => Promise<number | null>
}

/**
 * `akart up` on free ports; `confirmTimeout` in seconds, null: as configured; `config` a file laid over the defaults;
 * `environment` as `onTestServer` gives it, else it has a database server of its own. Throws with its output if it does
 * not get ready.
 */
export async function startSwitch(
  home: string,
  confirmTimeout: number | null,
  config: string | null = null,
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningSwitch> {
  const env = {
    ...process.env,
    ...environment,
    ...(confirmTimeout === null ? {} : { AKART_CONFIRM_TIMEOUT_SECONDS: String(confirmTimeout) }),
  }
  const options = ['--home', home, '--iso-port', '0', '--http-port', '0']
  const laid = config === null ? [] : ['--config', config]
  const child = spawn(process.execPath, [...SHORT_LIVED, AKART, 'up', ...options, ...laid], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let said = ''
  const ready = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in ${READY_MS} ms: ${said}`)), READY_MS)
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const line = /^ready (.*)\n/m.exec(said)?.[1]
      if (line === undefined) return
      clearTimeout(timer)
      for (const stream of [child.stdout, child.stderr]) stream.off('data', listen).resume()
      resolve(line)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    void ended.then((code) => reject(new Error(`akart up ended with ${code}: ${said}`)))
  }).catch((problem: unknown) => {
    child.kill('SIGTERM')
    throw problem
  })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  const places = ready.split(' ').map((word) => word.split('='))
  const listeners = new Map(places.map(([name = '', place = '']) => [name, place]))
  return { home, environment, target: listeners.get('iso') ?? '', listeners, stop }
}

/** `akart ledger verify`: exit code and output. */
export function verifyLedger({
  home,
  environment,
}: Pick<RunningSwitch, 'home' | 'environment'>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment }
    const child = spawn(process.execPath, [AKART, 'ledger', 'verify', '--home', home], { stdio: 'pipe', env })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('close', (code) => resolve({ code, said }))
  })
}

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const akart = fileURLToPath(new URL('../../src/cli/akart.js', import.meta.url))

const READY_MS = 30_000

export type RunningSwitch = { home: string; target: string; stop: () => Promise<number | null> }

/** `akart up` on free ports; `confirmTimeout` in seconds, null: as configured. Throws with what it said when it does not get ready. */
export async function startSwitch(home: string, confirmTimeout: number | null): Promise<RunningSwitch> {
  const env = { ...process.env, ...(confirmTimeout === null ? {} : { AKART_CONFIRM_TIMEOUT: String(confirmTimeout) }) }
  const child = spawn(process.execPath, [akart, 'up', '--home', home, '--iso-port', '0', '--http-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let said = ''
  const target = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in ${READY_MS} ms: ${said}`)), READY_MS)
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const ready = /^ready iso=(\S+)/m.exec(said)?.[1]
      if (ready === undefined) return
      clearTimeout(timer)
      resolve(ready)
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
  return { home, target, stop }
}

/** `akart ledger verify`: exit code and what it said. */
export function verifyLedger(home: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [akart, 'ledger', 'verify', '--home', home], { stdio: 'pipe' })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('close', (code) => resolve({ code, said }))
  })
}

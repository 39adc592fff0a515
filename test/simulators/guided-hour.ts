import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startSwitch } from './akart-up.ts'
import { onTestServer } from '../up.ts'
import { plain } from './tell.ts'
import { SIMULATOR } from '../programs.ts'

const README = readFileSync(new URL('../../../simulators/README.md', import.meta.url), 'utf8')

type Task = { readonly title: string; readonly script: string; readonly shown: readonly string[] }

/** The tasks of the guided hour: what is typed, and lines of what is shown. */
const tasks = [...README.matchAll(/^### (\d+\. .*)\n([^]*?)(?=^### |^## )/gm)].map(
  ([, title = '', body = '']): Task => {
    const block = (kind: string) => new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'm').exec(body)?.[1] ?? ''
    return {
      title,
      script: block('sh'),
      shown: block('text')
        .split('\n')
        .filter((line) => line.trim() !== ''),
    }
  },
)

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

/** Types it into bash, in a directory. */
function type(
  cwd: string,
  script: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ code: number | null; said: string }> {
  const env = {
    ...process.env,
    ...environment,
    PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
    NO_COLOR: '1',
  }
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
    child.on('error', (problem) => resolve({ code: null, said: problem.message }))
    child.on('close', (code) => resolve({ code, said: plain(said) }))
  })
}

/** Does the work of npx in this checkout, with this test's switch in place of the usual one. */
const npxFor = (target: string): string => `#!/bin/sh
shift
case "$1 $*" in
  *--target*|*--till*|*' compare '*|*' terminal '*|sent*|describe*|record*) ;;
  *) set -- "$@" --target ${target} ;;
esac
exec '${process.execPath}' '${SIMULATOR}' "$@"
`

/** Types the tasks from one number to another, and looks at what is shown. In halves, so that a busy machine has time for each. */
export async function typeTasks(t: Test, from: number, to: number): Promise<void> {
  t.equal(tasks.length, 10)
  const cwd = await mkdtemp(join(tmpdir(), 'akart-hour-'))
  const running = await startSwitch(join(cwd, '.akart'), null, null, await onTestServer(t))
  t.teardown(async () => {
    await running.stop()
    await rm(cwd, { recursive: true, force: true })
  })
  const portOf = (name: string) => (running.listeners.get(name) ?? '').split(':').at(-1) ?? ''
  const ports: readonly (readonly [string, string])[] = [
    ['8583', portOf('iso')],
    ['8584', portOf('bcd')],
    ['8602', await freePort()],
    ['8700', await freePort()],
  ]
  mkdirSync(join(cwd, 'bin'))
  writeFileSync(join(cwd, 'bin', 'npx'), npxFor(running.target))
  chmodSync(join(cwd, 'bin', 'npx'), 0o755)
  for (const { title, script, shown } of tasks.slice(from - 1, to)) {
    t.ok(script.includes('npx akart-sim ') && shown.length > 0, `${title} types something, and shows something`)
    const aimed = ports.reduce(
      (text, [usual, own]) => text.replaceAll(`127.0.0.1:${usual}`, `127.0.0.1:${own}`),
      script,
    )
    const { code, said } = await type(cwd, aimed, running.environment)
    t.equal(code, 0, `${title}\n${said}`)
    for (const line of shown) t.ok(said.includes(line), `${title} shows: ${line}\n${said.slice(-3_000)}`)
  }
}

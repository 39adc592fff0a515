import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { onTestServer, upForTest } from '../up.ts'
import { ROOT, textOf } from './markdown.ts'

/* The walk of docs/operations.md from an empty directory to a card that pays: every command, and what it prints. */

const page = textOf('docs/operations.md')
const from = page.indexOf('\n## Production\n')
const section = page.slice(from, page.indexOf('\n## ', from + 1))

type Step = { readonly command: string; readonly printed: readonly string[] }

/** Indented lines: `$ ` begins a command, the lines below it are what it prints. */
function stepsOf(text: string): Step[] {
  const steps: { command: string; printed: string[] }[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('    $ ')) steps.push({ command: line.slice(6), printed: [] })
    else if (line.startsWith('    ')) steps.at(-1)?.printed.push(line.slice(4))
  }
  return steps
}

/** `…` stands for anything; check values are another key's each time. */
const pattern = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) =>
        part
          .replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&')
          .replaceAll(/check value [0-9A-Fa-f]+/gu, 'check value [0-9A-Fa-f]+'),
      )
      .join('.*')}$`,
    'u',
  )

t.test('production, from an empty directory to a card that pays', async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'akart-production-'))
  t.teardown(() => rm(place, { recursive: true, force: true }))
  const environment = { ...process.env, ...(await onTestServer(t)), USER: 'operator' }
  for (const person of ['jan', 'ola']) await mkdir(join(place, 'media', person), { recursive: true })
  let port = 0
  const programs = `npx() { case "$1" in
    akart) shift; "${process.execPath}" "${join(ROOT, 'build/src/cli/akart.js')}" "$@" ;;
    akart-sim) shift; "${process.execPath}" "${join(ROOT, 'build/simulators/akart-sim.js')}" "$@" ;;
  esac; }`
  const run = async (command: string): Promise<string> => {
    const there = command.replaceAll('/media/', `${join(place, 'media')}/`)
    const script = `set -o pipefail\n${programs}\n${there.includes('akart-sim') ? `${there} --target 127.0.0.1:${port}` : there}`
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: place, env: environment })
    return stdout
  }
  const steps = stepsOf(section)
  t.ok(
    steps.some(({ command }) => command.includes('user add')),
    'the first administrator is part of it',
  )
  t.ok(
    steps.some(({ command }) => command.includes('shop add')),
    'and the first shop',
  )
  for (const { command, printed } of steps) {
    if (/^npx akart up /u.test(command)) {
      const options = ['--menu-port', '0', '--web-port', '0']
      port = (await upForTest(t, environment, join(place, 'shop'), options)).iso.port
      continue
    }
    const lines = (await run(command)).split('\n')
    for (const line of printed)
      t.ok(
        lines.some((one) => pattern(line).test(one)),
        `${command} prints ${line}: ${lines.join(' | ')}`,
      )
  }
})

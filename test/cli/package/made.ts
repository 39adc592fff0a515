import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { makeTestDirectory } from '../../server.ts'

/* `make packages`, and Akart from nothing but what it made. */

export const { version: VERSION } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
const ASSEMBLE = fileURLToPath(new URL('../../../src/cli/package/assemble.js', import.meta.url))
export const run = promisify(execFile)

/** An empty directory, removed in the end. */
export async function emptyDirectory(t: Pick<Test, 'teardown'>): Promise<string> {
  const root = await makeTestDirectory() // in memory: 16,000 files are copied again and again
  t.teardown(() => rm(root, { recursive: true, force: true }))
  return root
}

export type Made = { readonly sums: readonly string[]; readonly files: readonly string[] }

export async function makePackages(directory: string): Promise<Made> {
  const { stdout } = await run(process.execPath, [ASSEMBLE, directory])
  const lines = stdout.trim().split('\n').map((line) => line.split(/ +/u)) // prettier-ignore
  return { sums: lines.map(([sum = '']) => sum), files: lines.map(([, file = '']) => file) }
}

/** Empty where this machine cannot make it. */
export const fileOf = ({ files }: Made, ending: string): string => files.find((file) => file.endsWith(ending)) ?? ''

/** `akart up` of a program until `work` is done. */
export async function serving(
  root: string,
  program: string,
  work: (iso: string, home: string) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(root, 'home-'))
  const env = { PATH: process.env['PATH'], HOME: root }
  const ports = ['--iso-port', '0', '--http-port', '0']
  const up = spawn(process.execPath, [program, 'up', '--home', home, ...ports], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface({ input: up.stdout })) {
      const iso = /^ready iso=(\S+)/u.exec(line)?.[1]
      if (iso !== undefined) {
        up.stdout.resume()
        await work(iso, home)
        break
      }
    }
  } finally {
    up.kill('SIGTERM')
    await once(up, 'exit')
  }
}

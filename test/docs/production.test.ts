import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { openConnection, toUrl } from '../../src/db/access.ts'
import { emptyDatabase } from '../database.ts'
import { makeTestDirectory } from '../server.ts'
import { textOf } from './markdown.ts'
import { AKART, SIMULATOR } from '../programs.ts'

/** "Production" of docs/operations.md: every command is typed in order, and its output compared with the page. */

const PROGRAMS = { akart: AKART, 'akart-sim': SIMULATOR } as const
const directory = await makeTestDirectory()
const bin = join(directory, 'bin')
t.teardown(() => rm(directory, { recursive: true, force: true }))
for (const folder of ['bin', 'jan', 'ola']) await mkdir(join(directory, folder))
const cases = Object.entries(PROGRAMS).map(
  ([name, file]) => `${name}) shift; exec '${process.execPath}' '${file}' "$@";;`,
)
await writeFile(join(bin, 'npx'), `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`)
await chmod(join(bin, 'npx'), 0o755)

type Step = { readonly command: string; readonly says: readonly string[] }

function steps(): Step[] {
  const [, section = ''] = /^## Production$([\s\S]*?)^## /mu.exec(textOf('docs/operations.md')) ?? []
  const found: { command: string; says: string[] }[] = []
  for (const [, line = ''] of section.matchAll(/^ {4}(.*)$/gmu)) {
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), says: [] })
    else found.at(-1)?.says.push(line)
  }
  return found
}

/** The parts that differ between installations: omissions on the page, check values, ports. */
const asPattern = (line: string): RegExp =>
  new RegExp(
    line
      .replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
      .replaceAll('…', '.*')
      .replaceAll(/check value [0-9a-fA-F]+/gu, 'check value [0-9a-fA-F]+')
      .replaceAll(/127\\\.0\\\.0\\\.1:\d+/gu, String.raw`127\.0\.0\.1:\d+`),
    'u',
  )

/** A balance of a card that was never sold is answered, by whatever; before the terminal is served that is 58. */
async function isServed(typed: (command: string) => ChildProcess): Promise<boolean> {
  const child = typed(
    'npx akart-sim send balance --card sellable --issue XMAS26 --terminal TRIAL001 --cards cards.csv --terminals tills.csv',
  )
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  return !/response code +58/u.test(said)
}

t.test('from nothing to a card that pays', { timeout: 400_000 }, async (t) => {
  const access = await emptyDatabase(t)
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    AKART_DATABASE_URL: toUrl(access),
    AKART_ALLOW_ROOT: 'true',
  }
  let target = ''
  const adapted = (command: string): string =>
    command
      .replaceAll('/media/', `${directory}/`)
      .replace(/^npx akart up .*/u, '$& --iso-port 0 --http-port 0')
      .replace(/^npx akart-sim .*/u, `$& --target ${target}`)
  const typed = (command: string) =>
    spawn('bash', ['-c', adapted(command)], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })

  const walk = steps()
  t.ok(walk.length > 15, `${walk.length} commands`)
  for (const { command, says } of walk) {
    // A terminal is served at the latest a second after it was created; nobody types as fast as this.
    if (command.includes('akart-sim send sale')) while (!(await isServed(typed))) await sleep(100)
    const child = typed(command)
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    if (command.startsWith('npx akart up')) {
      t.teardown(async () => {
        child.kill('SIGTERM')
        if (child.exitCode === null) await once(child, 'exit')
      })
      for await (const line of createInterface({ input: child.stdout })) {
        said += `${line}\n`
        target = /^ready iso=(\S+)/u.exec(line)?.[1] ?? ''
        if (target !== '') break
      }
      child.stdout.resume()
    } else {
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
      t.equal((await once(child, 'close'))[0], 0, `${command}\n${said}`)
    }
    for (const line of says) t.match(said, asPattern(line), command)
  }
  const added = walk.flatMap(({ command }) => /akart user add (\S+)/u.exec(command)?.[1] ?? [])
  const connection = await openConnection(access, { multipleStatements: false })
  const [users] = await connection.query<RowDataPacket[]>('SELECT login FROM users ORDER BY login')
  await connection.end()
  t.same(
    users.map(({ login }) => String(login)),
    added.toSorted(),
    'nobody is there by default',
  )
  t.ok(added.length > 0)
})

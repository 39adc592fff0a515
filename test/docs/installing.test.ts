import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../../src/config/read-config.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { ROOT } from './markdown.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const unit = read('config/systemd/akart.service')
const image = read('config/container/Containerfile')
const compose = parse(read('config/container/compose.yaml')) as {
  readonly services: Readonly<Record<'akart' | 'database', Service>>
}
type Service = {
  readonly image: string
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly string[]
  readonly ports: readonly string[]
}
const config = await readConfig({ environment: {} })
const ports = [...config.listeners, config.menu, config.web, config.http].map(({ port }) => port)

t.test('the unit is what systemd understands', async (t) => {
  const settings = new Map(unit.split('\n').flatMap((line) => (/^\w+=/u.test(line) ? [line.split(/=(.*)/u, 2)] : [])) as [string, string][]) // prettier-ignore
  const [node, program] = (settings.get('ExecStart') ?? '').split(' ')
  t.equal(node, '/usr/bin/node')
  t.ok(existsSync(join(ROOT, (program ?? '').replace('/opt/akart/', ''))), `${program} is built`)
  t.equal(settings.get('User'), 'akart', 'not root')
  t.ok(Number(settings.get('TimeoutStopSec')) > 20, 'more than Akart takes to end in order')
  const [, options = ''] = /^NODE_OPTIONS=(.+)$/u.exec(settings.get('Environment') ?? '') ?? []
  for (const file of ['config/container/Containerfile', 'Makefile', 'bench/akart.ts']) {
    t.ok(options !== '' && read(file).includes(options), `${file} starts node as the unit does: ${options}`)
  }
  // Of several processes on one machine each has a home and settings of its own; the rest is the same.
  const several = read('config/systemd/akart@.service')
  const unlike = several.split('\n').filter((line) => !unit.split('\n').includes(line))
  t.ok(unlike.length === 5 && unlike.slice(1).every((line) => line.includes('%i')), unlike.join('; '))
  const analyze = await promisify(execFile)('systemd-analyze', [
    'verify',
    join(ROOT, 'config/systemd/akart.service'),
    join(ROOT, 'config/systemd/akart@.service'),
  ]).then(
    ({ stderr }) => stderr,
    (error: { code?: unknown; stderr?: string }) => (error.code === 'ENOENT' ? null : (error.stderr ?? '')),
  )
  if (analyze === null) t.comment('systemd-analyze is not here: the unit was read by this test alone')
  // The machine has no user, program and environment file of an installation: that is no fault of the unit.
  else t.notMatch(analyze, /akart@?\.service:\d+:/u)
})

t.test('the image serves the ports of the settings, by a user of its own, on the Node that is tested', async (t) => {
  const exposed = /^EXPOSE (.+)$/mu.exec(image)?.[1]?.split(' ').map(Number) ?? []
  t.same(new Set(exposed), new Set(ports))
  t.match(image, /^USER akart$/mu)
  const version = /^FROM node:(\d+)\./mu.exec(image)?.[1]
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  t.match(engines.node, new RegExp(`\\b${version}\\.`, 'u'))
  for (const [, from = ''] of image.matchAll(/^FROM (\S+)/gmu)) t.match(from, /^node:\d+\.\d+\.\d+-/u, 'pinned')
})

t.test('the parts of the composition fit each other', async (t) => {
  const { akart, database } = compose.services
  const access = parseDatabaseUrl((akart.environment['AKART_DATABASE_URL'] ?? '').replace(/passwordFile=[^&]*&/u, ''))
  t.match(access, { host: 'database', user: database.environment['MARIADB_USER'], database: database.environment['MARIADB_DATABASE'] }) // prettier-ignore
  t.ok(database.volumes.some((volume) => volume.startsWith('../my.cnf:')))
  t.match(database.image, /^mariadb:\d+\.\d+\.\d+$/u, 'pinned')
  for (const published of akart.ports) t.ok(ports.includes(Number(published.split(':').at(-1))), published)
  t.ok(
    akart.ports.includes(`127.0.0.1:${config.http.port}:${config.http.port}`),
    'health and metrics stay on the machine',
  )
})

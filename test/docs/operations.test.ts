import t from 'tap'
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import type { TObject, TSchema } from 'typebox'
import { environmentLayer, isObjectSchema } from '../../src/config/layers.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { ConfigSchema } from '../../src/config/schema.ts'
import { CASE_REASONS } from '../../src/core/state.ts'
import type { Counter } from 'prom-client'
import { RENAMED_METRICS, showOldNames } from '../../src/app/renamed-metrics.ts'
import { createMetrics } from '../../src/app/metrics.ts'
import { ageGauges } from '../../src/app/upkeep.ts'
import { webhookAttempts } from '../../src/app/webhooks.ts'
import { REPORT_NAMES } from '../../src/office/reports/reports.ts'
import { createUpstreamMetrics } from '../../src/app/upstream-metrics.ts'
import { allCommands, commandsPage, helpOfAkart, TOP_COMMANDS, writtenCommands } from './commands-page.ts'
import { differences, NONE, ROOT, tableOf, textOf, typed } from './markdown.ts'

const OPERATIONS = textOf('docs/operations.md')
const SETTINGS_PAGE = 'docs/settings.md'
const SETTINGS = textOf(SETTINGS_PAGE)
const METRICS_PAGE = 'docs/metrics.md'
const METRICS = textOf(METRICS_PAGE)

type Setting = { readonly path: readonly string[]; readonly schema: TSchema }

function settingsOf(schema: TObject, path: readonly string[] = []): Setting[] {
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    if (isObjectSchema(inner)) return settingsOf(inner, [...path, name])
    return 'items' in inner ? [] : [{ path: [...path, name], schema: inner }]
  })
}

/** `an integer from 1 to 600 (seconds)` is `1 to 600`, `one of a, b` is `a, b`; other descriptions stay. */
function valuesOf(schema: TSchema): string {
  const { description } = schema as { description?: string }
  const said = description ?? 'nothing'
  const [, from, to] = /^an integer from (\d+) to (\d+)/.exec(said) ?? []
  return from === undefined ? said.replace(/^one of /, '') : `${from} to ${to}`
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value)

/** The variable that sets this, found by asking the layer itself. */
function variableFor({ path }: Setting, candidates: readonly string[]): string {
  const variable = candidates.find((name) => {
    const { value } = environmentLayer(ConfigSchema, { [name]: '1' })
    return at(value, path) !== undefined
  })
  return variable ?? NONE
}

/** The lists of the configuration, and what the first column of the table of each is called. */
const LISTS = { listeners: 'key', upstreams: 'key of an upstream', routes: 'key of a route' } as const

t.test('settings: keys, defaults, values and variables', async (t) => {
  const columns = ['key', 'default', 'values', 'variable']
  const written = tableOf(SETTINGS, [...columns, 'what for'])
  const config = await readConfig({ environment: {} })
  const named = written.map(({ variable = '' }) => variable)
  const rows = settingsOf(ConfigSchema).map((setting) => ({
    key: setting.path.join('.'),
    default: String(at(config, setting.path)),
    values: valuesOf(setting.schema),
    variable: variableFor(setting, named),
  }))
  t.ok(
    rows.every(({ variable }) => variable !== NONE),
    'every variable is on the page',
  )
  t.same(differences(SETTINGS_PAGE, columns, written, rows), [])

  for (const [list, key] of Object.entries(LISTS)) {
    const { items } = ConfigSchema.properties[list as keyof typeof LISTS]
    const inEach = settingsOf(items).map(({ path, schema }) => ({
      [key]: path.join('.'),
      default: 'default' in schema ? String(schema.default) : NONE,
      values: valuesOf(schema),
    }))
    const columns = [key, 'default', 'values']
    t.same(differences(SETTINGS_PAGE, columns, tableOf(SETTINGS, [...columns, 'what for']), inEach), [])
  }
})

t.test('variables that are no settings', async (t) => {
  const folders = ['src', 'src/app', 'src/cli', 'src/home', 'src/db', 'src/log', 'test']
  const files = folders.flatMap((folder) => readdirSync(`${ROOT}${folder}`).map((file) => `${folder}/${file}`))
  const sources = [...files.filter((file) => file.endsWith('.ts')), 'Makefile'].map(textOf).join('\n')
  const used = new Set([...sources.matchAll(/\bAKART_[A-Z]+(?:_[A-Z]+)*\b/g)].map(([name]) => name))
  const settings = new Set(settingsOf(ConfigSchema).map((one) => variableFor(one, [...used])))
  const rows = [...used].filter((name) => !settings.has(name)).map((variable) => ({ variable }))
  t.same(differences(SETTINGS_PAGE, ['variable'], tableOf(SETTINGS, ['variable', 'what for']), rows), [])
})

t.test('metrics', async (t) => {
  const { registry } = createMetrics(
    () => 0,
    () => 0,
  )
  ageGauges(registry)
  webhookAttempts(registry)
  createUpstreamMetrics(registry, { states: () => [], depths: () => Promise.resolve([]), now: () => 0 })
  const own = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('akart_'))
  const rows = own.map((metric) => {
    const { name, type, labelNames = [] } = metric as unknown as { name: string; type: string; labelNames?: string[] }
    return { metric: name, kind: type, labels: labelNames.length === 0 ? NONE : labelNames.join(', ') }
  })
  t.ok(rows.length > 0)
  const columns = ['metric', 'kind', 'labels']
  t.same(differences(METRICS_PAGE, columns, tableOf(METRICS, [...columns, 'what']), rows), [])

  showOldNames(registry)
  ;(registry.getSingleMetric('akart_engine_errors_total') as Counter).inc(2)
  t.match(await registry.metrics(), /^akart_engine_troubles_total 2$/mu, 'the old name shows the same')
  t.same(
    differences(
      METRICS_PAGE,
      ['before', 'now'],
      tableOf(METRICS, ['before', 'now']),
      RENAMED_METRICS.map(({ was, is }) => ({ before: was, now: is })),
    ),
    [],
  )
})

t.test('reasons of cases', async (t) => {
  const rows = CASE_REASONS.map((reason) => ({ reason }))
  t.same(differences('docs/operations.md', ['reason'], tableOf(OPERATIONS, ['reason', 'what']), rows), [])
})

const optionsIn = (help: string): string[] => [...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, name = '']) => name)

t.test('the page of commands says what the commands say', async (t) => {
  t.equal(await writtenCommands(), await commandsPage(), 'write it: node build/test/docs/commands-page.js --write')
})

/** It runs when it is imported, so it is asked from outside. */
const helpOfSimulator = async (command: string): Promise<string> => {
  const program = `${ROOT}build/simulators/akart-sim.js`
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...command.split(' '), '--help'])
  return stdout
}

t.test('the specification names every report', async (t) => {
  const named = /^(`[a-z-]+`(?:, `[a-z-]+`)*): on screen/mu.exec(textOf('docs/spec/reports.md'))?.[1] ?? ''
  t.same(named.replaceAll('`', '').split(', '), [...REPORT_NAMES])
})

t.test('every command has its place in AkartMenu, or a reason to have none', async (t) => {
  const PLACES = 'docs/commands-and-screens.md'
  const written = tableOf(textOf(PLACES), ['command', 'in AkartMenu', 'reason'])
  const rows = (await allCommands()).map(({ name }) => ({ command: `akart ${name}` }))
  t.same(differences(PLACES, ['command'], written, rows), [])
  const router = textOf('src/menu/ui/src/router.tsx').replaceAll(/\$(\w+)/gu, ':$1')
  for (const { command = '', 'in AkartMenu': place = '', reason = '' } of written) {
    if (place === NONE) t.not(reason, NONE, `${command}: why`)
    else t.ok(router.includes(`path: '${place}'`), `${command}: ${place} is a page`)
  }
})

t.test('commands that the pages name exist, with their options', async (t) => {
  const lines = typed().flatMap(({ page, line }) => {
    const [, program, rest = ''] = /^(?:npx |node build\/\S*\/)?(akart(?:-sim)?)(?:\.js)? ([a-z-].*)$/.exec(line) ?? []
    // The specification describes promises, not the present commands.
    return program === undefined || page.startsWith('docs/spec/') ? [] : [{ page, program, rest }]
  })
  const simulated = new Set(lines.filter(({ program }) => program === 'akart-sim').map(({ rest }) => wordOf(rest)))
  t.ok(lines.length > 10 && simulated.size > 1)
  const helps = new Map<string, string>()
  for (const name of TOP_COMMANDS) helps.set(`akart ${name}`, await helpOfAkart(name))
  for (const { name, help } of await allCommands()) helps.set(`akart ${name}`, help)
  helps.set('akart issue limits', await helpOfAkart('issue limits'))
  for (const command of simulated) helps.set(`akart-sim ${command}`, await helpOfSimulator(command))

  const faultOf = (program: string, rest: string): string | null => {
    const fits = (command: string) => `${program} ${rest} `.startsWith(`${command} `)
    const command = [...helps.keys()].filter(fits).toSorted((a, b) => b.length - a.length)[0]
    // yargs shows the help of the whole program for a command that it does not have.
    if (command === undefined || !(helps.get(command) ?? '').startsWith(command)) return `no such command: ${rest}`
    const options = new Set(optionsIn(helps.get(command) ?? ''))
    const wrong = [...rest.matchAll(/ --([a-z-]+)/g)].map(([, name = '']) => name).filter((name) => !options.has(name))
    return wrong.length === 0 ? null : `${command} has no option --${wrong.join(', --')}`
  }
  const faults = lines.map(({ page, program, rest }) => ({ page, fault: faultOf(program, rest) }))
  const wrong = faults.filter(({ fault }) => fault !== null)
  t.same(wrong, [])
  t.match(faultOf('akart', 'dance'), /no such command/)
  t.match(faultOf('akart-sim', 'send payment --colour red'), /no option --colour/)
})

const wordOf = (rest: string): string => rest.split(' ')[0] ?? ''

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { createMetrics } from '../../src/app/metrics.ts'
import { ageGauges } from '../../src/app/upkeep.ts'
import { createUpstreamMetrics } from '../../src/app/upstream-metrics.ts'
import { RESULTS } from '../../src/core/result.ts'
import { ROOT, textOf } from './markdown.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly runbook_url: string }
}
type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] }

const read = (file: string): string => readFileSync(ROOT + file, 'utf8')
const { groups } = parse(read('config/prometheus/akart-alerts.yaml')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)
const { panels } = JSON.parse(read('config/grafana/akart.json')) as { panels: Panel[] }

function known(): ReadonlyMap<string, readonly string[]> {
  const { registry } = createMetrics(
    () => 0,
    () => 0,
  )
  ageGauges(registry)
  createUpstreamMetrics(registry, { states: () => [], depths: () => Promise.resolve([]), now: () => 0 })
  return new Map(
    registry.getMetricsAsArray().flatMap((metric) => {
      const { name, type, labelNames = [] } = metric as unknown as { name: string; type: string; labelNames?: string[] }
      const series = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
      return series.map((one) => [one, labelNames] as const)
    }),
  )
}
const metrics = known()

/** Of the service discovery, not of us; `le` is of every histogram. */
const COMMON_LABELS = ['job', 'instance', 'le']

/** The faults of an expression: an unknown metric, or a label that it does not have. */
function faultsOf(expression: string): string[] {
  const names = [...expression.matchAll(/\b(?:akart|process|nodejs)_\w+/gu)].map(([name]) => name)
  const labels = [
    ...[...expression.matchAll(/[{,]\s*(\w+)\s*[=!]/gu)].map(([, label = '']) => label),
    ...[...expression.matchAll(/\bby \(([^)]*)\)/gu)].flatMap(([, list = '']) => list.split(/,\s*/u)),
  ]
  const allowed = new Set([...COMMON_LABELS, ...names.flatMap((name) => metrics.get(name) ?? [])])
  return [
    ...names.filter((name) => !metrics.has(name)).map((name) => `${name} is no metric`),
    ...labels.filter((label) => !allowed.has(label)).map((label) => `${label} is no label of ${names.join(', ')}`),
  ]
}

t.test('an expression that names what is not there is found', async (t) => {
  t.same(faultsOf('rate(akart_frame_total[5m])'), ['akart_frame_total is no metric'])
  t.same(faultsOf('sum by (colour) (akart_lines{upstream="x"})'), [
    'upstream is no label of akart_lines',
    'colour is no label of akart_lines',
  ])
})

t.test('every alert is about metrics that exist, and has a section that says what to do', async (t) => {
  t.ok(rules.length > 10)
  const sections = [...textOf('docs/alerts.md').matchAll(/^## (\w+)$/gmu)].map(([, name = '']) => name)
  t.same(
    rules.map(({ alert }) => alert),
    sections,
    'in the same order',
  )
  for (const { alert, expr, labels, annotations } of rules) {
    t.same(expr.startsWith('up{') ? [] : faultsOf(expr), [], alert)
    t.match(labels.severity, /^(?:page|ticket)$/u, alert)
    t.equal(annotations.runbook_url, `docs/alerts.md#${alert.toLowerCase()}`)
  }
})

t.test('results that alerts ask for are results', async (t) => {
  const asked = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/result=~"([^"]+)"/gu)].flatMap(([, all = '']) => all.split('|')),
  )
  t.ok(asked.length > 0)
  t.same(
    asked.filter((name) => !(RESULTS as readonly string[]).includes(name)),
    [],
  )
})

t.test(
  'every panel of the dashboard shows metrics that exist, and every metric of ours is shown or alerted on',
  async (t) => {
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    for (const expression of expressions) t.same(faultsOf(expression), [], expression)
    const used = [...expressions, ...rules.map(({ expr }) => expr)].join(' ')
    const forgotten = [...metrics.keys()].filter(
      (name) => name.startsWith('akart_') && !/_(?:bucket|sum|count)$/u.test(name),
    )
    t.same(
      forgotten.filter((name) => !used.includes(name)),
      [],
    )
  },
)

const PROMTOOL = '/usr/bin/promtool'
t.test(
  "Prometheus' own tool reads the alerts",
  { skip: existsSync(PROMTOOL) ? false : `${PROMTOOL} is not here` },
  (t) => {
    const { stdout, stderr, status } = spawnSync(
      PROMTOOL,
      ['check', 'rules', `${ROOT}config/prometheus/akart-alerts.yaml`],
      {
        encoding: 'utf8',
      },
    )
    t.equal(status, 0, stderr)
    t.match(stdout, `${rules.length} rules found`)
    t.end()
  },
)

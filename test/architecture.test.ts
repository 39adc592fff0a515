import t from 'tap'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

type Rule = {
  /** Rooms whose files may be imported; a room may always import itself. */
  readonly rooms: readonly string[]
  /** Packages and node: modules; null: any. */
  readonly packages: readonly string[] | null
}

const COMMON = ['config', 'log', 'text']
const CRYPTO = ['node:crypto']

/** The rooms of docs/architecture.md. `log` is src/log.ts with src/log/; `app` is src/app.ts with src/app/ and src/main.ts. */
const ROOMS: Readonly<Record<string, Rule>> = {
  text: { rooms: [], packages: [] },
  core: { rooms: [], packages: [] },
  iso8583: { rooms: [], packages: ['yaml', 'iconv-lite', ...CRYPTO] },
  messages: { rooms: ['core', 'iso8583'], packages: CRYPTO },
  cards: { rooms: ['core'], packages: CRYPTO },
  keys: { rooms: ['iso8583'], packages: CRYPTO },
  config: { rooms: ['log', 'text'], packages: null },
  log: { rooms: ['text'], packages: null },
  db: { rooms: ['core', 'cards', ...COMMON], packages: null },
  engine: { rooms: ['core', 'db', ...COMMON], packages: null },
  demo: { rooms: ['core', 'cards', 'keys', 'messages', 'db', 'engine', ...COMMON], packages: null },
  custody: { rooms: ['core', 'keys', 'cards', 'db', 'switch', ...COMMON], packages: null },
  office: {
    rooms: ['core', 'cards', 'keys', 'messages', 'custody', 'db', 'demo', 'engine', ...COMMON],
    packages: null,
  },
  upstreams: { rooms: ['core', 'iso8583', 'messages', ...COMMON], packages: null },
  switch: { rooms: ['core', 'iso8583', 'messages', 'upstreams', ...COMMON], packages: null },
  jobs: { rooms: ['core', 'cards', 'db', 'office', ...COMMON], packages: null },
  menu: { rooms: ['core', 'office', 'http', ...COMMON], packages: null },
  web: { rooms: ['office', 'http', ...COMMON], packages: null },
  home: { rooms: ['db', ...COMMON], packages: null },
  http: { rooms: COMMON, packages: null },
  cli: { rooms: ['core', 'office', 'home', 'app', ...COMMON], packages: null },
  simulators: { rooms: ['iso8583', 'text'], packages: null },
}

// The wiring may import everything; only the command may import it.
const WIRING = 'app'

type Import = { readonly from: string; readonly what: string }

t.test('who imports whom', async (t) => {
  const files = [...(await sourcesOf('src')), ...(await sourcesOf('simulators'))]
  t.ok(files.length > 20, 'the sources were found')
  const imports = (await Promise.all(files.map(importsOf))).flat()
  t.ok(imports.length > files.length, 'so were their imports')
  t.same(imports.flatMap(violation), [])
})

t.test('no module imports itself in a circle, not even for a type', async (t) => {
  const files = [...(await everySourceOf('src')), ...(await everySourceOf('simulators'))]
  const imports = (await Promise.all(files.map(importsOf))).flat()
  t.same(circlesIn(imports), [])
  t.same(
    circlesIn([
      { from: 'src/a.ts', what: './b.ts' },
      { from: 'src/b.ts', what: './c/d.ts' },
      { from: 'src/c/d.ts', what: '../a.ts' },
      { from: 'src/c/e.ts', what: '../a.ts' },
      { from: 'src/c/e.ts', what: 'node:fs' },
    ]),
    ['src/a.ts → src/b.ts → src/c/d.ts → src/a.ts'],
    'one that there is, is seen',
  )
})

/** Made by test/web/client-types.ts, which writes what the API has. */
const GENERATED = [join('src', 'web', 'client', 'types.ts')]
const MOST_LINES = 400

const isLong = (text: string): boolean => text.split('\n').length > MOST_LINES

t.test('a file has less than 400 lines', async (t) => {
  const files = (await Promise.all(['src', 'simulators', 'bench'].map(everySourceOf))).flat()
  const texts = await Promise.all(
    files
      .filter((file) => !GENERATED.includes(file))
      .map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const),
  )
  t.same(
    texts.flatMap(([file, text]) => (isLong(text) ? [file] : [])),
    [],
  )
  t.equal(isLong('a\n'.repeat(400)), true, 'one that is longer is seen')
  t.equal(isLong('a\n'.repeat(399)), false)
})

t.test('a rule that is broken is seen', async (t) => {
  const rows: [string, string, string | null][] = [
    ['src/core/a.ts', './b.ts', null],
    ['src/core/a.ts', 'node:crypto', 'core may not import node:crypto'],
    ['src/core/a.ts', '../cards/luhn.ts', 'core may not import cards'],
    ['src/messages/a.ts', '../core/request.ts', null],
    ['src/db/sql/a.ts', '../../core/a.ts', null],
    ['src/db/sql/a.ts', '../../switch/a.ts', 'db may not import switch'],
    ['src/switch/a.ts', '../db/a.ts', 'switch may not import db'],
    ['src/office/a.ts', '../menu/a.ts', 'office may not import menu'],
    ['src/office/a.ts', '../home/a.ts', 'office may not import home'],
    ['src/engine/a.ts', '../office/a.ts', 'engine may not import office'],
    ['src/switch/a.ts', '../log.ts', null],
    ['src/http/a.ts', '../app.ts', 'http may not import app'],
    ['src/app.ts', './switch/listener.ts', null],
    ['src/main.ts', './app.ts', null],
    ['src/attic/a.ts', './b.ts', 'attic is not a room'],
    ['simulators/load/a.ts', '../terminal/b.ts', null],
    ['simulators/load/a.ts', '../../src/iso8583/pack.ts', null],
    ['simulators/load/a.ts', '../../src/messages/a.ts', 'simulators may not import messages'],
    ['src/core/a.ts', '../../simulators/a.ts', 'core may not import simulators'],
  ]
  for (const [from, what, wanted] of rows) {
    t.same(violation({ from, what }), wanted === null ? [] : [`${from}: ${wanted}`], `${from} imports ${what}`)
  }
  const text =
    "import type { A } from './a.ts'\nexport * from \"./b.ts\"\nimport './c.ts'\nawait import('./d.ts')\n// from nowhere"
  t.same(specifiersIn(text), ['./a.ts', './b.ts', './c.ts', './d.ts'])
})

function violation({ from, what }: Import): string[] {
  const room = roomOf(from)
  if (room === WIRING) return []
  const rule = ROOMS[room]
  if (rule === undefined) return [`${from}: ${room} is not a room`]
  if (!what.startsWith('.')) {
    return rule.packages === null || rule.packages.includes(what) ? [] : [`${from}: ${room} may not import ${what}`]
  }
  const target = roomOf(join(dirname(from), what))
  return target === room || rule.rooms.includes(target) ? [] : [`${from}: ${room} may not import ${target}`]
}

/** The first folder under src; simulators are one room; a file right under src is a room of its own. */
function roomOf(file: string): string {
  const [top = '', room = ''] = file.split(sep)
  if (top !== 'src') return top
  const name = room.replace(/\.ts$/, '')
  return name === 'main' ? WIRING : name
}

/** The circles that a search in depth meets first: there is one exactly where there is any. */
function circlesIn(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>()
  for (const { from, what } of imports) {
    if (what.startsWith('.')) targets.set(from, [...(targets.get(from) ?? []), join(dirname(from), what)])
  }
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) circles.push([...path.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return circles
}

/** Of the switch: the browser app of AkartMenu is a package of its own, with rules of its own. */
async function sourcesOf(folder: string): Promise<string[]> {
  return (await everySourceOf(folder)).filter((file) => !file.startsWith(join('src', 'menu', 'ui')))
}

async function everySourceOf(folder: string): Promise<string[]> {
  const files = await readdir(join(ROOT, folder), { recursive: true })
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file))
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(ROOT, file), 'utf8')
  return specifiersIn(text).map((what) => ({ from: relative('.', file), what }))
}

function specifiersIn(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm)
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [...statements, ...calls].map((match) => match[1] ?? '')
}

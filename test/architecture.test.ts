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
  custody: { rooms: ['core', 'keys', 'cards', 'db', 'switch', ...COMMON], packages: null },
  office: { rooms: ['core', 'cards', 'keys', 'messages', 'custody', 'db', 'engine', ...COMMON], packages: null },
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

// What wires everything together may import everything; nothing but the command may import it.
const WIRING = 'app'

type Import = { readonly from: string; readonly what: string }

t.test('who imports whom', async (t) => {
  const files = [...(await sourcesOf('src')), ...(await sourcesOf('simulators'))]
  t.ok(files.length > 20, 'the sources were found')
  const imports = (await Promise.all(files.map(importsOf))).flat()
  t.ok(imports.length > files.length, 'so were their imports')
  t.same(imports.flatMap(violation), [])
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

async function sourcesOf(folder: string): Promise<string[]> {
  const files = await readdir(join(ROOT, folder), { recursive: true })
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith(join('menu', 'ui')))
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

import t from 'tap'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NONE, PAGES, ROOT, tableOf, textOf, typed } from './markdown.ts'

/** GitHub's name for a heading: small letters, spaces as hyphens, everything else but letters, digits, _ and - away. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

/** The fault of a link; null if it resolves. */
function broken(page: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return null
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(ROOT + file)) return `${page}: the link ${target} leads nowhere`
  if (anchor === undefined || anchorsOf(file).includes(anchor)) return null
  return `${page}: ${file} has no heading for the link #${anchor}; it has ${anchorsOf(file).join(', ')}`
}

t.test('links lead somewhere', async (t) => {
  t.ok(PAGES.length > 5)
  const links = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
  )
  t.ok(links.length > 30)
  t.same(
    links.map(({ page, target }) => broken(page, target)).filter((found) => found !== null),
    [],
  )
  t.match(broken('README.md', 'docs/nothing.md'), /leads nowhere/)
  t.match(broken('README.md', 'docs/protocol.md#nothing'), /no heading/)
  t.equal(broken('docs/protocol.md', '#mac'), null)
})

/** A page of the specification and its section or clause, as comments and tests cite them: `docs/spec/terminal.md, section 3`. */
const CITATION = /(?<!\w)(docs\/spec\/)?([a-z]+)\.md, (section )?(\d+)/gu
const SPECIFICATION = readdirSync(`${ROOT}docs/spec`)

const sourceFiles = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/u.test(file) && !file.includes('node_modules') && !file.endsWith('links.test.ts'))
    .map((file) => `${folder}/${file}`)

/** The faults of a text's citations. */
function citationFaults(file: string, text: string): string[] {
  return [...text.matchAll(CITATION)].flatMap(([whole, folder, page = '', section, number = '']) => {
    if (!SPECIFICATION.includes(`${page}.md`)) return folder === undefined ? [] : [`${file}: ${whole}: no such page`]
    if (folder === undefined) return [`${file}: ${whole}: the specification is in docs/spec/`]
    const marks = textOf(`docs/spec/${page}.md`)
    const mark = new RegExp(section === undefined ? `^${number}\\. ` : `^## ${number}\\. `, 'mu')
    return mark.test(marks)
      ? []
      : [`${file}: ${whole}: there is no such ${section === undefined ? 'clause' : 'section'}`]
  })
}

t.test('what comments cite of the specification is there', async (t) => {
  const files = ['src', 'simulators', 'test', 'bench'].flatMap(sourceFiles)
  const faults = files.flatMap((file) => citationFaults(file, textOf(file)))
  t.same(faults, [])
  t.same(citationFaults('a', 'docs/spec/terminal.md, section 3 and docs/spec/abuse.md, 2'), [])
  t.equal(citationFaults('a', 'abuse.md, 2; docs/spec/terminal.md, section 99; docs/spec/house.md, 1').length, 3)
})

t.test('decisions cite the specification, and no paper that is not there', async (t) => {
  const decisions = PAGES.filter((page) => page.startsWith('docs/decisions/'))
  const cited =
    /\*\*The documents say\*\*|\((?:interface|design|domain|models|reliability|reports|foundations)(?:,|\))/u
  t.same(
    decisions.filter((page) => cited.test(textOf(page))),
    [],
  )
})

t.test(
  'the words of the glossary are in order, once each; what had another name has it nowhere in the code',
  async (t) => {
    const page = textOf('docs/glossary.md')
    const tables = page.split(/^## /mu).slice(1)
    for (const table of tables) {
      const words = [...table.matchAll(/^\| (?!word|---)(.+?) +\|/gmu)].map(([, word = '']) => word.toLowerCase())
      t.ok(words.length > 10)
      t.same(words, [...new Set(words)])
    }
    const code = [...(tables.at(-1) ?? '').matchAll(/_([a-zA-Z -]+)_ *\|$/gmu)].map(([, before = '']) => before)
    const old = code.filter((before) => !['before', 'key of numbers', 'set-up error', 'exclusively'].includes(before))
    t.ok(old.length > 10)
    const camel = old.map((words) =>
      words.toLowerCase().replace(/[ -](\w)/gu, (_, letter: string) => letter.toUpperCase()),
    )
    const exported = new RegExp(
      `^export (?:async )?(?:const|function|type|class) (?:create|open)?(?:${camel.join('|')})(?![a-z])`,
      'imu',
    )
    t.same(
      sourceFiles('src').filter((file) => exported.test(textOf(file))),
      [],
    )
    t.match('export function createWaitingRoom(', exported)
  },
)

t.test('every decision is dated and has the number of its file', async (t) => {
  const decisions = PAGES.filter((page) => page.startsWith('docs/decisions/'))
  for (const page of decisions) {
    const [, number = ''] = /(\d{4})-[a-z0-9-]+\.md$/.exec(page) ?? []
    const lines = textOf(page).split('\n')
    t.match(lines[0], new RegExp(`^# ${number} \\S`), page)
    t.match(lines[2], /^\d{4}-\d{2}-\d{2}$/, page)
    t.ok(lines.length <= 60, `${page}: one page at the most`)
  }
  const all = decisions.map((page) => page.slice('docs/decisions/'.length, 'docs/decisions/'.length + 4))
  t.same(all, [...new Set(all)], 'no number twice')
})

t.test('make targets exist', async (t) => {
  const targets = new Set([...textOf('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, name = '']) => name))
  const used = typed().flatMap(({ page, line }) => {
    const [, target] = /^make ([a-z-]+)/.exec(line) ?? []
    return target === undefined ? [] : [{ page, target }]
  })
  t.ok(used.some(({ target }) => target === 'run') && used.some(({ target }) => target === 'test'))
  t.same(
    used.filter(({ target }) => !targets.has(target)).map(({ page, target }) => `${page}: no target ${target}`),
    [],
  )
})

t.test('rooms and tables are told about', async (t) => {
  const page = textOf('docs/architecture.md')
  const rooms = readdirSync(`${ROOT}src`, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`src/${entry.name}/`] : [],
  )
  const told = tableOf(page, ['room', 'what lives there', 'may import']).map(({ room = NONE }) => room)
  t.same(
    rooms.filter((room) => !told.includes(room)),
    [],
    'docs/architecture.md: add these rooms to "The house"',
  )
  t.same(
    told.flatMap((room) => room.split(', ')).filter((room) => !existsSync(ROOT + room)),
    [],
    'docs/architecture.md: these rooms are not there',
  )
  const scripts = readdirSync(`${ROOT}sql`).filter((file) => file.endsWith('.up.sql'))
  const tables = scripts.flatMap((file) =>
    [...textOf(`sql/${file}`).matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = '']) => name),
  )
  const kept = tableOf(page, ['table', 'what it holds']).map(({ table = NONE }) => table)
  t.same(kept.toSorted(), tables.toSorted(), 'docs/architecture.md, "What is kept where": write these tables')
})

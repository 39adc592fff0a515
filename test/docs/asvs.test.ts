import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { MENU_POLICY } from '../../src/menu/policy.ts'
import { ROOT, textOf } from './markdown.ts'

/* docs/asvs.md against the standard's own numbers, and what its rows say of the browser app as a whole. */

const page = textOf('docs/asvs.md')

/** Requirements of levels 1 and 2 in ASVS 5.0.0: of each section the numbers; those of level 3 alone are left out. */
const ASKED: Readonly<Record<string, readonly number[]>> = {
  '3.2': [1, 2],
  '3.3': [1, 2, 3, 4],
  '3.4': [1, 2, 3, 4, 5, 6],
  '3.5': [1, 2, 3, 4, 5],
  '3.7': [1, 2],
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
}

const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number = '']) => /^\d+\.\d+\.\d+$/u.test(number))

t.test('a row for each requirement, in the standard’s order', async (t) => {
  const asked = Object.entries(ASKED).flatMap(([section, numbers]) => numbers.map((number) => `${section}.${number}`))
  t.same(
    rows.map(([, number]) => number),
    asked,
  )
  for (const [, number = '', level = '', what = '', where = ''] of rows) {
    t.match(level, /^[12]$/u, number)
    t.ok(what.length > 0 && where.length > 0, `${number}: says something`)
  }
})

t.test('every test that is named is there', async (t) => {
  const files = new Set((await readdir(join(ROOT, 'test'), { recursive: true })).map((file) => file.split('/').at(-1)))
  const named = [...page.matchAll(/[\w-]+\.test\.ts/gu)].map(([name]) => name)
  t.ok(named.length > 40)
  for (const name of named) t.ok(files.has(name), name)
  for (const [, path = ''] of page.matchAll(/\]\((\.\.\/src[^)]+)\)/gu))
    t.ok(existsSync(join(ROOT, 'docs', path)), path)
})

t.test('the policy of every page', async (t) => {
  const wanted = [
    "default-src 'self'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ]
  for (const directive of wanted) t.ok(MENU_POLICY.split('; ').includes(directive), directive)
  t.notMatch(MENU_POLICY, /unsafe-eval|script-src[^;]*unsafe-inline/u)
})

t.test(
  'the app sets no HTML, talks to no other window, needs no plug-in, and hides what is typed as a password',
  async (t) => {
    const directory = join(ROOT, 'src', 'menu', 'ui')
    const files = (await readdir(join(directory, 'src'), { recursive: true })).filter((file) => /\.tsx?$/u.test(file))
    t.ok(files.length > 100)
    const texts = await Promise.all(
      [...files.map((file) => join('src', file)), 'index.html'].map(async (file) => ({
        file,
        text: await readFile(join(directory, file), 'utf8'),
      })),
    )
    for (const { file, text } of texts) {
      t.notMatch(text, /dangerouslySetInnerHTML|\.innerHTML|outerHTML|insertAdjacentHTML|document\.write/u, file)
      // A port of the page's own channel has no other origin, nor has the BroadcastChannel of its tabs.
      t.notMatch(text, /(?<!\.port[12]|\btabs)\.postMessage\(/u, file)
      t.notMatch(text, /<(?:object|embed|applet)\b/u, file)
      t.notMatch(text, /onPaste/u, `${file}: pasting is nobody's business`)
      const fields = [...text.matchAll(/<TextInput\b[^]*?\/>/gu)].map(([field]) => field)
      for (const field of fields) t.notMatch(field, /-password"/u, `${file}: a password is a PasswordInput`)
    }
  },
)

import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { TSchema } from 'typebox'
import { stringify } from 'yaml'
import { readConfig } from '../../src/config/read-config.ts'
import { ConfigSchema } from '../../src/config/schema.ts'
import { AKART } from '../programs.ts'

/* Every setting of the schema with an invalid value: the message has file, line, name and value, but never a password. */

type Setting = { readonly path: readonly (string | number)[]; readonly isList: boolean }

/** All settings; of lists those of an item, which is the first one. */
function settingsOf(schema: TSchema, path: Setting['path'] = []): Setting[] {
  if ('properties' in schema) {
    return Object.entries(schema.properties as Record<string, TSchema>).flatMap(([name, inner]) =>
      settingsOf(inner, [...path, name]),
    )
  }
  if (!('items' in schema)) return [{ path, isList: false }]
  const items = schema.items as TSchema
  return [{ path, isList: true }, ...('properties' in items ? settingsOf(items, [...path, 0]) : [])]
}

const SETTINGS = settingsOf(ConfigSchema)
const nameOf = (path: Setting['path']): string =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('').replace(/^\./u, '') // prettier-ignore
/** One file with all of these settings, each with a value of its own. */
const fileOf = (settings: readonly Setting[], valueOf: (setting: Setting, i: number) => unknown): string =>
  stringify(settings.reduce((all, setting, i) => put(all, setting.path, valueOf(setting, i)), {}))

function put(target: unknown, [part, ...rest]: Setting['path'], value: unknown): object {
  if (part === undefined) return value as object
  const inner = (target as Record<string | number, unknown> | undefined)?.[part]
  const next = rest.length === 0 ? value : put(inner, rest, value)
  return typeof part === 'number' ? [next] : { ...(target as object | undefined), [part]: next }
}

const directory = await mkdtemp(join(tmpdir(), 'akart-settings-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const file = join(directory, 'own.yaml')
const PASSWORD = 'hunter2'

/** What is said of a file, a line for each fault. */
async function saidOf(text: string): Promise<readonly string[]> {
  await writeFile(file, text)
  const said = await readConfig({ file, environment: {} }).then(
    () => '',
    (error: unknown) => (error as Error).message,
  )
  return said.split('\n').map((line) => line.replace(`${directory}/`, ''))
}

const VALUES = SETTINGS.filter(({ isList }) => !isList)
const LISTS = SETTINGS.filter(({ isList }) => isList)
const OUTER_LISTS = LISTS.filter(({ path }) => !path.includes(0))

t.test('each setting, with a value of another kind', async (t) => {
  t.ok(VALUES.length > 90 && LISTS.length > 8, `${VALUES.length} settings and ${LISTS.length} lists`)
  const text = fileOf(VALUES, (_, i) => [`${PASSWORD}-${i}-`])
  const lines = text.split('\n')
  const said = await saidOf(text)
  for (const [i, { path }] of VALUES.entries()) {
    // The line above that of its value.
    const line = lines.findIndex((one) => one.includes(`${PASSWORD}-${i}-`))
    const found = said.find((one) => one.includes(`: ${nameOf(path)} must be `)) ?? ''
    t.ok(found.startsWith(`own.yaml:${line}: `) && found.endsWith('; it is a list of 1'), `line ${line}: ${found}`)
  }
  t.notMatch(said.join('\n'), PASSWORD)
  for (const some of [OUTER_LISTS, LISTS.filter((list) => !OUTER_LISTS.includes(list))]) {
    const ofLists = await saidOf(fileOf(some, () => 7))
    for (const { path } of some) {
      const found = ofLists.find((one) => one.includes(`: ${nameOf(path)} must be `)) ?? ''
      t.ok(/^own\.yaml:\d+: /u.test(found) && found.endsWith('; it is 7'), `${nameOf(path)}: ${found}`)
    }
  }
})

t.test('each setting, with a URL that has a password, or a mapping with one: no message has it', async (t) => {
  for (const value of [`mysql://akart:${PASSWORD}@db.example/akart`, { password: PASSWORD }, [{ key: PASSWORD }]]) {
    const said = (await saidOf(fileOf(VALUES, () => structuredClone(value)))).join('\n')
    t.match(said, /own\.yaml:\d+: /u)
    t.notMatch(said, PASSWORD)
    t.notMatch(
      (
        await saidOf(
          fileOf(
            LISTS.filter(({ path }) => !path.includes(0)),
            () => [value],
          ),
        )
      ).join('\n'),
      PASSWORD,
    )
  }
})

t.test('`akart config check` says it with exit code 2, and nothing of the secrets of its environment', async (t) => {
  const check = (text: string) => {
    const env = {
      ...process.env,
      AKART_DATABASE_URL: `mysql://akart:${PASSWORD}@db/akart`,
      AKART_TERMINAL_MASTER: PASSWORD,
    }
    const run = spawnSync(process.execPath, [AKART, 'config', 'check', '--show', '--config', file], { encoding: 'utf8', env, input: text }) // prettier-ignore
    return { code: run.status, said: `${run.stdout}${run.stderr}` }
  }
  await writeFile(file, 'engine:\n  workers: 0\nhttp:\n  prot: 1\n')
  const wrong = check('')
  t.equal(wrong.code, 2)
  t.match(wrong.said, /own\.yaml:4: http\.prot is not a setting/u)
  t.match(wrong.said, /own\.yaml:2: engine\.workers must be an integer from 1 to 64 .*; it is 0/u)
  await writeFile(file, 'engine:\n  workers: 3\n')
  const right = check('')
  t.equal(right.code, 0)
  t.match(right.said, /^ {2}workers: 3$/mu)
  t.notMatch(`${wrong.said}${right.said}`, PASSWORD)
})

import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Value } from 'typebox/value'
import { nameOf, problemsOf, type Problem } from './check.ts'
import { environmentLayer, merged, unknownVariables, valueLayer, yamlLayer, type Layer, type Path } from './layers.ts'
import { listenerProblems } from './listener-problems.ts'
import { RENAMED, withNamesOfToday } from './renamed.ts'
import { wrongRoutes } from './routes.ts'
import { ConfigSchema, type Config } from './schema.ts'
import { mailProblems } from './mail.ts'
import { siteProblems } from './sites.ts'
import { setUpError } from './set-up-error.ts'
import { timeZoneProblems } from './time-zone.ts'
import { fileErrorText } from '../text/file-error.ts'

/** `config/default.yaml` of this package, seen from build/src/config/. */
export const DEFAULT_FILE = fileURLToPath(new URL('../../../config/default.yaml', import.meta.url))

/** Variables that are not settings: secrets, and parameters of tests and simulators. */
const OTHER_VARIABLES = [
  'AKART_DATABASE_URL',
  'AKART_TERMINAL_MASTER',
  'AKART_TEST_DATABASE_URL',
  'AKART_TARGET',
  'AKART_SITUATION',
] as const

/** Settings in lists have no variables. */
const OLD_NAMES = RENAMED.map(({ was }) => was).filter((path) => !path.includes('*'))

/**
 * Prefixes of the parameters of benches, model tests and soaks; the programs that they start inherit these variables.
 */
const OTHER_BEGINNINGS = ['AKART_BENCH_', 'AKART_MODEL_', 'AKART_SOAK_'] as const

const toldToTests = (name: string): boolean => OTHER_BEGINNINGS.some((beginning) => name.startsWith(beginning))

/** A setting given on the command line; `origin` is the flag as typed, for messages. */
export type Flag = { readonly origin: string; readonly path: Path; readonly value: unknown }

export type ConfigSources = {
  /** The file of `--config`, if any. */
  readonly file?: string | undefined
  readonly environment: NodeJS.ProcessEnv
  readonly flags?: readonly Flag[]
  /** Receives a warning for every setting given by its old name. */
  readonly warn?: (text: string) => void
}

/**
 * The configuration: config/default.yaml, over it the file, over that the environment, over that the flags. A flag may
 * also set something in a list (`['listeners', 0, 'port']`).
 *
 * @throws a set-up error with one line for each problem: `file:line: listeners[0].port must be …; it is …`
 */
export async function readConfig(sources: ConfigSources): Promise<Config> {
  const files = [DEFAULT_FILE, ...(sources.file === undefined ? [] : [sources.file])]
  const layers: Layer[] = []
  const warn = sources.warn ?? (() => {})
  for (const file of files) layers.push(withNamesOfToday(await fileLayer(file), warn))
  const variables = environmentLayer(ConfigSchema, sources.environment, OLD_NAMES)
  layers.push(withNamesOfToday(variables, warn))
  const unknown = unknownVariables(ConfigSchema, sources.environment, OTHER_VARIABLES, OLD_NAMES).filter(
    ({ name }) => !toldToTests(name),
  )
  if (unknown.length > 0) {
    throw setUpError(unknown.map(({ name, nearest }) => `${name} is no setting; did you mean ${nearest}?`).join('\n'))
  }

  const flags = sources.flags ?? []
  const together = layers.map(({ value }) => value).reduce(merged)
  const value = Value.Default(ConfigSchema, flags.reduce(withFlag, structuredClone(together)))
  const shape = problemsOf(ConfigSchema, value)
  const wrong = [
    ...shape,
    ...listenerProblems(value),
    ...(shape.length === 0 ? [...siteProblems(value), ...mailProblems(value)] : []),
  ]
  const problems = wrong.length > 0 ? wrong : [...timeZoneProblems(value as Config), ...wrongRoutes(value as Config)]
  if (problems.length === 0) return frozen(value as Config)

  const byRank = [...layers, valueLayer(flags)].reverse()
  throw setUpError(problems.map((problem) => lineOf(problem, byRank, files.at(-1) ?? '')).join('\n'))
}

async function fileLayer(file: string): Promise<Layer> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw setUpError(`${shortened(file)}: can't be read: ${fileErrorText(error, String(error))}`)
  })
  const parsed = yamlLayer(shortened(file), text)
  if ('errors' in parsed) throw setUpError(parsed.errors.join('\n'))
  return parsed.layer
}

function withFlag(value: unknown, flag: Flag): unknown {
  const [part, ...rest] = flag.path
  if (part === undefined) return flag.value
  if (Array.isArray(value)) {
    return value.map((item, i) => (i === part ? withFlag(item, { ...flag, path: rest }) : item))
  }
  const mapping = (value ?? {}) as Record<string, unknown>
  return { ...mapping, [part]: withFlag(mapping[part], { ...flag, path: rest }) }
}

/** The place where the setting was given last or, if it is missing, where it should be. */
function lineOf(problem: Problem, layers: readonly Layer[], lastFile: string): string {
  const speaking = layersOf(problem.path, layers)
  for (let length = problem.path.length; length > 0; length--) {
    for (const layer of speaking) {
      const place = layer.placeOf(problem.path.slice(0, length))
      if (place !== null) return `${place}: ${nameOf(problem.path)} ${problem.text}`
    }
  }
  return `${shortened(lastFile)}: ${nameOf(problem.path)} ${problem.text}`
}

/** A list replaces the list of the layer below, so only the uppermost layer with the list can locate its items. */
function layersOf(path: Path, layers: readonly Layer[]): readonly Layer[] {
  const index = path.findIndex((part) => typeof part === 'number')
  const owner = index === -1 ? -1 : layers.findIndex((layer) => layer.placeOf(path.slice(0, index)) !== null)
  return owner === -1 ? layers : layers.slice(0, owner + 1)
}

function shortened(file: string): string {
  const short = relative(process.cwd(), file)
  return short.startsWith('..') ? file : short
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

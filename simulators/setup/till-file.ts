import { dirname, resolve } from 'node:path'
import { confirmations, macMethods } from '../demo/terminals.ts'
import { type Fault, readBranches } from '../scenario/nodes.ts'
import { mapReader } from '../scenario/reader.ts'
import { SetUpError } from '../set-up-error.ts'
import { frameLengths } from '../terminal/framing.ts'
import type { LineOptions } from './line-options.ts'
import { readText } from '../read-text.ts'

/** Keys of a till file: the options without their dashes. */
const TEXTS = {
  target: 'target',
  tpdu: 'tpdu',
  'tls-name': 'tlsName',
  terminal: 'terminal',
  store: 'store',
  currency: 'currency',
} as const

/** Files, seen from where the till file is. */
const FILES = {
  home: 'home',
  cards: 'cards',
  terminals: 'terminals',
  'tls-ca': 'tlsCa',
  'tls-cert': 'tlsCert',
  'tls-key': 'tlsKey',
} as const

const CHOICES = {
  length: ['length', frameLengths],
  confirmation: ['confirmation', confirmations],
  mac: ['mac', macMethods],
} as const

const FLAGS = { tls: 'tls', 'tls-verify': 'tlsVerify' } as const
/** Either a file or something else that is no path. */
const MIXED = { profile: 'profile', 'mac-key': 'macKey' } as const

export const tillKeys: readonly string[] = [TEXTS, FILES, CHOICES, FLAGS, MIXED].flatMap((part) => Object.keys(part))

const isPath = (text: string): boolean => /[./]/.test(text)
const flagOf = (text: string): boolean | null => (text === 'true' ? true : text === 'false' ? false : null)

/** Reads a till file. Throws a SetUpError naming file and line. */
export function readTillFile(file: string): LineOptions {
  const text = readText(file, { name: `--till ${file}` })
  const { root, faults } = readBranches(text)
  const options = root === null ? {} : optionsIn(root, dirname(file), faults)
  if (faults.length > 0)
    throw new SetUpError(
      faults
        .toSorted((a, b) => a.line - b.line)
        .map(({ line, reason }) => `${file}:${line}: ${reason}`)
        .join('\n'),
    )
  return options
}

function optionsIn(root: Parameters<typeof mapReader>[0], folder: string, faults: Fault[]): LineOptions {
  const map = mapReader(root, 'a till', tillKeys, faults)
  const found: Record<string, unknown> = {}
  const put = (name: string, value: unknown): void => {
    if (value !== null) found[name] = value
  }
  for (const [key, name] of Object.entries(TEXTS)) put(name, map.text(key))
  for (const [key, name] of Object.entries(FILES))
    put(
      name,
      map.parsed(key, (text) => resolve(folder, text), 'a file'),
    )
  for (const [key, name] of Object.entries(MIXED))
    put(
      name,
      map.parsed(key, (text) => (isPath(text) ? resolve(folder, text) : text), 'a file'),
    )
  for (const [key, name] of Object.entries(FLAGS)) put(name, map.parsed(key, flagOf, 'true or false'))
  for (const [key, [name, values]] of Object.entries(CHOICES))
    put(
      name,
      map.parsed(key, (text) => values.find((one) => one === text) ?? null, `one of ${values.join(', ')}`),
    )
  return found
}

/** The options as they were given, over those of the till file that they name. */
export function overTillFile<Options extends LineOptions>(options: Options): Options {
  if (options.till === undefined) return options
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  return { ...options, ...readTillFile(options.till), ...given }
}

import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { UsageError } from './usage-error.ts'

/** Components as typed or read from a file: hexadecimal, not validated yet. */
export type GivenComponents = {
  readonly components: readonly { readonly hex: string; readonly checkValue: string }[]
  readonly checkValue: string
}

/**
 * Reads the components of a key from a file or from standard input (`-`, or if standard input is no terminal), else
 * asks for them without echo. They are never taken from the command line, which every user of the machine can read.
 *
 * One line per component, with key and check value in hexadecimal; the last line has the check value of the whole key.
 * Empty lines and lines that begin with # are skipped.
 * @throws UsageError naming the line, never its content
 */
export async function readComponents(file: string | undefined): Promise<GivenComponents> {
  if (file === undefined && process.stdin.isTTY) return asked()
  if (file === undefined || file === '-') return parsed(await text(process.stdin), 'standard input')
  const content = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file}: can't be read`)
  })
  return parsed(content, file)
}

/** The same for the one component of a custodian: a line of key and check value. @throws UsageError */
export async function readComponent(file: string | undefined): Promise<GivenComponents['components'][number]> {
  if (file === undefined && process.stdin.isTTY) return (await asked(1)).components[0] ?? NOTHING
  const isInput = file === undefined || file === '-'
  const name = isInput ? 'standard input' : file
  const content = isInput
    ? await text(process.stdin)
    : await readFile(file, 'utf8').catch(() => {
        throw new UsageError(`${file}: can't be read`)
      })
  const [line, ...more] = linesOf(content)
  if (line === undefined || more.length > 0)
    throw new UsageError(`${name}: one component is expected, and nothing else`)
  return componentOf(line, name)
}

const NOTHING = { hex: '', checkValue: '' }

type Line = { readonly number: number; readonly words: readonly string[] }

const linesOf = (content: string): Line[] =>
  content
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, words: line.trim().split(/\s+/) }))
    .filter(({ words: [first = ''] }) => first !== '' && !first.startsWith('#'))

function componentOf({ number, words: [hex = '', checkValue = '', ...rest] }: Line, name: string) {
  if (isHex(hex) && isHex(checkValue) && rest.length === 0) return { hex, checkValue }
  throw new UsageError(`${name}:${number}: a component and its check value in hexadecimal are expected`)
}

function parsed(content: string, name: string): GivenComponents {
  const lines = linesOf(content)
  const last = lines.at(-1)
  if (last === undefined) throw new UsageError(`${name}: no components`)
  const components = lines.slice(0, -1).map((line) => componentOf(line, name))
  const [checkValue = '', ...rest] = last.words
  if (isHex(checkValue) && checkValue.length <= 10 && rest.length === 0) return { components, checkValue }
  throw new UsageError(`${name}:${last.number}: the check value of the whole key is expected last`)
}

const isHex = (word: string): boolean => /^(?:[0-9a-f]{2})+$/i.test(word)

/** @param only how many there are; null: that is asked for, and the check value of the key in the end */
async function asked(only: number | null = null): Promise<GivenComponents> {
  // readline writes the typed text to its output, which discards it; the questions are written elsewhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    const answer = (await lines.question('')).trim()
    process.stderr.write('\n')
    return answer
  }
  try {
    const count = only ?? Number(await ask('how many components (2 or 3): '))
    if (only === null && count !== 2 && count !== 3) throw new UsageError('a key has 2 or 3 components')
    const components = []
    for (let i = 1; i <= count; i++) {
      const which = only === null ? `component ${i}` : 'your component'
      const hex = await ask(`${which}, in hexadecimal: `)
      components.push({ hex, checkValue: await ask(`check value of ${which}: `) })
    }
    const checkValue = only === null ? await ask('check value of the key: ') : ''
    const all = components.flatMap(({ hex, checkValue: own }) => [hex, own])
    if (![...all, ...(only === null ? [checkValue] : [])].every(isHex)) {
      throw new UsageError('components and check values are hexadecimal')
    }
    return { components, checkValue }
  } finally {
    lines.close()
  }
}

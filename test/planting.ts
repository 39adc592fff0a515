import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** A fault to be put into the product: in the compiled `build/src/<file>.js`, `instead` takes the place of `text`. */
export type Bug = {
  readonly name: string
  readonly file: string
  /** Found once in the file, whatever white space is between its words. */
  readonly text: string
  readonly instead: string
}

export const fileOf = ({ file }: Bug): string => new URL(`../src/${file}.js`, import.meta.url).href

/** The source with the bug in it. @throws if its text does not occur exactly once, because the product was changed */
export function planted(source: string, { name, file, text, instead }: Bug): string {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
  const places = new RegExp(words.join(String.raw`\s+`), 'g')
  const found = source.match(places)?.length ?? 0
  if (found !== 1) throw new Error(`“${name}” cannot be planted: src/${file}.ts has its text ${found} times: ${text}`)
  return source.replace(places, () => instead)
}

/** @throws for the first that cannot be planted */
export async function mustBePlantable(bugs: readonly Bug[]): Promise<void> {
  for (const bug of bugs) planted(await readFile(fileURLToPath(fileOf(bug)), 'utf8'), bug)
}

/** A checker's verdict: its finding, or null, and the number of histories. */
export type Verdict = { readonly finding: string | null; readonly histories: number }

/** The program of a process with a planted bug: `module` exports `play(input)`, which gives a verdict. */
export type Order = { readonly bug: Bug | null; readonly module: string; readonly input: unknown }

const PROCESS = fileURLToPath(new URL('planted-process.js', import.meta.url))
/** ms; a bug may also make the engines wait for ever, which then counts as not found by the checker. */
const PATIENCE = 450_000

/**
 * Runs a process with this bug, on the database server at `url`; null: without any.
 * @throws with its output if it gave no verdict
 */
export async function playPlanted(order: Order, environment: NodeJS.ProcessEnv): Promise<Verdict> {
  const child = fork(PROCESS, [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [], // not those of the test runner
    env: { ...process.env, ...environment },
  })
  const tooLong = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const written = child.stderr === null ? Promise.resolve('') : text(child.stderr)
  let verdict: Verdict | null = null
  child.on('message', (said) => (verdict = said as Verdict))
  child.send(order)
  const [code, signal] = await exited
  clearTimeout(tooLong)
  if (verdict !== null) return verdict
  throw new Error(`no verdict, ended with ${signal ?? code}: ${await written}`)
}

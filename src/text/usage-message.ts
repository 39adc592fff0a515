/** What yargs says of a command line, in words that name what was typed or is missing, and where help is. */
export type Typed = {
  /** The message of yargs. */
  readonly message: string
  /** The first line of the help that fits, for example `akart cases show <id>`. */
  readonly usage: string
  readonly words: readonly string[]
}

/** `id is missing`, `unknown option --confi`, `unknown command isue; did you mean issue?`; the second line names the help. */
export function usageMessage({ message, usage, words }: Typed): string {
  const parts = usage.trim().split(/\s+/u)
  const path = parts.filter((part) => !/^[<[]/u.test(part))
  const positionals = parts.filter((part) => /^[<[]/u.test(part)).map((part) => part.replaceAll(/[<>[\]]/gu, ''))
  const named: Named = { positionals, words, depth: path.length - 1 }
  const text = WORDINGS.reduce((said, [pattern, wording]) => {
    const found = pattern.exec(message)
    return found === null ? said : wording(found.slice(1), named)
  }, message)
  return `${text}\nSee: ${path.join(' ')} --help`
}

type Named = {
  readonly positionals: readonly string[]
  readonly words: readonly string[]
  /** How many words the command has after the name of the program. */
  readonly depth: number
}

const WORDINGS: readonly (readonly [RegExp, (found: readonly string[], named: Named) => string])[] = [
  [
    /^Not enough non-option arguments: got (\d+), need at least (\d+)$/u,
    ([got, needed], { positionals }) => areMissing(positionals.slice(Number(got), Number(needed))),
  ],
  [/^Not enough arguments following: (.+)$/u, ([name = '']) => `--${name} needs a value`],
  [/^Missing required arguments?: (.+)$/u, ([names = '']) => areMissing(names.split(', ').map((name) => `--${name}`))],
  [/^Unknown (?:arguments?|commands?): (.+)$/u, ([names = ''], { words }) => unknown(names.split(', '), words)],
  [/^Did you mean (.+)\?$/u, ([other = ''], named) => `${unknownCommand(named)}; did you mean ${other}?`],
  [
    /^Invalid values:\s+Argument: (.+), Given: "(.*)", Choices: (.+)$/su,
    ([name = '', given = '', choices = ''], { positionals }) => {
      const what = positionals.includes(name) ? name : `--${name}`
      return `${what} must be one of ${choices.replaceAll('"', '')}; it is ${given}`
    },
  ],
]

const areMissing = (names: readonly string[]): string =>
  `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`

function unknown(names: readonly string[], words: readonly string[]): string {
  const isOption = (name: string): boolean => words.some((word) => word.replace(/=.*$/su, '') === `--${name}`)
  return [...new Set(names)].map((name) => (isOption(name) ? `unknown option --${name}` : `unknown word ${name}`)).join(', ') // prettier-ignore
}

/** The word at the place of the command; unnamed where options before it make the place uncertain. */
function unknownCommand({ words, depth }: Named): string {
  const before = words.slice(0, depth + 1)
  const word = before.some((one) => one.startsWith('-')) ? undefined : before[depth]
  return word === undefined ? 'unknown command' : `unknown command ${word}`
}

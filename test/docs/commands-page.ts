import { readFile, writeFile } from 'node:fs/promises'
import { format } from 'oxfmt'
import yargs from 'yargs'
import { commandsFor } from '../../src/cli/run-command.ts'
import { ROOT } from './markdown.ts'

/*
 * docs/commands.md, made of the commands' own help. `node build/test/docs/commands-page.js --write` writes it after a
 * change of a command; a test compares.
 */

export const COMMANDS_PAGE = 'docs/commands.md'
const akartCommands = await commandsFor([])

/** The names of all commands of the first level. */
export const TOP_COMMANDS: readonly string[] = akartCommands.map(({ command }) => String(command).split(' ')[0] ?? '')

const helps = new Map<string, Promise<string>>()

/** `akart WORDS --help` as text; each is asked for once. */
export function helpOfAkart(command: string): Promise<string> {
  const help = helps.get(command) ?? askHelp(command)
  helps.set(command, help)
  return help
}

const askHelp = (command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    void yargs()
      .scriptName('akart')
      .command(akartCommands)
      .wrap(null)
      .parse(
        [...command.split(' ').filter(Boolean), '--help'],
        (error: Error | undefined, _arguments: unknown, output: string) => {
          if (error === undefined || error === null) resolve(output)
          else reject(error)
        },
      )
  })

/** One command with its help. */
type Command = { readonly name: string; readonly usage: string; readonly about: string; readonly help: string }

const named = (name: string, help: string): Command => {
  const [usage = '', , about = ''] = help.split('\n')
  return { name, usage, about, help }
}

/** The commands below `name`, or itself where it has none. */
async function leavesOf(name: string): Promise<readonly Command[]> {
  const help = await helpOfAkart(name)
  const inner = [...help.matchAll(new RegExp(`^ +akart (${name} [a-z-]+)`, 'gmu'))].map(([, one = '']) => one)
  if (inner.length === 0) return [named(name, help)]
  return (await Promise.all(inner.map(leavesOf))).flat()
}

/** Every command that does something, in the order of `akart --help`. */
export const allCommands = async (): Promise<readonly Command[]> =>
  (await Promise.all(TOP_COMMANDS.map(leavesOf))).flat()

/** Described once, at the head of the page. */
const COMMON: ReadonlySet<string> = new Set(['help', 'version', 'home', 'who', 'json'])
/** Their options are the settings of an issue, which docs/issuing.md describes. */
const OF_SETTINGS: ReadonlySet<string> = new Set(['issue create', 'issue change', 'issue limits propose'])

type Option = { readonly name: string; readonly about: string }

/** `--most  maximum number of rows  [number] [default: 100]` as a row. */
const optionsOf = ({ help }: Command): readonly Option[] =>
  [...help.matchAll(/^ +--([a-z-]+) +(.*)$/gmu)].map(([, name = '', rest = '']) => {
    const about = rest.replace(/ +\[.*$/u, '')
    const facts = [...rest.matchAll(/\[(choices|default|required)(?:: ([^\]]*))?\]/gu)].flatMap(
      ([, fact, value = '']) =>
        fact === 'required'
          ? ['mandatory']
          : ['false', '[]', '""'].includes(value)
            ? []
            : [`${fact}: ${value.replaceAll('"', '')}`],
    )
    return { name, about: [about, ...facts].join('; ') }
  })

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`)

function rowsOf(command: Command): string[] {
  const options = OF_SETTINGS.has(command.name) ? [] : optionsOf(command).filter(({ name }) => !COMMON.has(name))
  return [
    `| \`${command.usage.replaceAll('|', String.raw`\|`)}\` | ${cell(command.about)} |`,
    ...options.map(({ name, about }) => `| \`--${name}\` | ${cell(about)} |`),
  ]
}

const HEAD = `# Commands

All commands of \`akart\` with their options; \`akart COMMAND --help\` prints the same. This page is made of it by \`node build/test/docs/commands-page.js --write\`. What the commands are for, with examples, is in [operations.md](operations.md); the settings of an issue are in [issuing.md](issuing.md).

Options that many commands share:

| option | what for |
| --- | --- |
| \`--home\` | the home directory of the installation; default: \`.akart\` |
| \`--who\` | the person who does it, for the record; it counts only while the installation has no users |
| \`--json\` | output for programs: one JSON object a line |
`

/** The page as it should be. */
export async function commandsPage(): Promise<string> {
  const sections = await Promise.all(
    TOP_COMMANDS.map(async (name) => {
      const rows = (await leavesOf(name)).flatMap(rowsOf)
      return `## akart ${name}\n\n| command or option | what for |\n| --- | --- |\n${rows.join('\n')}\n`
    }),
  )
  return (await format(COMMANDS_PAGE, [HEAD, ...sections].join('\n'))).code
}

export const writtenCommands = (): Promise<string> => readFile(`${ROOT}${COMMANDS_PAGE}`, 'utf8')
if (process.argv.includes('--write')) await writeFile(`${ROOT}${COMMANDS_PAGE}`, await commandsPage())

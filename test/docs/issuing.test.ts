import t from 'tap'
import yargs from 'yargs'
import { settingOptions } from '../../src/office/issues.ts'
import { ISSUE_SETTINGS, type Setting } from '../../src/cards/issue-settings.ts'
import { MAKER_COLUMNS } from '../../src/cards/maker-layout.ts'
import { issueCommand } from '../../src/cli/issue.ts'
import { valueText } from '../../src/cli/issue-text.ts'
import { ISSUE_STATES } from '../../src/core/issue.ts'
import { differences, NONE, tableOf, textOf } from './markdown.ts'

const PAGE = 'docs/issuing.md'
const page = textOf(PAGE)

t.test('settings', async (t) => {
  const rows = settingOptions.map(({ name, expected }) => {
    const { otherwise }: Setting<unknown> = ISSUE_SETTINGS[name as keyof typeof ISSUE_SETTINGS]
    return {
      setting: name,
      'must be': expected,
      'unless said': otherwise === undefined ? NONE : valueText(otherwise.value, expected),
    }
  })
  const columns = ['setting', 'must be', 'unless said']
  t.same(differences(PAGE, columns, tableOf(page, columns), rows), [])
})

t.test('states, and columns of makers', async (t) => {
  const states = tableOf(page, ['state', 'what it means', 'what comes next'])
  t.same(differences(PAGE, ['state'], states, ISSUE_STATES.map((state) => ({ state }))), []) // prettier-ignore
  const columns = tableOf(page, ['column', 'what'])
  t.same(differences(PAGE, ['column'], columns, MAKER_COLUMNS.map((column) => ({ column }))), []) // prettier-ignore
})

const COMMANDS = ['create', 'change', 'list', 'show', 'generate', 'export', 'proofs', 'activate', 'authorise', 'close', 'limits propose', 'limits approve', 'limits refuse'] // prettier-ignore

t.test('commands and their options, settings aside', async (t) => {
  const settings = new Set(settingOptions.map(({ option }) => option))
  const rows: { option: string }[] = []
  for (const command of COMMANDS) {
    const help = await helpOf(command)
    for (const [, option = ''] of help.matchAll(/^ +--([a-z-]+)/gm)) {
      if (!settings.has(option) && option !== 'help' && option !== 'version') {
        rows.push({ option: `akart issue ${command} --${option}` })
      }
    }
  }
  let command = ''
  const written = tableOf(page, ['command', 'option', 'what for']).map((row) => {
    command = row['command'] === '' ? command : (row['command'] ?? '')
    return { option: `${command} ${row['option']}` }
  })
  t.same(differences(PAGE, ['option'], written, rows), [])
})

const helpOf = (command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    void yargs()
      .scriptName('akart')
      .command(issueCommand)
      .wrap(null)
      .parse(['issue', ...command.split(' '), '--help'], (error: Error | undefined, _: unknown, output: string) => {
        if (error === undefined || error === null) resolve(output)
        else reject(error)
      })
  })

import t from 'tap'
import yargs from 'yargs'
import { databaseCommand } from '../../src/cli/database.ts'
import { URL_PARAMETERS } from '../../src/db/access.ts'
import { MIGRATION_RIGHTS, SERVICE_RIGHTS } from '../../src/office/database-grants.ts'
import { tableOf, textOf } from './markdown.ts'

const page = textOf('docs/database.md')

t.test('the parameters of a database URL', async (t) => {
  const written = tableOf(page, ['parameter', 'what for'])
  t.same(
    written.map(({ parameter }) => parameter),
    URL_PARAMETERS,
  )
})

t.test('the rights of both users', async (t) => {
  t.match(tableOf(page, ['user', 'rights']), [
    { user: 'service', rights: SERVICE_RIGHTS.join(', ') },
    { user: 'migrations', rights: MIGRATION_RIGHTS.join(', ') },
  ])
})

t.test('the options of akart database grants', async (t) => {
  const help = await yargs().command(databaseCommand).getHelp()
  t.match(help, /Database: migrate, grants, serve, restored/u)
  const grants = await yargs(['database', 'grants', '--help']).command(databaseCommand).exitProcess(false).getHelp()
  for (const { option = '', default: value = '' } of tableOf(page, ['option', 'default', 'what for'])) {
    t.ok(grants.includes(option), option)
    t.ok(grants.includes(`"${value}"`), `${option} is ${value} unless given`)
  }
})

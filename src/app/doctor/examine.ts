import { realpath } from 'node:fs/promises'
import { readConfig } from '../../config/read-config.ts'
import type { Config } from '../../config/schema.ts'
import { isSetUpError } from '../../config/set-up-error.ts'
import { withDatabase } from '../../home/database-server.ts'
import { openLog } from '../../log.ts'
import { readUsedProfiles } from '../used-profiles.ts'
import { certificateFindings } from './certificates.ts'
import { databaseFindings } from './database.ts'
import { fail, ok, type Finding } from './finding.ts'
import { diskFinding, nodeFinding, permissionFindings, rootFinding } from './machine.ts'

/**
 * Checks everything that an installation depends on, changes nothing, and continues after a fault. A running Akart is not
 * disturbed; if none runs, a private database is started for the checks and stopped after them.
 */
export async function examine(home: string, configFile: string | undefined): Promise<Finding[]> {
  const directory = await realpath(home).catch(() => null)
  const config = await configOrFindings(configFile)
  return [
    nodeFinding(),
    rootFinding(),
    ...(directory === null
      ? [fail('home', `${home} is not there`, 'akart init, then akart up make it')]
      : [...(await permissionFindings(directory)), await diskFinding(directory)]),
    ...(Array.isArray(config) ? config : [ok('configuration', configFile ?? 'the defaults')]),
    ...(Array.isArray(config) ? [] : await certificateFindings(config, Date.now())),
    ...(directory === null ? [] : await databaseOf(directory)),
  ]
}

async function configOrFindings(file: string | undefined): Promise<Config | Finding[]> {
  try {
    const config = await readConfig({ file, environment: process.env })
    await readUsedProfiles(config)
    return config
  } catch (error) {
    if (!isSetUpError(error)) throw error
    return error.message.split('\n').map((line) => fail('configuration', line, 'docs/operations.md#configuration'))
  }
}

async function databaseOf(directory: string): Promise<Finding[]> {
  const log = openLog({ level: 'error', file: null })
  return withDatabase(directory, process.env['AKART_DATABASE_URL'], log, databaseFindings).catch((error: unknown) => [
    fail('database', error instanceof Error ? error.message : String(error), 'docs/database.md'),
  ])
}

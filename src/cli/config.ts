import type { CommandModule } from 'yargs'
import { stringify } from 'yaml'
import { readUsedProfiles } from '../app/used-profiles.ts'
import { readConfig } from '../config/read-config.ts'

const check: CommandModule<object, { config: string | undefined; show: boolean }> = {
  command: 'check',
  describe: 'Check the settings and the dialects as akart up reads them; report errors with file and line',
  builder: (yargs) =>
    yargs
      .option('config', { type: 'string', describe: 'YAML file laid over config/default.yaml' })
      .option('show', { type: 'boolean', default: false, describe: 'print the resulting settings as YAML' }),
  async handler({ config: file, show }) {
    const config = await readConfig({ file, environment: process.env, warn: (text) => console.error(text) })
    const profiles = await readUsedProfiles(config)
    if (show) console.log(stringify(config))
    else console.log(`the settings are right; dialects: ${[...profiles.keys()].join(', ')}`)
  },
}

export const configCommand: CommandModule = {
  command: 'config',
  describe: 'Configuration: check',
  builder: (yargs) => yargs.command(check).demandCommand(1, 'a command is missing: check'),
  handler: () => {},
}

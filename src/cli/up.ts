import type { CommandModule } from 'yargs'
import { UsageError } from './usage-error.ts'

type Arguments = {
  home: string
  config: string | undefined
  'iso-port': number | undefined
  'http-port': number | undefined
}

export const upCommand: CommandModule<object, Arguments> = {
  command: 'up',
  describe: 'Start everything: database, migrations, switch, HTTP; stop it with Ctrl-C',
  builder: (yargs) =>
    yargs
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the database, logs and secrets' })
      .option('config', { type: 'string', describe: 'YAML file laid over config/default.yaml' })
      .option('iso-port', { type: 'number', describe: 'port of the first listener; 0 takes a free one' })
      .option('http-port', { type: 'number', describe: 'port of HTTP; 0 takes a free one' })
      .check(
        ({ 'iso-port': isoPort, 'http-port': httpPort }) =>
          isPort(isoPort, '--iso-port') && isPort(httpPort, '--http-port'),
      ),
  // The switch is loaded for this command only: every other one starts in half the time.
  handler: async ({ home, config, 'iso-port': isoPort, 'http-port': httpPort }) =>
    (await import('../main.ts')).up({ home, config, isoPort, httpPort, say: (line) => console.log(line) }),
}

/** @throws UsageError for what is no port */
function isPort(value: number | undefined, flag: string): true {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 65_535)) return true
  throw new UsageError(`${flag} takes a port from 0 to 65535`)
}

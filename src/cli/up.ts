import type { CommandModule } from 'yargs'
import { UsageError } from './usage-error.ts'

type Arguments = {
  home: string
  config: string | undefined
  'iso-port': number | undefined
  'http-port': number | undefined
  'menu-port': number | undefined
  'web-port': number | undefined
  'allow-root': boolean
}

export const upCommand: CommandModule<object, Arguments> = {
  command: 'up',
  describe: 'Start everything: database, migrations, switch, HTTP. Ctrl-C stops it',
  builder: (yargs) =>
    yargs
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the database, logs and secrets' })
      .option('config', { type: 'string', describe: 'YAML file laid over config/default.yaml' })
      .option('iso-port', { type: 'number', describe: 'port of the first listener; 0 takes a free one' })
      .option('http-port', { type: 'number', describe: 'port of health and metrics; 0 takes a free one' })
      .option('menu-port', { type: 'number', describe: 'port of AkartMenu; default: a free one if --http-port is 0' })
      .option('web-port', { type: 'number', describe: 'port of AkartWeb; default: a free one if --http-port is 0' })
      .option('allow-root', { type: 'boolean', default: false, describe: 'serve a production database as root' })
      .check((given) => PORTS.every((name) => isPort(given[name], `--${name}`))),
  // The switch is loaded for this command only: every other one starts in half the time.
  handler: async ({ home, config, 'allow-root': allowRoot, ...ports }) =>
    (await import('../main.ts')).up({
      home,
      config,
      isoPort: ports['iso-port'],
      httpPort: ports['http-port'],
      menuPort: ports['menu-port'],
      webPort: ports['web-port'],
      allowRoot,
      say: (line) => console.log(line),
    }),
}

const PORTS = ['iso-port', 'http-port', 'menu-port', 'web-port'] as const

/** @throws UsageError if the value is not a port */
function isPort(value: number | undefined, flag: string): true {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 65_535)) return true
  throw new UsageError(`${flag} takes a port from 0 to 65535`)
}

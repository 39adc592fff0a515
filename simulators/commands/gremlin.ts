import type { Argv } from 'yargs'
import { ruleLines } from '../control/rule.ts'
import { startControl } from '../control/server.ts'
import { ownProfile } from '../describe/profiles.ts'
import { parseGremlinRules } from '../gremlin/faults.ts'
import { startGremlin } from '../gremlin/gremlin.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAddress } from '../terminal/address.ts'
import { toldToEnd } from './wait-for-end.ts'
import { portOf, whole } from './whole.ts'

export type GremlinOptions = {
  target: string
  listen: string
  port: number
  control: number
  profile: string
  length: 'none' | 'be2' | 'be2-inclusive' | 'ascii4'
  tpdu: 'none' | '5'
  rule: string[]
  seed: number
}

export const gremlinOptions = <T>(args: Argv<T>) =>
  args
    .option('target', { type: 'string', default: '127.0.0.1:8583', describe: 'HOST:PORT to forward to' })
    .option('listen', { type: 'string', default: '127.0.0.1', describe: 'address to listen on' })
    .option('port', { type: 'number', default: 8601, describe: '0: a free one' })
    .option('control', { type: 'number', default: 0, describe: 'HTTP port of this machine to steer it; 0: a free one' })
    .option('profile', { type: 'string', default: 'iso87-ascii', describe: 'NAME or FILE.yaml, to read MTIs' })
    .option('length', { choices: ['none', 'be2', 'be2-inclusive', 'ascii4'] as const, default: 'be2' as const })
    .option('tpdu', { type: 'string', choices: ['none', '5'] as const, default: 'none' as const })
    .option('rule', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'fault to inject, for example "halve to=client percent=5"',
    })
    .option('seed', { type: 'number', default: 1, describe: 'seed of the rules' })
    .example('$0 gremlin --rule "cut to=client on=0210 percent=10"', 'every tenth answer to an 0200 is lost')

/** `akart-sim gremlin`: a network with faults, until Ctrl-C. */
export async function gremlinCommand(options: GremlinOptions, write: (line: string) => void): Promise<number> {
  const rules = parseGremlinRules(options.rule)
  const blind = options.length === 'none' ? rules.findIndex(({ on }) => on.length > 0) : -1
  if (blind >= 0) {
    throw new SetUpError(`rule '${options.rule[blind]}' never happens: with --length none no MTI can be read`)
  }
  const gremlin = await startGremlin({
    host: options.listen,
    port: portOf('port', options.port),
    target: parseAddress(options.target),
    length: options.length,
    tpdu: options.tpdu === '5' ? 5 : 0,
    profile: ownProfile(options.profile),
    rules,
    seed: whole('seed', options.seed, 0, 2 ** 32 - 1),
  })
  const control = await startControl(portOf('control', options.control), {
    'GET /state': gremlin.state,
    'PUT /rules': (text) => gremlin.setRules(ruleLines(text)),
    'PUT /line': gremlin.line,
  })
  write(`ready gremlin=${gremlin.host}:${gremlin.port} control=127.0.0.1:${control.port}`)
  await toldToEnd()
  await control.stop()
  await gremlin.stop()
  return 0
}

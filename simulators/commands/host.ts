import type { Argv } from 'yargs'
import { ruleLines } from '../control/rule.ts'
import { startControl } from '../control/server.ts'
import { ownProfile } from '../describe/profiles.ts'
import { cardsUnder, PARTNER_PREFIX, readHostCards, trackOf } from '../host/cards.ts'
import { parseHostRules } from '../host/faults.ts'
import { startHost } from '../host/host.ts'
import { codecs, type Codec, wireOf } from '../terminal/wire.ts'
import { SetUpError } from '../set-up-error.ts'
import { toldToEnd } from './wait-for-end.ts'
import { portOf, whole } from './whole.ts'
import { readText } from '../read-text.ts'

export type HostOptions = {
  listen: string
  port: number
  control: number
  profile: string
  length: 'be2' | 'be2-inclusive' | 'ascii4'
  tpdu: 'none' | '5'
  maxFrame: number
  codec: Codec | undefined
  cards: string | undefined
  prefix: string
  rule: string[]
  seed: number
  signOn: boolean
  tlsCert: string | undefined
  tlsKey: string | undefined
}

export const hostOptions = <T>(args: Argv<T>) =>
  args
    .option('listen', { type: 'string', default: '127.0.0.1', describe: 'address to listen on' })
    .option('port', { type: 'number', default: 8600, describe: '0: a free one' })
    .option('control', { type: 'number', default: 0, describe: 'HTTP port of this machine to steer it; 0: a free one' })
    .option('profile', { type: 'string', default: 'iso87-ascii', describe: 'NAME or FILE.yaml' })
    .option('length', { choices: ['be2', 'be2-inclusive', 'ascii4'] as const, default: 'be2' as const })
    .option('tpdu', { type: 'string', choices: ['none', '5'] as const, default: 'none' as const })
    .option('max-frame', { type: 'number', default: 4096, describe: 'bytes' })
    .option('codec', {
      choices: codecs,
      describe: 'codec: the npm package iso_8583 (iso87-ascii only) or Akart’s own, which is faster',
    })
    .option('cards', { type: 'string', describe: 'FILE.yaml: cards: [{ number, state, balance }]' })
    .option('prefix', { type: 'string', default: PARTNER_PREFIX, describe: 'prefix of the cards, without --cards' })
    .option('rule', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'fault to inject, for example "late ms=3000 on=0200 percent=20"',
    })
    .option('seed', { type: 'number', default: 1, describe: 'seed of the rules' })
    .option('sign-on', { type: 'boolean', default: false, describe: 'serve a connection only after its 0800/001' })
    .option('tls-cert', { type: 'string', describe: 'FILE.pem, with --tls-key' })
    .option('tls-key', { type: 'string', describe: 'FILE.pem' })
    .example('$0 host --rule "silent on=0200 first=1"', 'the first 0200 is booked and not answered')

const textOf = (option: string, file: string): string => readText(file, { name: `--${option} ${file}` })

function tlsOf({ tlsCert, tlsKey }: HostOptions) {
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined) throw new SetUpError('--tls-cert and --tls-key go together')
  return { cert: textOf('tls-cert', tlsCert), key: textOf('tls-key', tlsKey) }
}

/** `akart-sim host`: a simulated upstream host, until Ctrl-C. */
export async function hostCommand(options: HostOptions, write: (line: string) => void): Promise<number> {
  const profile = ownProfile(options.profile)
  const host = await startHost({
    host: options.listen,
    port: portOf('port', options.port),
    frame: {
      length: options.length,
      tpdu: options.tpdu === '5' ? 5 : 'none',
      maxFrame: whole('max-frame', options.maxFrame, 64, 65_535),
    },
    wire: wireOf(profile, options.codec ?? null),
    cards: options.cards === undefined ? cardsUnder(options.prefix) : readHostCards(options.cards),
    rules: parseHostRules(options.rule),
    seed: whole('seed', options.seed, 0, 2 ** 32 - 1),
    signOn: options.signOn,
    tls: tlsOf(options),
  })
  const control = await startControl(portOf('control', options.control), {
    'GET /state': host.state,
    'GET /journal': host.journal,
    'GET /cards': () => host.cards.map((card) => ({ ...card, track2: trackOf(card) })),
    'PUT /rules': (text) => host.setRules(ruleLines(text)),
    'PUT /line': host.line,
  })
  write(`ready host=${host.host}:${host.port} control=127.0.0.1:${control.port}`)
  await toldToEnd()
  await control.stop()
  await host.stop()
  return 0
}

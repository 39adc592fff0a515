import { existsSync, readFileSync } from 'node:fs'
import { ownProfile } from '../describe/profiles.ts'
import type { DemoCard } from '../demo/cards.ts'
import { type Demo, readDemo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { renewDemoCards } from '../scenario/clerk.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAddress } from '../terminal/address.ts'
import { type Framing, USUAL_TPDU } from '../terminal/framing.ts'
import { DEFAULT_CURRENCY } from '../terminal/message.ts'
import type { Peer, Tls } from '../terminal/peer.ts'
import { wireOf } from '../terminal/wire.ts'
import type { LineOptions } from './line-options.ts'
import { overTillFile } from './till-file.ts'
import { readText } from '../read-text.ts'

const USUAL = { target: '127.0.0.1:8583', home: '.akart', profile: 'iso87-ascii', length: 'be2' } as const

/** The line of a command: its target, its dialect, and its terminal. */
export type LineSetup = {
  readonly peer: Peer
  readonly profile: Profile
  readonly demo: Demo
  /** Cards of `--cards`; null: that was not given. */
  readonly given: readonly DemoCard[] | null
  /** The terminal that was named; null: none was, and the first of the demo set will do. */
  readonly terminal: DemoTerminal | null
  readonly currency: string
  readonly home: string
}

/** The line set-up from options over the till file. Throws a SetUpError. */
export function lineSetup(given: LineOptions): LineSetup {
  const options = overTillFile(given)
  const profile = ownProfile(options.profile ?? USUAL.profile)
  const home = options.home ?? USUAL.home
  const demo = demoOf(options, home)
  const own = terminalOf(options, demo.terminals)
  const others = demo.terminals.filter((one) => one.terminal !== own?.terminal)
  return {
    peer: {
      address: parseAddress(options.target ?? USUAL.target),
      framing: framingOf(options),
      wire: wireOf(profile, null),
      tls: tlsOf(options),
    },
    profile,
    given: options.cards === undefined ? null : demo.cards,
    demo: own === null ? demo : { ...demo, terminals: [own, ...others] },
    terminal: own,
    currency: currencyOf(options),
    home,
  }
}

/** The same with unused demo cards, if they are those of HOME and not of a file. */
export async function lineSetupWithFreshCards(given: LineOptions): Promise<LineSetup> {
  const setup = lineSetup(given)
  const renewed = setup.given === null && setup.demo.cards.length > 0 && (await renewDemoCards(setup.home))
  return renewed ? lineSetup(given) : setup
}

/** The line must not be another than this one. */
export type Fixed = Pick<LineOptions, 'profile' | 'length' | 'tpdu'>

export function framingOf({ length, tpdu }: LineOptions): Framing {
  return { length: length ?? USUAL.length, tpdu: tpduOf(tpdu ?? 'none') }
}

function tpduOf(text: string): Buffer | null {
  if (text === 'none') return null
  if (text === '5') return USUAL_TPDU
  if (/^60[0-9a-fA-F]{8}$/.test(text)) return Buffer.from(text, 'hex')
  throw new SetUpError(`--tpdu ${text}: expected none, 5, or 5 bytes in hex that begin with 60`)
}

function currencyOf({ currency = DEFAULT_CURRENCY }: LineOptions): string {
  if (/^\d{3}$/.test(currency)) return currency
  throw new SetUpError(`--currency ${currency}: expected the three digits of ISO 4217, as 985`)
}

const textOf = (option: string, file: string | undefined): string | undefined =>
  file === undefined ? undefined : readText(file, { name: `--${option} ${file}` })

/** Naming a certificate implies TLS. */
export function tlsOf({ tls, tlsCa, tlsCert, tlsKey, tlsName, tlsVerify }: LineOptions): Tls | null {
  const files = [tlsCa, tlsCert, tlsKey, tlsName].some((one) => one !== undefined)
  if (tls === false || (tls === undefined && !files)) return null
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new SetUpError('--tls-cert and --tls-key go together')
  return {
    ca: textOf('tls-ca', tlsCa),
    cert: textOf('tls-cert', tlsCert),
    key: textOf('tls-key', tlsKey),
    name: tlsName,
    verify: tlsVerify ?? true,
  }
}

/** The demo set; nothing where there is none and the terminal is described by options alone. */
function demoOf({ cards, terminals, store }: LineOptions, home: string): Demo {
  const alone = store !== undefined
  const none = (file: string | undefined, name: string) =>
    alone && file === undefined && !existsSync(`${home}/demo/${name}`)
  return readDemo(
    { home, cards, terminals },
    { cards: none(cards, 'cards.csv'), terminals: none(terminals, 'terminals.csv') },
  )
}

const KEY = /^([0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/

function keyOf(macKey: string): string {
  // Never the text itself: it may be a key with a mistake in it.
  const key = /^[0-9a-fA-F]+$/.test(macKey) || !existsSync(macKey) ? macKey : readFileSync(macKey, 'utf8').trim()
  if (!KEY.test(key)) throw new SetUpError('--mac-key: expected 16 or 32 bytes in hex, or a file that holds them')
  return key
}

/** The named terminal: of the demo set with the given changes, or one of the user's own. */
function terminalOf(options: LineOptions, known: readonly DemoTerminal[]): DemoTerminal | null {
  const { terminal, store, confirmation, mac, macKey } = options
  if (terminal === undefined) {
    if (store !== undefined) throw new SetUpError('--store needs --terminal')
    if (mac !== undefined || macKey !== undefined) throw new SetUpError('--mac and --mac-key need --terminal')
    return null
  }
  const found = known.find((one) => one.terminal === terminal)
  const base =
    found ?? (store === undefined ? null : { terminal, store, confirmation: 'explicit', mac: 'none', key: '' })
  if (base === null)
    throw new SetUpError(
      `--terminal ${terminal}: expected one of ${known.map((one) => one.terminal).join(', ')}, or any with --store`,
    )
  const method = mac ?? (macKey === undefined ? base.mac : 'retail')
  const key = method === 'none' ? '' : macKey === undefined ? base.key : keyOf(macKey)
  if (method !== 'none' && key === '') throw new SetUpError(`--mac ${method} needs --mac-key`)
  return {
    terminal,
    store: store ?? base.store,
    confirmation: confirmation ?? (base.confirmation as DemoTerminal['confirmation']),
    mac: method as DemoTerminal['mac'],
    key,
  }
}

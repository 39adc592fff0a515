import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { type Address, isLoopback } from '../terminal/address.ts'
import type { Peer } from '../terminal/peer.ts'
import type { Mix } from './mix.ts'

/** The traffic to send: kinds, amount and rate. `rate` in requests per second, null for `max`. */
export type Plan = {
  peer: Peer
  profile: Profile
  /** DE49. */
  currency: string
  /** Tills that speak: each is one of the demo terminals, which share their trace numbers among their tills. */
  tills: DemoTerminal[]
  connections: number
  outstanding: number
  rate: number | null
  /** Seconds in which the rate, or the number of tills at work, grows from nothing. */
  ramp: number
  seconds: number | null
  count: number | null
  mix: Mix
  cards: DemoCard[]
}

/** The first sold cards are left to scenarios, which need unused cards. */
const LEFT_TO_SCENARIOS = 20

/** The cards that load pays with: sold ones, of the open issue where there is one. Throws a SetUpError when there are none. */
export function loadCards(cards: readonly DemoCard[]): DemoCard[] {
  const all = cards.filter(({ state, track2 }) => state === 'sold' && track2 !== '')
  const open = all.filter(({ issue }) => issue === 'OPEN')
  const sold = open.length > 0 ? open : all
  if (sold.length === 0) throw new SetUpError('no sold cards with a track 2 in cards.csv')
  return sold.length > LEFT_TO_SCENARIOS ? sold.slice(LEFT_TO_SCENARIOS) : sold
}

/**
 * The terminals that load speaks for. Unless they are named: those that need no confirmation, and with `confirm` in the mix
 * also those that confirm explicitly; those with a MAC only where there are no others. Throws a SetUpError.
 */
export function loadTerminals({ terminals }: Demo, names: string[], confirm: boolean): DemoTerminal[] {
  for (const name of names) {
    const found = terminals.find(({ terminal }) => terminal === name)
    if (!found) throw new SetUpError(`--use ${name}: not in terminals.csv`)
  }
  if (names.length > 0) return terminals.filter(({ terminal }) => names.includes(terminal))
  const fitting = terminals.filter(
    ({ confirmation }) => confirmation === 'none' || (confirm && confirmation === 'explicit'),
  )
  const open = fitting.filter(({ mac }) => mac === 'none')
  const found = open.length > 0 ? open : fitting
  if (found.length === 0) throw new SetUpError('no terminal without confirmation; add confirm to --mix, or --use')
  return found
}

/** Load is for one's own machine: another host is refused unless it is asked for in so many words. */
export function checkTarget(target: Address, allowRemote: boolean): void {
  if (isLoopback(target) || allowRemote) return
  throw new SetUpError(`--target ${target.host} is not this machine; --allow-remote if it is yours to flood`)
}

import type { DemoCard } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { SetUpError } from '../set-up-error.ts'
import { type Address, isLoopback } from '../terminal/address.ts'
import type { Mix } from './mix.ts'

/** What to send, how much and how fast. Amounts in minor units; `rate` in requests per second, null for `max`. */
export type Plan = {
  target: Address
  /** Tills that speak: each is one of the demo terminals, which share their trace numbers among their tills. */
  tills: DemoTerminal[]
  connections: number
  outstanding: number
  rate: number | null
  seconds: number | null
  count: number | null
  mix: Mix
  cards: DemoCard[]
  payment: number
  topUp: number
}

/** The first sold cards are left to scenarios, which want cards that nobody touched. */
const LEFT_TO_SCENARIOS = 20

/** The cards that load pays with: sold ones of the open issue. Throws a SetUpError when there are none. */
export function loadCards(cards: readonly DemoCard[]): DemoCard[] {
  const sold = cards.filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
  if (sold.length === 0) throw new SetUpError('no sold cards of OPEN in cards.csv')
  return sold.length > LEFT_TO_SCENARIOS ? sold.slice(LEFT_TO_SCENARIOS) : sold
}

/**
 * The demo terminals that load speaks for. Unless they are named: those without MAC that need no confirmation, and
 * with `confirm` in the mix also those that confirm explicitly. Throws a SetUpError.
 */
export function loadTerminals({ terminals }: Demo, names: string[], confirm: boolean): DemoTerminal[] {
  for (const name of names) {
    const found = terminals.find(({ terminal }) => terminal === name)
    if (!found) throw new SetUpError(`--use ${name}: not in terminals.csv`)
    if (found.mac !== 'none') throw new SetUpError(`--use ${name}: load sends no MACs, and this terminal needs one`)
  }
  if (names.length > 0) return terminals.filter(({ terminal }) => names.includes(terminal))
  const found = terminals.filter(
    ({ mac, confirmation }) => mac === 'none' && (confirmation === 'none' || (confirm && confirmation === 'explicit')),
  )
  if (found.length === 0)
    throw new SetUpError('no terminal without MAC and confirmation; add confirm to --mix, or --use')
  return found
}

/** Load is for one's own machine: another host is refused unless it is asked for in so many words. */
export function checkTarget(target: Address, allowRemote: boolean): void {
  if (isLoopback(target) || allowRemote) return
  throw new SetUpError(`--target ${target.host} is not this machine; --allow-remote if it is yours to flood`)
}

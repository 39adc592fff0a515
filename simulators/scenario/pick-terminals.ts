import type { DemoTerminal } from '../demo/terminals.ts'
import type { TerminalInput } from './scenario.ts'

/** The default terminal: no MAC, and explicit confirmation. */
const USUAL = { mac: 'none', confirmation: 'explicit' } as const

const fits =
  ({ mac, confirmation }: TerminalInput, strict: boolean) =>
  (one: DemoTerminal): boolean => {
    const wanted = strict ? USUAL : { mac: one.mac, confirmation: one.confirmation }
    return one.mac === (mac ?? wanted.mac) && one.confirmation === (confirmation ?? wanted.confirmation)
  }

/** Terminals for the names of a scenario, each another one; the first name for which there is none. */
export function pickTerminals(
  wishes: readonly TerminalInput[],
  terminals: readonly DemoTerminal[],
): ReadonlyMap<string, DemoTerminal> | string {
  const found = new Map<string, DemoTerminal>()
  for (const input of wishes) {
    const left = terminals.filter((one) => ![...found.values()].includes(one))
    const same = left.find(({ terminal }) => terminal === input.was)
    const picked = same ?? left.find(fits(input, true)) ?? left.find(fits(input, false))
    if (picked === undefined) return input.name
    found.set(input.name, picked)
  }
  return found
}

import type { Registry, Terminal } from '../core/registry.ts'
import type { Message } from '../iso8583/message.ts'
import { mayComeFrom, type Peer } from './peer.ts'
import type { SignedOn } from './signed-on.ts'
import type { Standing } from './standing.ts'

/** The line that a message came on, as far as its answer depends on it. */
export type Origin = {
  readonly line: string
  readonly peer: Peer
  /** Terminals on this line must be bound to the certificate that it presented. */
  readonly isMutual: boolean
  /** All terminals on this line must sign on, not only those for which it is set. */
  readonly wantsSignOn: boolean
  /** All terminals on this line must send MACs, not only those for which it is set. */
  readonly wantsMac: boolean
  readonly signedOn: SignedOn
  readonly standing: Standing
}

/** The terminal that a message names, if there is one and it may speak on this line. */
export function terminalOn({ peer, isMutual }: Origin, registry: Registry, { fields }: Message): Terminal | null {
  const terminal = registry.terminals.get(fields[41]?.trimEnd() ?? '')
  return terminal?.channel === 'terminal' && mayComeFrom(registry, terminal, peer, isMutual) ? terminal : null
}

export const mustSignOn = ({ wantsSignOn, signedOn }: Origin, { signOn, code }: Terminal): boolean =>
  (wantsSignOn || signOn) && !signedOn.has(code)

/** DE 70 of an 0800 that was approved: 001 signs on, 002 signs off. */
export function noteSignOn({ signedOn }: Origin, { code }: Terminal, purpose: string): void {
  if (purpose === '001') signedOn.on(code)
  if (purpose === '002') signedOn.off(code)
}

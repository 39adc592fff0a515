import { ownProfile, ownProfiles } from '../describe/profiles.ts'
import { type Gremlin, startGremlin, usualGremlin } from '../gremlin/gremlin.ts'
import { cardsUnder } from '../host/cards.ts'
import { parseHostRules } from '../host/faults.ts'
import { type Host, startHost, usualHost } from '../host/host.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Peer } from '../terminal/peer.ts'
import { wireOf } from '../terminal/wire.ts'
import type { HostInput, Scenario, Step } from './scenario.ts'

/** The environment of the switch while a scenario is played. */
export type Surroundings = {
  /** Where its terminals connect to. */
  readonly peer: Peer
  /** Null: the scenario does nothing to the network. */
  readonly gremlin: Gremlin | null
  readonly hosts: ReadonlyMap<string, Host>
  readonly stop: () => Promise<void>
}

const touchesNetwork = (step: Step): boolean =>
  step.kind === 'network' || (step.kind === 'loop' && step.steps.some(touchesNetwork))

async function networkBefore(peer: Peer): Promise<Gremlin> {
  const { address, framing, wire, tls } = peer
  if (tls !== null) throw new SetUpError('network: on a line over TLS frames cannot be told apart')
  const profiles = ownProfiles()
  const known = profiles.find(({ name }) => name === wire.profile)
  const usual = usualGremlin(address)
  return startGremlin({
    ...usual,
    length: framing.length,
    tpdu: framing.tpdu === null ? 0 : 5,
    profile: known ?? usual.profile,
  })
}

async function hostFor({ port, prefix, profile, rules, signOn }: HostInput): Promise<Host> {
  const wire = wireOf(ownProfile(profile), null)
  const settings = { ...usualHost(), port, wire, signOn, cards: cardsUnder(prefix), rules: parseHostRules(rules) }
  return startHost(settings)
}

/** Starts the hosts and the network of a scenario. Throws a SetUpError where one cannot be had; then none is left. */
export async function surround({ steps, hosts }: Scenario, peer: Peer): Promise<Surroundings> {
  const started: [string, Host][] = []
  let gremlin: Gremlin | null = null
  const stop = async (): Promise<void> => {
    await gremlin?.stop()
    await Promise.all(started.map(([, host]) => host.stop()))
  }
  try {
    for (const input of hosts) started.push([input.name, await hostFor(input)])
    if (steps.some(touchesNetwork)) gremlin = await networkBefore(peer)
  } catch (problem) {
    await stop()
    throw problem
  }
  const address = gremlin === null ? peer.address : { host: gremlin.host, port: gremlin.port }
  return { peer: { ...peer, address }, gremlin, hosts: new Map(started), stop }
}

import { cardStates } from '../demo/cards.ts'
import { confirmations, macMethods } from '../demo/terminals.ts'
import { PARTNER_PREFIX } from '../host/cards.ts'
import { parseHostRules } from '../host/faults.ts'
import { SetUpError } from '../set-up-error.ts'
import type { Branch, Fault } from './nodes.ts'
import { mapReader, type MapReader } from './reader.ts'
import type { CardInput, HostInput, TerminalInput } from './scenario.ts'

/** The entries of a map of names; a fault where it is none. */
function entriesOf(branch: Branch | undefined, what: string, faults: Fault[]) {
  if (branch === undefined) return []
  if (branch.kind === 'map') return branch.entries
  faults.push({ line: branch.line, reason: `${what} has to be a map of names` })
  return []
}

const counted = (text: string): number | null => (/^[1-9]\d{0,4}$/.test(text) ? Number(text) : null)
const port = (text: string): number | null => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null)

export const cardKeys = ['issue', 'state', 'given', 'host', 'place'] as const

export function parseCards(branch: Branch | undefined, hosts: ReadonlySet<string>, faults: Fault[]): CardInput[] {
  return entriesOf(branch, 'cards', faults).map(({ key, line, value }) => {
    const map = mapReader(value, `card '${key}'`, cardKeys, faults)
    const host = map.text('host')
    if (host !== null && !hosts.has(host)) map.fault(line, `card '${key}': there is no host '${host}' under hosts`)
    return {
      name: key,
      line,
      issue: map.text('issue') ?? 'OPEN',
      state: map.name('state', cardStates, 'sellable'),
      given: map.parsed('given', counted, 'the number of a card of --cards, from 1 on'),
      host,
      place: map.parsed('place', counted, 'the number of a card of the host, from 1 on') ?? 1,
    }
  })
}

export const terminalKeys = ['was', 'confirmation', 'mac'] as const

/** One of a table's names, or null where none is asked for. */
const oneOf = <Name extends string>(map: MapReader, key: string, names: readonly Name[]): Name | null =>
  map.parsed(key, (text) => names.find((name) => name === text) ?? null, `one of ${names.join(', ')}`)

export function parseTerminals(branch: Branch | undefined, faults: Fault[]): TerminalInput[] {
  return entriesOf(branch, 'terminals', faults).map(({ key, line, value }) => {
    const map = mapReader(value, `terminal '${key}'`, terminalKeys, faults)
    return {
      name: key,
      line,
      was: map.text('was'),
      confirmation: oneOf(map, 'confirmation', confirmations),
      mac: oneOf(map, 'mac', macMethods),
    }
  })
}

export const hostKeys = ['port', 'prefix', 'profile', 'rules', 'sign-on'] as const

export function parseHosts(branch: Branch | undefined, faults: Fault[]): HostInput[] {
  return entriesOf(branch, 'hosts', faults).map(({ key, line, value }) => {
    const map = mapReader(value, `host '${key}'`, hostKeys, faults)
    const rules = map.texts('rules')
    try {
      parseHostRules(rules)
    } catch (problem) {
      if (!(problem instanceof SetUpError)) throw problem
      map.fault(map.branch('rules')?.line ?? line, problem.message)
    }
    map.need('port')
    return {
      name: key,
      line,
      port: map.parsed('port', port, 'a port, 0 to 65535') ?? 0,
      prefix:
        map.parsed('prefix', (text) => (/^\d{6,10}$/.test(text) ? text : null), '6 to 10 digits') ?? PARTNER_PREFIX,
      profile: map.text('profile') ?? 'iso87-ascii',
      rules,
      signOn: map.text('sign-on') === 'true',
    }
  })
}

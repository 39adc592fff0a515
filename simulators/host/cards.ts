import { type Branch, type Fault, readBranches } from '../scenario/nodes.ts'
import { listOf, mapReader } from '../scenario/reader.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAmount } from '../terminal/amount.ts'
import { readText } from '../read-text.ts'

export const hostCardStates = ['sold', 'unsold', 'blocked', 'expired'] as const
export type HostCardState = (typeof hostCardStates)[number]

/** A card of the host at its start. Minor units. */
export type HostCard = { readonly number: string; readonly state: HostCardState; readonly balance: number }

/** Where the partner's numbers begin, beside the issues of the demo set (629910 and 629911). */
export const PARTNER_PREFIX = '629917'

/** The digit that makes a number valid: ISO/IEC 7812-1, annex B. */
function withLuhn(payload: string): string {
  const sum = Array.from(payload)
    .toReversed()
    .reduce((total, digit, i) => {
      const value = Number(digit) * (i % 2 === 0 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return `${payload}${(10 - (sum % 10)) % 10}`
}

const hostNumber = (prefix: string, body: number): string =>
  withLuhn(`${prefix}${String(body).padStart(15 - prefix.length, '0')}`)

/** How many of each state a set has. Balances in minor units. */
const SET = [
  { count: 20, state: 'sold', balance: 200_00 },
  { count: 5, state: 'unsold', balance: 0 },
  { count: 1, state: 'blocked', balance: 200_00 },
  { count: 1, state: 'expired', balance: 200_00 },
  { count: 1, state: 'sold', balance: 0 },
] as const satisfies readonly { count: number; state: HostCardState; balance: number }[]

/** The set under a prefix: always the same numbers of 16 digits, 1 to 20 of them sold with 200.00 each. */
export function cardsUnder(prefix: string): HostCard[] {
  if (!/^\d{6,10}$/.test(prefix)) throw new SetUpError(`--prefix ${prefix}: expected 6 to 10 digits`)
  const rows = SET.flatMap(({ count, ...card }) => Array.from({ length: count }, () => card))
  return rows.map((card, i) => ({ ...card, number: hostNumber(prefix, i + 1) }))
}

/** The stripe of a host's card: no expiry, no check value of ours. */
export const trackOf = ({ number }: HostCard): string => `${number}=4912722`

function cardOf(branch: Branch, faults: Fault[]): HostCard {
  const map = mapReader(branch, 'a card', ['number', 'state', 'balance'], faults)
  const number = map.parsed('number', (text) => (/^\d{12,19}$/.test(text) ? text : null), '12 to 19 digits')
  map.need('number')
  const balance = map.parsed('balance', parseAmount, 'an amount such as 200.00') ?? 0
  return { number: number ?? '', state: map.name('state', hostCardStates, 'sold'), balance }
}

/** Reads `cards: [{ number, state, balance }]`. Throws a SetUpError naming file and line. */
export function readHostCards(file: string): HostCard[] {
  const text = readText(file, { name: `--cards ${file}` })
  const { root, faults } = readBranches(text)
  const map = mapReader(root ?? undefined, 'the file', ['cards'], faults)
  const cards = listOf(map.branch('cards')).map((branch) => cardOf(branch, faults))
  if (cards.length === 0) map.fault(map.line, 'there are no cards')
  if (faults.length > 0) throw new SetUpError(faults.map(({ line, reason }) => `${file}:${line}: ${reason}`).join('\n'))
  return cards
}

import { parseAmount } from '../terminal/amount.ts'
import { type Entry, entryNames } from '../terminal/operations.ts'
import { type MapReader } from './reader.ts'
import type { Draws } from './scenario.ts'

/** `10.00..50.00`, or one amount alone. */
function parseAmounts(text: string): Draws['amount'] {
  const [first = '', last = first, ...more] = text.split('..')
  const [least, most] = [parseAmount(first), parseAmount(last)]
  return least === null || most === null || least > most || more.length > 0 ? null : { least, most }
}

/** Terminal, card, entry and amount of a step: one of each, or several to draw from. */
export function parseDraws(map: MapReader, cards: ReadonlySet<string>): Draws {
  const lineOf = (key: string) => map.branch(key)?.line ?? map.line
  const named = map.texts('card')
  for (const card of named) if (!cards.has(card)) map.fault(lineOf('card'), `no card '${card}' under cards`)
  const entries = map.texts('entry').flatMap((text): Entry[] => {
    const entry = entryNames.find((name) => name === text)
    if (entry === undefined) map.fault(lineOf('entry'), `entry '${text}', expected one of: ${entryNames.join(', ')}`)
    return entry === undefined ? [] : [entry]
  })
  return {
    terminals: map.texts('terminal'),
    cards: named,
    entries,
    amount: map.parsed('amount', parseAmounts, 'an amount such as 100.00, or a range such as 10.00..50.00'),
  }
}

import { type DemoCard, cardStates } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { SetUpError } from '../set-up-error.ts'

/** A card by its number, or as `sold`, `sold:3`: the first or third demo card of that state. Throws a SetUpError naming `option`. */
export function chooseCard(text: string, issue: string, cards: readonly DemoCard[], option = '--card'): DemoCard {
  if (/^[\d ]{12,25}$/.test(text)) {
    const found = cards.find(({ number }) => number === text.replaceAll(' ', ''))
    if (!found) throw new SetUpError(`${option}: this number is not in the demo cards.csv`)
    return found
  }
  const [name, place = '1'] = text.split(':')
  const state = cardStates.find((known) => known === name)
  if (!state || !/^[1-9]\d*$/.test(place))
    throw new SetUpError(
      `${option} ${text}: expected a number, or one of ${cardStates.join(', ')}, as in sold or sold:3`,
    )
  const those = cards.filter((card) => card.state === state && card.issue === issue)
  const card = those[Number(place) - 1]
  if (!card)
    throw new SetUpError(`${option} ${text}: there are ${those.length} demo cards of ${issue} that are ${state}`)
  return card
}

/** A terminal by its name. Throws a SetUpError. */
export function chooseTerminal(name: string, terminals: readonly DemoTerminal[]): DemoTerminal {
  const found = terminals.find(({ terminal }) => terminal === name)
  if (found) return found
  throw new SetUpError(`--terminal ${name}: expected one of ${terminals.map(({ terminal }) => terminal).join(', ')}`)
}

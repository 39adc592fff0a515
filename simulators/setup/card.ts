import { readFileSync, statSync } from 'node:fs'
import { type DemoCard, cardStates, readCards } from '../demo/cards.ts'
import { SetUpError } from '../set-up-error.ts'

/** A card of the user's own; unknown parts are empty. */
const ownCard = (number: string, more: Partial<DemoCard>): DemoCard => ({
  number,
  track1: '',
  track2: '',
  barcode: number,
  ecode: '',
  issue: '',
  state: 'sold',
  balance: 0,
  ...more,
})

const TRACK2 = /^;?(\d{12,19})[=D]\d{4,}\??$/
const TRACK1 = /^%?B(\d{12,19})\^.*\??$/
const NUMBER = /^[\d ]{12,25}$/

/** A track without its sentinels. */
const bare = (track: string): string => track.replace(/^[;%]/, '').replace(/\?$/, '')

/** A card by its data: a track, or a number with its tracks and eCode. Null for other text. */
function cardIn(text: string, tracks: readonly string[], ecode: string | undefined): DemoCard | null {
  const first = [text, ...tracks].find((one) => TRACK1.test(one))
  const second = [text, ...tracks].find((one) => TRACK2.test(one))
  const number = NUMBER.test(text)
    ? text.replaceAll(' ', '')
    : (TRACK2.exec(second ?? '')?.[1] ?? TRACK1.exec(first ?? '')?.[1])
  if (number === undefined || (!NUMBER.test(text) && ![first, second].includes(text))) return null
  return ownCard(number, {
    ...(first !== undefined && { track1: bare(first) }),
    ...(second !== undefined && { track2: bare(second) }),
    ...(ecode !== undefined && { ecode }),
  })
}

export type CardOptions = {
  tracks?: string | undefined
  ecode?: string | undefined
  issue?: string | undefined
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** A card that stands in a file: a row of a cards.csv, or a number or track in its first line. */
function cardInFile(file: string, option: string, options: CardOptions): DemoCard {
  const text = readFileSync(file, 'utf8')
  if (/^[\w,]*\bnumber\b/.test(text)) {
    const [card] = readCards(text, file)
    if (card !== undefined) return card
  }
  const card = cardIn((text.split(/\r?\n/)[0] ?? '').trim(), tracksOf(options), options.ecode)
  if (card !== null) return card
  throw new SetUpError(`${option} ${file}: expected a number, a track, or a row of a cards.csv in it`)
}

function tracksOf({ tracks }: CardOptions): string[] {
  const given = tracks?.split(',').map((one) => one.trim()) ?? []
  if (!given.every((one) => TRACK1.test(one) || TRACK2.test(one)))
    throw new SetUpError('--tracks: expected track 2 (6299…=4912…), or track 1 and track 2 with a comma between them')
  return given
}

/**
 * A card by its number or track, by a file that holds one, or as `sold`, `sold:3`: the first or third demo card of that
 * state. Throws a SetUpError naming `option`, never a number.
 */
export function chooseCard(
  text: string,
  options: CardOptions,
  cards: readonly DemoCard[],
  option = '--card',
): DemoCard {
  const typed = cardIn(text, tracksOf(options), options.ecode)
  if (typed !== null) {
    const known = cards.find(({ number }) => number === typed.number)
    const said = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''))
    return known === undefined
      ? typed
      : { ...known, ...said, issue: known.issue, state: known.state, balance: known.balance }
  }
  if (isFile(text)) return cardInFile(text, option, options)
  const { issue = 'OPEN' } = options
  const [name, place = '1'] = text.split(':')
  const state = cardStates.find((known) => known === name)
  if (!state || !/^[1-9]\d*$/.test(place))
    throw new SetUpError(
      `${option} ${text}: expected a number, a track, a file, or one of ${cardStates.join(', ')}, as in sold or sold:3`,
    )
  const those = cards.filter((card) => card.state === state && card.issue === issue)
  const card = those[Number(place) - 1]
  if (!card)
    throw new SetUpError(`${option} ${text}: there are ${those.length} demo cards of ${issue} that are ${state}`)
  return card
}

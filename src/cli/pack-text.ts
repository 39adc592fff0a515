import type { PackPlan } from '../office/pack-plan.ts'
import type { PackRow } from '../office/packs.ts'
import type { Column } from './listing.ts'

const TITLES = {
  unknown: 'unknown numbers',
  other_issue: 'cards of another issue',
  backwards: 'ranges that run backwards',
  not_made: 'serials beyond the issue',
  taken: 'cards in a pack already',
  unfit: 'cards that cannot go into a pack',
  overlap: 'cards named more than once',
  gap: 'serials left out',
} as const

/** The plan of a pack and its findings: for each kind the count and the first twenty. */
export function planLines({ cards, ranges, findings }: PackPlan): string[] {
  return [
    `${cards} cards in ${ranges.length} ${ranges.length === 1 ? 'range' : 'ranges'} of serials`,
    ...[...findings].flatMap(([finding, { count, first, more }]) => [
      `${TITLES[finding]}: ${count}`,
      ...first.map((text) => `  ${text}`),
      ...(more ? ['  and so on'] : []),
    ]),
  ]
}

const stateText = ({ state, authorisedBy, saleAuthorisation }: PackRow): string =>
  state === 'active' && saleAuthorisation && authorisedBy === null ? 'active, not authorised for sale' : state

export const packLine = (pack: PackRow): string =>
  `pack ${pack.id}  ${pack.issue}  ${pack.recipient.kind} ${pack.recipient.code}  ${pack.cards} cards  ${stateText(pack)}`

export const PACK_COLUMNS: readonly Column<PackRow>[] = [
  ['PACK', ({ id }) => String(id), 'right'],
  ['ISSUE', ({ issue }) => issue],
  ['RECIPIENT', ({ recipient }) => `${recipient.kind} ${recipient.code}`],
  ['CARDS', ({ cards }) => String(cards), 'right'],
  ['STATE', stateText],
]

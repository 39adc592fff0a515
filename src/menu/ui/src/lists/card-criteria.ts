import type { Criterion, Option, Wording } from './criterion.ts'

const STATES = ['inactive', 'sellable', 'sold', 'expired', 'closed', 'replaced'] as const
export const BLOCK_KINDS = ['customer', 'suspicion', 'lost', 'stolen'] as const

export const issues = ({ choices }: Wording): readonly Option[] =>
  choices.issues.map(({ code, name }) => ({ value: code, label: name }))
export const stores = ({ choices }: Wording): readonly Option[] =>
  choices.stores.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))
const recipients = (wording: Wording): readonly Option[] => [
  ...stores(wording),
  ...wording.choices.counterparties.map(({ code, name }) => ({ value: code, label: name })),
]
const states = ({ t }: Wording): readonly Option[] =>
  STATES.map((state) => ({ value: state, label: t(`cardState.${state}`) }))
const blocks = ({ t }: Wording): readonly Option[] => [
  { value: 'any', label: t('block.any') },
  { value: 'none', label: t('block.none') },
  ...BLOCK_KINDS.map((kind) => ({ value: kind, label: t(`block.${kind}`) })),
]

/** Every criterion of the list of cards, in the order in which it is shown. */
export const CARD_CRITERIA: readonly Criterion[] = [
  { key: 'issue', label: 'field.issue', kind: 'choice', options: issues, main: true },
  { key: 'state', label: 'field.state', kind: 'choice', options: states, main: true },
  { key: 'block', label: 'field.block', kind: 'choice', options: blocks, main: true },
  { key: 'firstSix', label: 'field.firstSix', kind: 'text', pattern: /^[0-9]{6}$/, main: true },
  { key: 'lastFour', label: 'field.lastFour', kind: 'text', pattern: /^[0-9]{4}$/, main: true },
  { key: 'soldIn', label: 'field.soldIn', kind: 'choice', options: stores, main: true },
  { key: 'number', label: 'field.number', kind: 'number' },
  { key: 'serialFrom', label: 'field.serialFrom', kind: 'text', pattern: /^[1-9][0-9]{0,9}$/ },
  { key: 'serialTo', label: 'field.serialTo', kind: 'text', pattern: /^[1-9][0-9]{0,9}$/ },
  { key: 'pack', label: 'field.pack', kind: 'text', pattern: /^[1-9][0-9]{0,9}$/ },
  { key: 'recipient', label: 'field.recipient', kind: 'choice', options: recipients },
  { key: 'balanceFrom', label: 'field.balanceFrom', kind: 'money' },
  { key: 'balanceTo', label: 'field.balanceTo', kind: 'money' },
  { key: 'soldFrom', label: 'field.soldFrom', kind: 'day' },
  { key: 'soldTo', label: 'field.soldTo', kind: 'day' },
  { key: 'usedFrom', label: 'field.usedFrom', kind: 'day' },
  { key: 'usedTo', label: 'field.usedTo', kind: 'day' },
  { key: 'validFrom', label: 'field.validFrom', kind: 'day' },
  { key: 'validTo', label: 'field.validTo', kind: 'day' },
  { key: 'suspected', label: 'field.suspected', kind: 'flag' },
]

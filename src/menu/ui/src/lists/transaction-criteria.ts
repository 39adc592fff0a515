import { issues, stores } from './card-criteria.ts'
import type { Criterion, Option, Wording } from './criterion.ts'

const STATES = ['declined', 'pending', 'unconfirmed', 'confirmed', 'reversed', 'cancelled'] as const
const CHANNELS = ['terminal', 'web', 'menu', 'cli', 'job'] as const

const operations = ({ choices, word }: Wording): readonly Option[] =>
  choices.operations.map((operation) => ({ value: operation, label: word('operation', operation) }))
const responses = ({ choices, localized }: Wording): readonly Option[] =>
  choices.responses.map(({ result, response, text }) => ({ value: result, label: `${response} ${localized(text)}` }))
const entryModes = ({ choices, localized }: Wording): readonly Option[] =>
  choices.entryModes.map(({ code, text }) => ({ value: code, label: localized(text) }))
const states = ({ t }: Wording): readonly Option[] =>
  STATES.map((state) => ({ value: state, label: t(`transactionState.${state}`) }))
const channels = ({ t }: Wording): readonly Option[] =>
  CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))

/** Every criterion of the list of transactions, in the order in which it is shown. */
export const TRANSACTION_CRITERIA: readonly Criterion[] = [
  { key: 'store', label: 'field.store', kind: 'choice', options: stores, main: true },
  { key: 'terminal', label: 'field.terminal', kind: 'text', pattern: /^[\x21-\x7e]{1,40}$/, main: true },
  { key: 'from', label: 'field.from', kind: 'dayBegin', main: true },
  { key: 'to', label: 'field.to', kind: 'dayEnd', main: true },
  { key: 'operation', label: 'field.operation', kind: 'choice', options: operations, main: true },
  { key: 'response', label: 'field.response', kind: 'choice', options: responses, main: true },
  { key: 'state', label: 'field.state', kind: 'choice', options: states, main: true },
  { key: 'reference', label: 'field.reference', kind: 'text', pattern: /^[A-Za-z0-9]{1,12}$/, main: true },
  { key: 'stan', label: 'field.stan', kind: 'text', pattern: /^[0-9]{1,6}$/, main: true },
  { key: 'number', label: 'field.number', kind: 'number' },
  { key: 'card', label: 'field.card', kind: 'shown' },
  { key: 'original', label: 'field.original', kind: 'shown' },
  { key: 'issue', label: 'field.issue', kind: 'choice', options: issues },
  { key: 'day', label: 'field.day', kind: 'day' },
  { key: 'amountFrom', label: 'field.amountFrom', kind: 'money' },
  { key: 'amountTo', label: 'field.amountTo', kind: 'money' },
  { key: 'firstSix', label: 'field.firstSix', kind: 'text', pattern: /^[0-9]{6}$/ },
  { key: 'lastFour', label: 'field.lastFour', kind: 'text', pattern: /^[0-9]{4}$/ },
  { key: 'entryMode', label: 'field.entryMode', kind: 'choice', options: entryModes },
  { key: 'approvalCode', label: 'field.approvalCode', kind: 'text', pattern: /^[A-Za-z0-9]{6}$/ },
  { key: 'who', label: 'field.who', kind: 'text', pattern: /^[\x21-\x7e]{1,40}$/ },
  { key: 'channel', label: 'field.channel', kind: 'choice', options: channels },
  { key: 'hasCase', label: 'field.hasCase', kind: 'flag' },
]

import { useFormat } from '../../i18n/useFormat.ts'
import { useWord } from '../../i18n/useText.ts'
import { parseMoney } from '../../lists/money-text.ts'
import { FIELD_GROUPS, type Field } from './issue-fields.ts'
import type { IssueRecord } from './issue-state.tsx'

type Kind = Field['kind']

const KINDS: ReadonlyMap<string, Kind> = new Map(
  FIELD_GROUPS.flatMap(({ fields }) => (fields as readonly Field[]).map(({ name, kind }) => [name, kind] as const)),
)
/** `saleMaximum 50000 → 60000`, as the history of an issue has it: amounts in minor units. */
const CHANGE = /\b([a-zA-Z]+) (\S+) → ([^\s,:]+)/g
const FLAGS: Readonly<Record<string, string>> = { true: 'yes', false: 'no', null: 'none' }

/** A setting as this reader writes it: money with its currency, days, numbers, yes and no. */
export function useSettingText({ minimum: { currency, exponent } }: Pick<IssueRecord, 'minimum'>) {
  const word = useWord()
  const format = useFormat()
  return (kind: Kind, value: string): string => {
    if (value === 'none' || value === 'all') return word('word', value)
    switch (kind) {
      case 'amount': {
        const minor = parseMoney(value, exponent)
        return minor === null ? value : format.money({ value: minor, currency, exponent })
      }
      case 'number':
        return /^\d+$/.test(value) ? format.count(Number(value)) : value
      case 'date':
        return /^\d{4}-\d\d-\d\d$/.test(value) ? format.date(value) : value
      case 'flag':
      case 'choice':
        return word('word', value)
      case 'text':
        return value
    }
  }
}

/** A change in the history, in the reader's language and number format. */
export function useChangeText(issue: Pick<IssueRecord, 'minimum'>): (note: string) => string {
  const word = useWord()
  const say = useSettingText(issue)
  const { exponent } = issue.minimum
  const valueOf = (kind: Kind, stored: string): string => {
    const value = FLAGS[stored] ?? stored
    const isMinor = kind === 'amount' && /^\d+$/.test(value)
    return say(kind, isMinor ? (Number(value) / 10 ** exponent).toFixed(exponent) : value)
  }
  return (note) =>
    note.replace(CHANGE, (whole, name: string, from: string, to: string) => {
      const kind = KINDS.get(name)
      return kind === undefined ? whole : `${word('setting', name)}: ${valueOf(kind, from)} → ${valueOf(kind, to)}`
    })
}

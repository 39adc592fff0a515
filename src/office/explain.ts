import type { Issue } from '../core/issue.ts'
import { amountText, amountTextPl } from '../core/currency.ts'
import type { Operation } from '../core/operations.ts'
import type { Result } from '../core/result.ts'
import { EXPLANATIONS, type Explanation } from './explanations.ts'
import type { Words } from './refusal.ts'

/** The facts about a request and its card; null: unknown. Amounts in minor units. */
export type Facts = {
  readonly operation: Operation | null
  readonly asked: number | null
  readonly taken: number | null
  readonly available: number | null
  readonly ledger: number | null
  readonly currency: number
  readonly issue: Issue | null
  readonly block: string | null
  readonly until: string | null
  readonly terminal: string
  readonly store: string
  readonly reference: string
}

const BLOCKS: Readonly<Record<string, Words>> = {
  lost: { en: 'lost', pl: 'zgubiona' },
  stolen: { en: 'stolen', pl: 'skradziona' },
  customer: { en: 'at the customer’s wish', pl: 'na życzenie klienta' },
  suspicion: { en: 'suspicion', pl: 'podejrzenie' },
}
const UNKNOWN: Words = { en: '–', pl: '–' }

/** The range that the amount was checked against. */
function rangeOf({ operation, issue }: Facts): { minimum: number; maximum: number; step: number } | null {
  if (issue === null) return null
  if (operation === 'top_up') return issue.topUp
  if (operation === 'cash_out') return { minimum: 1, maximum: issue.cashOutMaximum, step: 1 }
  if (operation === 'refund') return { minimum: 1, maximum: issue.unreceiptedRefundMaximum, step: 1 }
  return issue.sale
}

function figuresOf(facts: Facts): Readonly<Record<string, Words>> {
  const { currency, issue } = facts
  const money = (value: number | null | undefined): Words =>
    value === null || value === undefined
      ? UNKNOWN
      : { en: amountText(value, currency), pl: amountTextPl(value, currency) }
  const word = (value: string | number | null | undefined): Words =>
    value === null || value === undefined || value === '' ? UNKNOWN : { en: String(value), pl: String(value) }
  const range = rangeOf(facts)
  return {
    asked: money(facts.asked),
    taken: money(facts.taken),
    available: money(facts.available),
    ledger: money(facts.ledger),
    minimum: money(range?.minimum),
    maximum: money(range?.maximum),
    step: money(range?.step),
    nominal: money(issue?.nominal),
    maximumBalance: money(issue?.maximumBalance),
    dailyAmount: money(issue?.dailyAmount),
    dailyCount: word(issue?.dailyCount),
    topUpCount: word(issue?.topUpCount),
    issue: word(issue?.code),
    block: facts.block === null ? UNKNOWN : (BLOCKS[facts.block] ?? UNKNOWN),
    until: word(facts.until),
    terminal: word(facts.terminal),
    store: word(facts.store),
    reference: word(facts.reference),
  }
}

const filled = (text: string, figures: Readonly<Record<string, Words>>, language: keyof Words): string =>
  text.replace(/\{(\w+)\}/gu, (whole, name: string) => figures[name]?.[language] ?? whole)

/** Why a request ended as it did, with its own figures. */
export function explain(result: Result, facts: Facts): Explanation {
  const figures = figuresOf(facts)
  const both = ({ en, pl }: Words): Words => ({ en: filled(en, figures, 'en'), pl: filled(pl, figures, 'pl') })
  const { sentence, rule, remedy } = EXPLANATIONS[result]
  return { sentence: both(sentence), rule: both(rule), remedy: both(remedy) }
}

import { gainOf } from '../../core/reports/fact.ts'
import type { CohortSum } from '../sql/report-spans.ts'
import type { Read } from './sums.ts'

export type CohortFact = CohortSum & { readonly day: string }

/** What each transfer says of the cohort of its card: nothing of a card that is not sold. */
export const cohortFacts = ({ facts, sales }: Pick<Read, 'facts' | 'sales'>): CohortFact[] =>
  facts.flatMap((fact): CohortFact[] => {
    const amount = gainOf(fact)
    const sale = amount === 0 ? null : sales.ofFact(fact)
    if (sale === null || fact.card === null) return []
    const { operation, day, card } = fact
    const [cohort, months] = [sale.soldOn.slice(0, 7), monthsBetween(sale.soldOn, day)]
    return [{ day, issueId: card.issueId, soldIn: sale.soldIn, cohort, months, operation, amount }]
  })

/** Whole months from one day to another, as MariaDB's TIMESTAMPDIFF counts them. */
function monthsBetween(from: string, to: string): number {
  if (to < from) return -monthsBetween(to, from)
  const [fromYear = 0, fromMonth = 0, fromDay = 0] = from.split('-').map(Number)
  const [toYear = 0, toMonth = 0, toDay = 0] = to.split('-').map(Number)
  return (toYear - fromYear) * 12 + toMonth - fromMonth - (toDay < fromDay ? 1 : 0)
}

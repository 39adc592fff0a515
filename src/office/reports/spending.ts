import type { Fact } from '../../core/reports/fact.ts'
import { spendingOf, type Spent } from '../../core/reports/portions.ts'
import { historiesOf } from '../../db/reports/card-histories.ts'
import { selectArchivedSpent, toArchivedSpent } from '../../db/sql/archived-figures.ts'
import { selectMovedCards, selectUndoneCards, type Scope } from '../../db/sql/report-queries.ts'
import { isIn, isWithin } from './definition.ts'
import type { Snapshot } from './snapshot.ts'

/** Money that was spent in a store. */
type SpentCell = Omit<Spent, 'transactionId' | 'cardId'>

/**
 * In which store spent money was loaded, and in which it was spent, by booking day: computed from the histories of the cards
 * that moved. `days`: only these days of the scope; null: all.
 */
export function spentOn(snapshot: Snapshot, scope: Scope, days: readonly string[] | null): Promise<SpentCell[]> {
  const only = days === null ? null : new Set(days)
  return played(
    snapshot,
    scope,
    selectMovedCards(scope, days),
    (day) => isWithin(scope, day) && (only?.has(day) ?? true),
  )
}

/** The part that undoes or shifts spending of another day: a few of all cards that moved. */
export async function undoneIn(snapshot: Snapshot, scope: Scope): Promise<SpentCell[]> {
  const cells = await played(snapshot, scope, selectUndoneCards(scope), (day) => isWithin(scope, day))
  return cells.filter(({ day, originalDay }) => originalDay !== day)
}

async function played(
  { connection, unfolded }: Snapshot,
  scope: Scope,
  movedCards: string,
  counts: (day: string) => boolean,
): Promise<SpentCell[]> {
  const [moved = []] = await connection.send(movedCards)
  const late = unfolded.facts.filter(({ day }) => counts(day)).flatMap(({ card }) => card?.id ?? [])
  const cards = [...new Set([...moved.map(([id]) => Number(id)), ...late])]
  const facts: readonly Fact[] = await historiesOf(connection, cards, unfolded.facts)
  const [archived = []] = await connection.send(selectArchivedSpent(scope))
  return [...spendingOf(facts), ...archived.map(toArchivedSpent)].filter(
    ({ day, spentIn, issueId }) => counts(day) && isIn(scope.stores, spentIn) && isIn(scope.issues, issueId),
  )
}

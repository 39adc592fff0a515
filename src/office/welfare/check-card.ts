import type { Employee, Holder } from '../../db/sql/employees.ts'
import type { Employer } from '../../db/sql/employers.ts'
import type { CheckedCard } from '../../db/sql/welfare-cards.ts'
import type { CheckContext } from './check-ground.ts'
import type { Finding, FindingCode } from './findings.ts'
import type { ParsedRow } from './parse-row.ts'

/** `isOwn`: this employee's loads may go to the card; if not, there is a finding. */
export type FoundCard = { readonly found: CheckedCard; readonly issueCurrency: number; readonly isOwn: boolean }

type Find = (field: string, code: FindingCode, value: string, details?: Finding['details']) => void

/** The card that a row is for; null where there is none. */
export function cardFindings(
  employer: Employer,
  context: CheckContext,
  row: ParsedRow,
  employee: Employee | null,
  find: Find,
): FoundCard | null {
  const named = cardNamed(context, row, employee, find)
  if (named === null) return null
  const objection = ownerObjection(employer, context, row, employee, named)
  const found = objection === null ? lastOf(context, named) : named
  const isChanged = found !== named && row.card.by === 'id' && row.card.isFrozen
  if (objection !== null) find('card', objection.code, named.shown, objection.details)
  else if (isChanged) find('card', 'card_replaced_since', named.shown)
  else if (found !== named) find('card', 'card_replaced', named.shown)
  return { found, issueCurrency: context.issues.get(found.issueId)?.currency ?? 0, isOwn: objection === null }
}

function cardNamed(context: CheckContext, row: ParsedRow, employee: Employee | null, find: Find): CheckedCard | null {
  const { card } = row
  const linked = employee?.cardId == null ? null : (context.cards.get(employee.cardId) ?? null)
  switch (card.by) {
    case 'fault':
      return null
    case 'id':
      return context.cards.get(card.id) ?? null
    case 'number': {
      const { numberHash, otherHash } = card.hashes
      const found = context.cardsByHash.get(numberHash) ?? context.cardsByHash.get(otherHash ?? '') ?? null
      if (found === null) find('card', 'card_unknown', row.cardShown)
      return found
    }
    case 'shown':
      if (linked?.shown === card.shown) return linked
      find('card', 'card_unknown', row.cardShown)
      return null
    case 'link':
      if (linked === null && employee !== null) find('card', 'card_missing', '', { number: employee.number })
      return linked
  }
}

/** The holder of the card: a row for an employee loads only that employee's card. */
function ownerObjection(
  { code }: Employer,
  context: CheckContext,
  { sell }: ParsedRow,
  employee: Employee | null,
  card: CheckedCard,
): { readonly code: FindingCode; readonly details: Finding['details'] } | null {
  if (card.counterparty !== null && card.counterparty !== code)
    return { code: 'card_of_another_counterparty', details: {} }
  const holder = context.holders.get(card.id) ?? throughDuplicate(context, employee, card)
  // A new card of the employer's pack becomes the employee's when the batch is booked.
  if (holder === null) {
    if (sell && card.counterparty === code) return null
    return { code: sell ? 'card_not_for_sale' : 'card_linked_to_nobody', details: {} }
  }
  if (holder.employer !== code) return { code: 'card_of_another_counterparty', details: {} }
  if (employee !== null && holder.id !== employee.id) {
    return { code: 'card_of_another_employee', details: { holder: holder.number } }
  }
  return null
}

/** The employee as holder of a card that replaced the employee's linked card. */
function throughDuplicate(context: CheckContext, employee: Employee | null, card: CheckedCard): Holder | null {
  if (employee === null) return null
  let standing = employee.cardId
  while (standing !== null && standing !== card.id) standing = context.cards.get(standing)?.card.replacedBy ?? null
  if (standing === null) return null
  return { cardId: card.id, id: employee.id, employer: employee.employer, number: employee.number }
}

function lastOf({ cards }: CheckContext, card: CheckedCard): CheckedCard {
  let last = card
  for (let next = last.card.replacedBy; next !== null; next = last.card.replacedBy) {
    const found = cards.get(next)
    if (found === undefined) return last
    last = found
  }
  return last
}

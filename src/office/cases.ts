import { ownRequest } from '../core/own-request.ts'
import type { Request } from '../core/request.ts'
import { resolutionKey } from '../core/key.ts'
import type { Result } from '../core/result.ts'
import type { Rest, RestAsk } from '../core/shortfall.ts'
import { ISSUER, openAccount } from '../db/accounts.ts'
import {
  type CaseFilter,
  type CaseView,
  countRefusedDecisions,
  selectCase,
  selectCases,
  toCaseView,
} from '../db/sql/case-views.ts'
import { TEXTS } from '../messages/texts.ts'
import type { Actor } from './actor.ts'
import { auditOf, requesterOf } from './audit-row.ts'
import { dateIn } from './clock.ts'
import type { Office } from './office.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { resolutionWords } from './case-words.ts'
import { instantWords } from './day-words.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo, mayDoAnywhere, storesOf } from './rights.ts'
import type { Right } from './rights-table.ts'

export type { CaseView }

/** The newest first; of an actor with own stores only what happened there. */
export async function listCases(
  office: Office,
  actor: Actor,
  filter: Omit<CaseFilter, 'stores'>,
): Promise<readonly CaseView[] | Refused> {
  const no = mayDoAnywhere(actor, 'cases.find')
  if (no !== null) return no
  const stores = storesOf(actor, 'cases.find')
  const [rows = []] = await office.db.use((connection) => connection.send(selectCases({ ...filter, stores })))
  return rows.map(toCaseView)
}

export const findCase = (
  office: Office,
  actor: Actor,
  { case: id }: { readonly case: number },
): Promise<CaseView | Refused> => caseFor(office, actor, 'cases.find', id)

async function caseFor(office: Office, actor: Actor, right: Right, id: number): Promise<CaseView | Refused> {
  const no = mayDoAnywhere(actor, right)
  if (no !== null) return no
  if (!Number.isSafeInteger(id)) return refused('no_such_case', { case: id })
  const [[row] = []] = await office.db.use((connection) => connection.send(selectCase(id)))
  if (row === undefined) return refused('no_such_case', { case: id })
  const found = toCaseView(row)
  return mayDo(actor, right, found.transaction.key.store) ?? found
}

export type Decision = {
  readonly case: number
  /** The transaction happened, or it did not. */
  readonly decision: 'confirm' | 'reverse'
  readonly reason: string
  /** The bearer of the amount that the card cannot cover, and the amount that the decider saw. */
  readonly rest?: Rest | null
}

/** Books a clerk's decision; the case stays open where it cannot be booked. Returns the case as it was. */
export async function decideCase(office: Office, actor: Actor, input: Decision): Promise<CaseView | Refused> {
  const found = await caseFor(office, actor, 'cases.decide', input.case)
  if (isRefused(found)) return found
  if (found.closedAt !== null) {
    const zone = office.registry().stores.get(found.transaction.key.store)?.timeZone ?? office.timeZone
    const at = instantWords(fromInstant(found.closedAt), zone)
    return refused('case_closed', { case: found.id, at, resolution: resolutionWords(found.resolution) })
  }
  const [[attempts] = []] = await office.db.use((connection) => connection.send(countRefusedDecisions(found.id)))
  const rest = await restOf(office, found, input.rest ?? null)
  const { result } = await office.submit(resolutionRequest(office, actor, found, input, rest, Number(attempts?.[0])))
  return result === 'approved' ? found : notDecided(found, result)
}

/** The issuer bears the amount, from its account of adjustments. */
async function restOf(office: Office, { transaction }: CaseView, rest: Rest | null): Promise<RestAsk | null> {
  if (rest === null) return null
  const { bearer, amount } = rest
  if (bearer === 'store') return { bearer, amount }
  const currency = transaction.currency ?? office.registry().stores.get(transaction.key.store)?.currency ?? 985
  return { bearer, amount, account: await openAccount(office.db.access, 'issuer_adjustments', ISSUER, currency) }
}

/** A clerk's decision as a request to the engine; `attempt` counts the decisions about this case that could not be booked. */
function resolutionRequest(
  { nextId, clock, timeZone }: Office,
  actor: Actor,
  { id: caseId, transaction }: CaseView,
  { decision, reason }: Decision,
  rest: RestAsk | null,
  attempt: number,
): Request {
  const at = clock()
  return ownRequest({
    id: nextId(),
    spareId: nextId(),
    key: resolutionKey(caseId, attempt),
    by: 'office',
    requester: requesterOf(actor),
    at,
    day: dateIn(timeZone, at),
    processingCode: '',
    amount: null,
    currency: transaction.currency,
    trace: `case-${caseId}`,
    ask: { act: 'resolution', original: transaction.key, decision, who: actor.login, reason, rest },
    attached: [
      auditOf(actor, {
        action: 'cases.decide',
        object: { kind: 'case', id: caseId },
        store: transaction.key.store,
        details: { decision, reason, attempt, ...(rest === null ? {} : { bearer: rest.bearer, rest: rest.amount }) },
      }),
    ],
  })
}

function notDecided({ id }: CaseView, result: Result): Refused {
  if (result === 'amount_differs') return refused('case_rest_differs', { case: id })
  if (result === 'original_spent') return refused('case_money_gone', { case: id })
  if (result === 'original_not_found') return refused('case_never_booked', { case: id })
  return refused('case_not_decided', { case: id, reason: TEXTS[result] ?? result })
}

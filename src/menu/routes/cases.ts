import { decideOrPropose } from '../../office/case-deciding.ts'
import { listCaseRows, showCase, type CasePage, type CaseRow } from '../../office/case-page.ts'
import { caseSaid } from '../../office/case-words.ts'
import type { Office } from '../../office/office.ts'
import { isRefused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { masked, money, storeNamed, time, timeOrNull } from '../format.ts'

type CaseRoutes = Pick<Handlers, 'cases.list' | 'cases.show' | 'cases.decide'>

const caseAnswer = (office: Office, row: CaseRow) => ({
  id: String(row.id),
  openedAt: time(row.openedAt),
  amount: money(row.amount, row.currency),
  card:
    row.cardId === null || row.firstSix === null || row.lastFour === null
      ? null
      : { id: String(row.cardId), number: masked(row.firstSix, row.lastFour) },
  store: storeNamed(office, row.store),
  terminal: row.terminal,
  reason: row.reason,
  age: Math.max(0, Math.floor((office.clock() - row.openedAt) / 1000)),
  transaction: String(row.transaction),
  operation: row.operation,
  closedAt: timeOrNull(row.closedAt),
  resolution: row.resolution,
  closedBy: row.closedBy,
  borne: row.rest === null ? null : { by: row.rest.bearer, amount: money(row.rest.amount, row.currency) },
  approval: row.proposal === null ? null : `case-${row.proposal}`,
})

function pageAnswer(office: Office, page: CasePage) {
  const { row } = page
  const after = (one: CasePage['happened']) =>
    one === null
      ? null
      : {
          after: { ledger: money(one.ledger, row.currency), available: money(one.available, row.currency) },
          missing: money(one.missing, row.currency),
        }
  const { known, said } = caseSaid(page)
  const sentences = (list: typeof known) => list.map(({ at, what }) => ({ at: time(at), what: { ...what } }))
  return {
    ...caseAnswer(office, row),
    note: row.note,
    known: sentences(known),
    said: sentences(said),
    cardNow:
      row.ledger === null || row.available === null
        ? null
        : { ledger: money(row.ledger, row.currency), available: money(row.available, row.currency) },
    happened: after(page.happened),
    didNotHappen: after(page.didNotHappen),
    shareable: page.shareable,
    secondPerson: page.secondPerson,
    transactionState: row.state,
  }
}

export const caseRoutes: CaseRoutes = {
  async 'cases.list'({ office, actor, query }) {
    const { open = true, store = null, reason = null, order = 'age', limit = 100, cursor = null } = query
    const found = await listCaseRows(office, actor, { open, store, reason }, { order, limit, cursor })
    return isRefused(found) ? found : { items: found.items.map((row) => caseAnswer(office, row)), next: found.next }
  },
  async 'cases.show'({ office, actor, params }) {
    const page = await showCase(office, actor, Number(params.id))
    return isRefused(page) ? page : pageAnswer(office, page)
  },
  async 'cases.decide'({ office, actor, params, body }) {
    const input = {
      id: Number(params.id),
      happened: body.decision === 'happened',
      reason: body.reason,
      bearer: body.bearer ?? null,
    }
    const result = await decideOrPropose(office, actor, input)
    if (isRefused(result)) return result
    return { done: result.waits === null, approval: result.waits === null ? null : `case-${result.waits}` }
  },
}

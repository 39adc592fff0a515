import { TRANSACTION_STATES, type TransactionState } from '../../core/transaction.ts'
import { choices } from '../../office/choices.ts'
import { find, type Hit } from '../../office/find.ts'
import { textsOf, responseOf } from '../../office/result-codes.ts'
import { isRefused, refused } from '../../office/refusal.ts'
import { countTransactions, listTransactions, type FoundTransaction } from '../../office/transaction-lists.ts'
import { showTransaction, type TransactionPage } from '../../office/transaction-page.ts'
import { accountWords } from '../../office/account-words.ts'
import type { Office } from '../../office/office.ts'
import type { Handlers } from '../call.ts'
import { transactionCriteria } from '../criteria.ts'
import { masked, money, storeNamed, time, timeOrNull } from '../format.ts'
import { storyRole } from '../story.ts'

type TransactionRoutes = Pick<
  Handlers,
  'find.search' | 'choices.show' | 'transactions.list' | 'transactions.count' | 'transactions.show'
>

const PLN = 985
const stateOf = (state: string): TransactionState => TRANSACTION_STATES.find((known) => known === state) ?? 'declined'

export const transactionAnswer = (office: Office, row: FoundTransaction) => {
  const currency = row.currency ?? PLN
  return {
    id: String(row.id),
    at: time(row.at),
    businessDay: row.businessDate.slice(0, 10),
    store: storeNamed(office, row.store),
    timeZone: office.registry().stores.get(row.store)?.timeZone ?? office.timeZone,
    terminal: row.terminal,
    operation: row.operation,
    role: storyRole(row.role),
    card:
      row.cardId === null || row.firstSix === null || row.lastFour === null
        ? null
        : { id: String(row.cardId), number: masked(row.firstSix, row.lastFour) },
    asked: row.asked === null ? null : money(row.asked, currency),
    amount: row.amount === 0 ? null : money(row.credits ? row.amount : -row.amount, currency),
    result: row.result,
    response: responseOf(row.result),
    state: stateOf(row.state),
    reference: row.rrn,
    approvalCode: row.approvalCode,
    stan: row.stan,
    entryMode: row.entryMode,
    channel: row.channel,
    who: row.who,
    hasCase: row.hasCase,
  }
}

function pageAnswer(office: Office, page: TransactionPage) {
  const { row, detail, why } = page
  const currency = row.currency ?? PLN
  const linked = (one: TransactionPage['followers'][number]) => ({
    id: String(one.id),
    at: time(one.at),
    what: one.what,
    state: one.state,
    amount: one.amount === 0 ? null : money(one.amount, currency),
    who: one.who,
  })
  const balances = (ledger: number | null, available: number | null) =>
    ledger === null || available === null
      ? null
      : { ledger: money(ledger, currency), available: money(available, currency) }
  const moved = row.credits ? row.amount : -row.amount
  const { debit, credit } = detail
  const issue = detail.issueId === null ? undefined : office.registry().issues.get(detail.issueId)
  return {
    ...transactionAnswer(office, row),
    issue: issue === undefined ? null : { code: issue.code, name: issue.code },
    responseText: { ...textsOf(row.result) },
    why: { sentence: { ...why.sentence }, rule: { ...why.rule }, remedy: { ...why.remedy } },
    postings:
      debit === null || credit === null
        ? null
        : {
            debit: accountWords(office, debit),
            credit: accountWords(office, credit),
            amount: money(row.amount, currency),
          },
    before: balances(
      detail.ledgerAfter === null ? null : detail.ledgerAfter - moved,
      detail.availableAfter === null ? null : detail.availableAfter - moved,
    ),
    after: balances(detail.ledgerAfter, detail.availableAfter),
    undoneBy: detail.undoneBy,
    confirmBy: timeOrNull(detail.confirmBy),
    returned: money(detail.returned, currency),
    original: page.original === null ? null : linked(page.original),
    followers: page.followers.map(linked),
    case: page.case === null ? null : { ...page.case, id: String(page.case.id) },
    trace: detail.trace,
    line: detail.line,
    localTime: detail.localTime,
    fields: fieldsOf(page),
  }
}

/** The request by fields of ISO 8583, as far as they are stored. */
function fieldsOf({ row, detail }: TransactionPage): { field: string; name: string; value: string }[] {
  const all: [string, string, string | number | null][] = [
    ['2', 'Card number', row.firstSix === null ? null : `${row.firstSix}••••••${row.lastFour ?? ''}`],
    ['3', 'Processing code', detail.processingCode],
    ['4', 'Amount', row.asked],
    ['11', 'STAN', row.stan],
    ['12, 13', 'Local time', detail.localTime],
    ['22', 'Entry mode', row.entryMode],
    ['37', 'Reference', row.rrn],
    ['38', 'Approval code', row.approvalCode],
    ['39', 'Response', responseOf(row.result)],
    ['41', 'Terminal', row.terminal],
    ['42', 'Store', row.store],
    ['49', 'Currency', row.currency],
  ]
  return all.flatMap(([field, name, value]) =>
    value === null || value === '' ? [] : [{ field, name, value: String(value) }],
  )
}

function hitAnswer(office: Office, { card, transaction: found, ...hit }: Hit) {
  if (found === undefined) return { ...hit, card: card === null ? null : { ...card }, transaction: null }
  const { operation, amount, currency, at, store, result } = found
  const sum = amount === 0 ? null : money(amount, currency ?? PLN)
  const transaction = { operation, amount: sum, at: time(at), store: storeNamed(office, store), result }
  return { ...hit, card: null, transaction }
}

export const transactionRoutes: TransactionRoutes = {
  async 'find.search'({ office, session, body }) {
    if (session === null) return refused('not_signed_in')
    const found = await find(office, session, body.text)
    if (isRefused(found)) return found
    const { hits, handle } = found
    return { hits: hits.map((hit) => hitAnswer(office, hit)), handle }
  },
  'choices.show': ({ office, actor }) => choices(office, actor),
  async 'transactions.list'(call) {
    const { office, actor, query } = call
    const criteria = await transactionCriteria(call, query)
    if (isRefused(criteria)) return criteria
    const { order = 'time', descending = true, limit = 50, cursor = null } = query
    const found = await listTransactions(office, actor, criteria, { order, descending, limit, cursor }, call.gone)
    if (isRefused(found)) return found
    return { items: found.items.map((row) => transactionAnswer(office, row)), next: found.next }
  },
  async 'transactions.count'(call) {
    const criteria = await transactionCriteria(call, call.query)
    return isRefused(criteria) ? criteria : countTransactions(call.office, call.actor, criteria)
  },
  async 'transactions.show'({ office, actor, params }) {
    const page = await showTransaction(office, actor, Number(params.id))
    return isRefused(page) ? page : pageAnswer(office, page)
  },
}

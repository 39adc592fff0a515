import { isRefused } from '../../office/refusal.ts'
import { showAccounts, setAccounts } from '../../office/settlement/accounts.ts'
import { proposeSettlement } from '../../office/settlement/closing.ts'
import { notePages, settlementReport, settlementTitle } from '../../office/settlement/documents.ts'
import { isAllNamed } from '../../office/settlement/late.ts'
import { monthLedger, settlementLedger } from '../../office/settlement/general-ledger.ts'
import { type ListedSettlement, listSettlements, showSettlement } from '../../office/settlement/reading.ts'
import { refused } from '../../office/refusal.ts'
import type { Handlers } from '../call.ts'
import { pagesApart } from '../../office/reports/files-apart.ts'
import { figuresOf, sendContent, sendFile } from '../figures.ts'
import { money, time, timeOrNull } from '../format.ts'

type SettlementRoutes = Pick<Handlers, Extract<keyof Handlers, `settlements.${string}` | `ledger.${string}`>>

function settlementAnswer(settlement: ListedSettlement) {
  const { id, number, state, from, to, stores, lines, proposedBy, proposedAt, closedBy, closedAt } = settlement
  const nets = new Map<number, number>()
  for (const { currency, receivable, payable } of lines) {
    nets.set(currency, (nets.get(currency) ?? 0) + receivable - payable)
  }
  return {
    id: String(id),
    number,
    state,
    from,
    to,
    stores: [...stores],
    net: [...nets].map(([currency, net]) => money(net, currency)),
    corrections: lines.filter(({ corrects }) => corrects !== 0).length,
    proposedBy,
    proposedAt: time(proposedAt),
    closedBy,
    closedAt: timeOrNull(closedAt),
  }
}

export const settlementRoutes: SettlementRoutes = {
  async 'settlements.list'({ office, actor }) {
    const all = await listSettlements(office, actor)
    return isRefused(all) ? all : { items: all.map(settlementAnswer) }
  },
  async 'settlements.propose'({ office, actor, body }) {
    const made = await proposeSettlement(office, actor, body)
    return isRefused(made) ? made : { id: String(made.id) }
  },
  async 'settlements.show'({ office, actor, params, language }) {
    const page = await showSettlement(office, actor, { id: Number(params.id) })
    if (isRefused(page)) return page
    const report = settlementReport(page, language)
    return {
      settlement: settlementAnswer(page.settlement),
      title: { ...settlementTitle(page.settlement) },
      ...figuresOf(report),
      exactAsOf: { ...report.exactAsOf },
      digest: page.settlement.digest,
      late: page.late.map(({ id, corrects, store, day, operation, currency, receivable, payable }) => ({
        id: String(id),
        settlement: page.numbers.get(corrects) ?? 0,
        store,
        day,
        operation,
        receivable: money(receivable, currency),
        payable: money(payable, currency),
      })),
      isAllNamed: isAllNamed(page.settlement, page.late),
    }
  },
  async 'settlements.file'({ office, actor, params, query: { what = 'settlement', ...file }, reply, language }) {
    const page = await showSettlement(office, actor, { id: Number(params.id) })
    if (isRefused(page)) return page
    const { number } = page.settlement
    if (what === 'ledger' && number === null) return refused('no_such_settlement', { settlement: params.id })
    const report =
      what === 'settlement'
        ? settlementReport(page, language)
        : await settlementLedger(office, actor, { number: number ?? 0 })
    if (isRefused(report)) return report
    return sendFile(reply, report, { ...file, language, by: actor.login })
  },
  async 'settlements.notes'({ office, actor, params, query: { store = null }, reply, language }) {
    const page = await showSettlement(office, actor, { id: Number(params.id) })
    if (isRefused(page)) return page
    const pages = notePages(office, page, { store, language, by: actor.login })
    const notes = isRefused(pages) ? pages : await pagesApart(pages)
    if (isRefused(notes)) return notes
    const { number, id } = page.settlement
    sendContent(reply, notes, 'application/pdf', `akart-notes-${number ?? id}${store === null ? '' : `-${store}`}.pdf`)
    return null
  },
  async 'ledger.month'({ office, actor, params, query, reply, language }) {
    const report = await monthLedger(office, actor, { month: params.month })
    if (isRefused(report)) return report
    return sendFile(reply, report, { ...query, language, by: actor.login })
  },
  async 'ledger.accounts'({ office, actor }) {
    const items = await showAccounts(office, actor)
    return isRefused(items) ? items : { items: [...items] }
  },
  async 'ledger.setAccounts'({ office, actor, body }) {
    const set = await setAccounts(office, actor, body.values)
    return isRefused(set) ? set : null
  },
}

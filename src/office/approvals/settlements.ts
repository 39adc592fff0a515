import { openProposals } from '../proposals.ts'
import { isRefused } from '../refusal.ts'
import { decideSettlement } from '../settlement/closing.ts'
import { periodWords } from '../settlement/documents.ts'
import { settlementWith } from '../settlement/reading.ts'
import { type ApprovalRule, type Change, decidedWithoutCode, type Draft } from './item.ts'

/** Settlements of stores that one accountant has worked out: what each store owes or is owed. */
export const SETTLEMENTS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('settlement.close')) return []
    const drafts: Draft[] = []
    for (const { id, subject, by, at, reason } of await openProposals(office, 'settlement')) {
      const settlement = await office.db.use((connection) => settlementWith(connection, subject))
      if (isRefused(settlement)) continue
      const { lines } = settlement
      const period = periodWords(settlement)
      const nets = new Map<string, Change>()
      for (const { store, currency, receivable, payable } of lines) {
        const called = office.registry().stores.get(store)?.name ?? store
        const name = { en: `Net of ${called}`, pl: `Saldo: ${called}` }
        const before = nets.get(`${store} ${currency}`)?.money?.after ?? 0
        const money = { before: null, after: before + receivable - payable, currency }
        nets.set(`${store} ${currency}`, { name, before: null, after: null, money })
      }
      drafts.push({
        id,
        right: 'settlement.close',
        subject: { en: `Settlement of ${period.en}`, pl: `Rozliczenie od ${period.pl}` },
        to: `/settlements/${subject}`,
        by,
        at,
        reason,
        changes: [...nets.values()],
        createsMoney: false,
      })
    }
    return drafts
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(await decideSettlement(office, actor, { id, approve, reason })),
}

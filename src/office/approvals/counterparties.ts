import { type PaymentEntry, selectEntries, toEntry } from '../../db/sql/payments.ts'
import { decideCreditLimit, limitChange, openLimitProposals } from '../counterparty/credit-limits.ts'
import { decidePayments, sumsOf } from '../counterparty/payments.ts'
import type { Office } from '../office.ts'
import { openProposals } from '../proposals.ts'
import { type ApprovalRule, type Change, decidedWithoutCode } from './item.ts'

/** Rows that are shown one by one. */
const SHOWN = 20

/**
 * Totals by counterparty over all rows, payments and repayments separately: in one net sum, two hidden rows could move
 * money from one counterparty to another without changing it.
 */
function sumsByCounterparty(entries: readonly PaymentEntry[]) {
  const sums = new Map<string, { counterparty: string; currency: number; paid: boolean; rows: number; sum: number }>()
  for (const { counterparty, currency, amount } of entries) {
    const paid = amount > 0
    const key = [counterparty, currency, paid].join(' ')
    const one = sums.get(key) ?? { counterparty, currency, paid, rows: 0, sum: 0 }
    sums.set(key, { ...one, rows: one.rows + 1, sum: one.sum + amount })
  }
  return [...sums.values()]
}

async function changesOf({ db }: Pick<Office, 'db'>, proposal: number): Promise<Change[]> {
  const [rows = []] = await db.use((connection) => connection.send(selectEntries(proposal)))
  const entries = rows.map(toEntry)
  const money = (en: string, pl: string, after: number, currency: number): Change => ({
    name: { en, pl },
    before: null,
    after: null,
    money: { before: null, after, currency },
  })
  const sums = [...sumsOf(entries)].map(([currency, sum]) =>
    money(`In all, payments: ${entries.length}`, `Razem, wpłat: ${entries.length}`, sum, currency),
  )
  const byCounterparty = sumsByCounterparty(entries).map(({ counterparty, currency, paid, rows: count, sum }) => {
    const [en, pl] = paid ? ['payments', 'wpłaty'] : ['paid back', 'zwroty']
    return money(`${counterparty}, ${en}: ${count}`, `${counterparty}, ${pl}: ${count}`, sum, currency)
  })
  const shown = entries.slice(0, SHOWN).map(({ counterparty, paidOn, reference, amount, currency }) => {
    const name = `${counterparty}, ${paidOn}, ${reference}`
    return money(name, name, amount, currency)
  })
  return [...shown, ...(entries.length > 1 ? [...byCounterparty, ...sums] : [])]
}

/** Payments that one person has entered, by hand or from a bank's file. */
export const PAYMENTS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('counterparties.payments')) return []
    const proposals = await openProposals(office, 'payment')
    return Promise.all(
      proposals.map(async ({ id, by, at, reason, input }) => {
        const { rows, file } = JSON.parse(input) as { rows: number; file?: string }
        const from = file === undefined ? '' : ` (${file})`
        return {
          id,
          right: 'counterparties.payments.approve' as const,
          subject: {
            en: rows === 1 ? `Payment of a counterparty${from}` : `${rows} payments of counterparties${from}`,
            pl: rows === 1 ? `Wpłata kontrahenta${from}` : `Wpłaty kontrahentów: ${rows}${from}`,
          },
          to: '/counterparties',
          by,
          at,
          reason,
          changes: await changesOf(office, id),
          createsMoney: false,
        }
      }),
    )
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(await decidePayments(office, actor, { id, approve, reason })),
}

export const CREDIT_LIMITS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('counterparties.edit') && !actor.rights.has('changes.approve')) return []
    return (await openLimitProposals(office)).map((proposal) => {
      const { counterparty, currency, before, after } = limitChange(proposal)
      const { id, by, at, reason } = proposal
      return {
        id,
        right: 'changes.approve' as const,
        subject: { en: `Credit limit of ${counterparty}`, pl: `Limit kredytu: ${counterparty}` },
        to: `/counterparties/${counterparty}`,
        by,
        at,
        reason,
        changes: [
          {
            name: { en: 'May owe at most (–: no limit)', pl: 'Może być winien najwyżej (–: bez limitu)' },
            before: null,
            after: null,
            money: { before, after, currency },
          },
        ],
        createsMoney: false,
      }
    })
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(await decideCreditLimit(office, actor, { id, approve, reason })),
}

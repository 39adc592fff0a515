import { amountText, amountTextPl, currencyOf } from '../../core/currency.ts'
import { type Batch, selectBatchesIn, toBatch } from '../../db/sql/welfare-batches.ts'
import { type Recall, selectRecallPeople, selectRecallsIn, toRecall } from '../../db/sql/welfare-recalls.ts'
import type { Office } from '../office.ts'
import { checkApart } from '../welfare/apart.ts'
import { inBackground } from '../welfare/batch-work.ts'
import { openProposals } from '../proposals.ts'
import { decideEmployer, employerChange } from '../welfare/employer-approvals.ts'
import { warningName } from '../welfare/findings.ts'
import { changedBy, linkChanges } from '../welfare/link-changes.ts'
import { decideRecall } from '../welfare/recall.ts'
import { type ApprovalRule, type Change, change, decidedWithoutCode, MOST } from './item.ts'

/** Batches that were proposed: the sum, the warnings that were accepted, and each card that is another one than at the last load. */
export const WELFARE_BATCHES: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('welfare.approve') && !actor.rights.has('welfare.prepare')) return []
    const [rows = []] = await office.db.use((connection) => connection.send(selectBatchesIn('proposed')))
    return Promise.all(
      rows.map(toBatch).map(async (batch) => ({
        id: batch.id,
        right: 'welfare.approve' as const,
        subject: {
          en: `Welfare batch ${batch.id} of ${batch.employer}: rows: ${batch.rows}, ${amountText(batch.amount, batch.currency)} ${currencyOf(batch.currency).letters}`,
          pl: `Partia świadczeń ${batch.id}, ${batch.employer}: wiersze: ${batch.rows}, ${amountTextPl(batch.amount, batch.currency)} ${currencyOf(batch.currency).letters}`,
        },
        to: `/welfare/${batch.id}`,
        by: batch.proposedBy ?? '',
        at: batch.proposedAt ?? 0,
        reason: batch.reason ?? '',
        changes: [...accepted(batch), ...(await changedCards(office, batch.id))],
        createsMoney: true,
      })),
    )
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(
      await inBackground(office, id, (progress) =>
        checkApart(office, actor, 'decide', { id, approve, reason }, progress),
      ),
    ),
}

const accepted = ({ accepted: codes }: Batch): Change[] =>
  codes.map((code) => {
    const { en, pl } = warningName(code)
    return change({ en: `Accepted: ${en}`, pl: `Zaakceptowano: ${pl}` }, null, '✓')
  })

async function changedCards(office: Pick<Office, 'db'>, batchId: number): Promise<Change[]> {
  const { changes, all } = await linkChanges(office, batchId, MOST)
  const shown = changes.map(({ number, name, before, after, who }) => {
    const by = changedBy(who)
    const words = { en: `Card of ${number} ${name} (${by.en})`, pl: `Karta: ${number} ${name} (${by.pl})` }
    return change(words, before, after)
  })
  if (all <= shown.length) return shown
  const more = {
    en: 'Further changed cards: all of them are in a file on the page of the batch',
    pl: 'Dalsze zmienione karty: wszystkie są w pliku na stronie partii',
  }
  return [...shown, change(more, null, String(all - shown.length))]
}

/** Whose unspent money it takes, by name. */
async function recalledFrom(office: Pick<Office, 'db'>, { id, currency }: Recall): Promise<Change[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectRecallPeople(id, MOST)))
  return rows.map(([number, name, unspent]) => {
    const words = `${String(number)} ${String(name)}`
    const money = { before: Number(unspent), after: 0, currency }
    return { name: { en: words, pl: words }, before: null, after: null, money }
  })
}

/** Settings of an employer that let more through. */
export const EMPLOYERS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('welfare.prepare') && !actor.rights.has('changes.approve')) return []
    return (await openProposals(office, 'employer')).map((proposal) => {
      const { code, currency, before, after } = employerChange(proposal)
      const { id, by, at, reason } = proposal
      const limit = { en: 'Yearly limit of an employee and fund', pl: 'Roczny limit pracownika i funduszu' }
      const money = { before: before.yearlyLimit, after: after.yearlyLimit, currency }
      const paidFirst = { en: 'A batch is paid before it is booked', pl: 'Partia jest opłacana przed zaksięgowaniem' }
      return {
        id,
        right: 'changes.approve' as const,
        subject: { en: `Settings of employer ${code}`, pl: `Ustawienia pracodawcy ${code}` },
        to: '/welfare',
        by,
        at,
        reason,
        changes: [
          ...(money.before === money.after ? [] : [{ name: limit, before: null, after: null, money }]),
          ...(before.paidFirst === after.paidFirst ? [] : [change(paidFirst, 'yes', 'no', 'flag')]),
        ],
        createsMoney: false,
      }
    })
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(await decideEmployer(office, actor, { id, approve, reason })),
}

export const WELFARE_RECALLS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('welfare.approve') && !actor.rights.has('welfare.recall')) return []
    const [rows = []] = await office.db.use((connection) => connection.send(selectRecallsIn('proposed')))
    return Promise.all(
      rows.map(toRecall).map(async (recall) => ({
        id: recall.id,
        right: 'welfare.approve' as const,
        subject: {
          en: `Recall ${recall.id} of ${recall.employer}: cards: ${recall.cards}, ${amountText(recall.unspent, recall.currency)} ${currencyOf(recall.currency).letters} unspent`,
          pl: `Odebranie ${recall.id}, ${recall.employer}: karty: ${recall.cards}, niewydane ${amountTextPl(recall.unspent, recall.currency)} ${currencyOf(recall.currency).letters}`,
        },
        to: '/welfare',
        by: recall.proposedBy,
        at: recall.proposedAt,
        reason: recall.reason,
        changes: await recalledFrom(office, recall),
        createsMoney: false,
      })),
    )
  },
  decide: async (office, actor, { id, approve, reason }) =>
    decidedWithoutCode(await decideRecall(office, actor, { id, approve, reason })),
}

import { amountText, amountTextPl } from '../../core/currency.ts'
import { decideCaseProposal, openCaseProposals, type CaseProposal } from '../case-deciding.ts'
import { decideJournalProposal, openJournalProposals, storeOf, type JournalProposal } from '../journals.ts'
import type { Office } from '../office.ts'
import type { Words } from '../refusal.ts'
import { decidedWithoutCode, type ApprovalRule, type Change, type Draft } from './item.ts'

const HAPPENED: Words = { en: 'it happened', pl: 'odbyło się' }
const DID_NOT: Words = { en: 'it did not happen', pl: 'nie odbyło się' }
const wordsOf = (happened: boolean): Words => (happened ? HAPPENED : DID_NOT)

const caseDraft = ({ id, subject, by, at, reason, happened, row }: CaseProposal): Draft => ({
  id,
  right: 'cases.approve',
  subject: {
    en: `Case ${subject}: ${amountText(row.amount, row.currency)}, ${wordsOf(happened).en}`,
    pl: `Wyjaśnienie ${subject}: ${amountTextPl(row.amount, row.currency)}, ${wordsOf(happened).pl}`,
  },
  to: `/cases/${subject}`,
  by,
  at,
  reason,
  changes: [],
  createsMoney: false,
})

export const CASES: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('cases.decide') && !actor.rights.has('cases.approve')) return []
    return (await openCaseProposals(office, actor)).map(caseDraft)
  },
  decide: async (office, actor, wish) => decidedWithoutCode(await decideCaseProposal(office, actor, wish)),
}

/** Every row, since the approver answers for every one. */
function journalDraft(office: Office, { id, subject, by, at, reason, journal, lines }: JournalProposal): Draft {
  const { currency } = storeOf(office, journal.store)
  return {
    id,
    right: 'cases.approve',
    subject: {
      en: `Journal ${journal.fileName} of ${journal.store}: ${lines.length} rows`,
      pl: `Dziennik ${journal.fileName}, sklep ${journal.store}: wiersze: ${lines.length}`,
    },
    to: `/journals/${subject}`,
    by,
    at,
    reason,
    changes: lines.map(({ row, case: of, decided, amount }): Change => ({
      name: {
        en: `Row ${row}, case ${of}: ${wordsOf(decided === true).en}`,
        pl: `Wiersz ${row}, wyjaśnienie ${of}: ${wordsOf(decided === true).pl}`,
      },
      before: null,
      after: null,
      money: { before: null, after: amount ?? 0, currency },
    })),
    createsMoney: false,
  }
}

export const JOURNALS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('cases.decide') && !actor.rights.has('cases.approve')) return []
    return (await openJournalProposals(office)).map((proposal) => journalDraft(office, proposal))
  },
  decide: async (office, actor, wish) => decidedWithoutCode(await decideJournalProposal(office, actor, wish)),
}

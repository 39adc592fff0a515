/** Approvals about cases: decisions above a clerk's limit, and whole journals. */

import { amountText, amountTextPl } from '../../core/currency.ts'
import type { Bearer, Rest } from '../../core/shortfall.ts'
import type { CaseRow } from '../case-page.ts'
import { decideCaseProposal, openCaseProposals, type CaseProposal } from '../case-deciding.ts'
import { decideJournalProposal, openJournalProposals, storeOf, type JournalProposal } from '../journals.ts'
import type { Office } from '../office.ts'
import type { Words } from '../refusal.ts'
import { decidedWithoutCode, type ApprovalRule, type Change, type Draft } from './item.ts'

const HAPPENED: Words = { en: 'it happened', pl: 'odbyło się' }
const DID_NOT: Words = { en: 'it did not happen', pl: 'nie odbyło się' }
const wordsOf = (happened: boolean): Words => (happened ? HAPPENED : DID_NOT)

const caseDraft = ({ id, subject, by, at, reason, happened, rest, row }: CaseProposal): Draft => ({
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
  changes: rest === null ? [] : sharesOf(row, rest),
  createsMoney: rest?.bearer === 'issuer',
})

const BORNE: Readonly<Record<Bearer, Words>> = {
  store: { en: 'Borne by the store', pl: 'Pokrywa sklep' },
  issuer: { en: 'Borne by the issuer (adjustment)', pl: 'Pokrywa emitent (korekta)' },
}

const sharesOf = ({ amount, currency }: CaseRow, rest: Rest): Change[] => [
  money({ en: 'The card pays', pl: 'Płaci karta' }, amount - rest.amount, currency),
  money(BORNE[rest.bearer], rest.amount, currency),
]

const money = (name: Words, after: number, currency: number): Change => ({
  name,
  before: null,
  after: null,
  money: { before: null, after, currency },
})

export const CASES: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('cases.decide') && !actor.rights.has('cases.approve')) return []
    return (await openCaseProposals(office, actor)).map(caseDraft)
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideCaseProposal(office, actor, input)),
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
  decide: async (office, actor, input) => decidedWithoutCode(await decideJournalProposal(office, actor, input)),
}

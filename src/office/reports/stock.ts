import { selectPackStates } from '../../db/sql/report-queries.ts'
import { cardStates } from './card-counts.ts'
import { column, type Definition, issueCode, issueCurrency, type Question, sortedBy } from './definition.ts'
import type { Figures } from './report.ts'

export const CARDS: Definition = {
  title: { en: 'Cards', pl: 'Karty' },
  about: {
    en: 'Cards by issue and state, and what they hold.',
    pl: 'Karty według emisji i stanu oraz to, co na nich jest.',
  },
  definition: 1,
  ownStores: false,
  time: 'now',
  filters: ['issues'],
  columns: [
    column('issue', 'text', 'Issue', 'Emisja'),
    column('currency', 'text', 'Currency', 'Waluta'),
    column('state', 'text', 'State', 'Stan'),
    column('block', 'text', 'Block', 'Blokada'),
    column('cards', 'count', 'Cards', 'Karty'),
    column('ledger', 'money', 'Ledger', 'Saldo księgowe'),
  ],
  chart: { by: 'state', value: 'cards' },
  figures: cards,
}

async function cards({ office, snapshot, scope }: Question): Promise<Figures> {
  const counts = await cardStates(snapshot, scope.issues)
  const all = counts.map(({ issueId, state, block, cards: count, ledger }) => ({
    issue: issueCode(office, issueId),
    currency: issueCurrency(office, issueId),
    state,
    block,
    cards: count,
    ledger,
  }))
  return { rows: sortedBy(all, 'issue', 'state', 'block') }
}

export const PACKS: Definition = {
  title: { en: 'Packs', pl: 'Paczki' },
  about: {
    en: 'Packs by recipient and state, and for how long the oldest has been on its way.',
    pl: 'Paczki według odbiorcy i stanu oraz jak długo najstarsza jest w drodze.',
  },
  definition: 1,
  ownStores: true,
  time: 'now',
  filters: ['stores', 'counterparties', 'issues'],
  columns: [
    column('recipient', 'text', 'Recipient', 'Odbiorca'),
    column('issue', 'text', 'Issue', 'Emisja'),
    column('state', 'text', 'State', 'Stan'),
    column('packs', 'count', 'Packs', 'Paczki'),
    column('cards', 'count', 'Cards', 'Karty'),
    column('daysInTransit', 'ratio', 'Days in transit, longest', 'Dni w drodze, najdłużej'),
  ],
  chart: { by: 'state', value: 'packs' },
  figures: packs,
}

async function packs({ office, snapshot, scope }: Question): Promise<Figures> {
  const [rows = []] = await snapshot.connection.send(selectPackStates(scope))
  const all = rows.map((row) => {
    const [recipient, issueId, state, count, inThem, days] = row as [
      string, number, string, number, number, number | null,
    ] // prettier-ignore
    return { recipient, issue: issueCode(office, issueId), state, packs: count, cards: inThem, daysInTransit: days }
  })
  return { rows: sortedBy(all, 'recipient', 'issue', 'state') }
}

/** Approvals about cards: adjustments, changes of one card, bulk actions. */

import { amountText, amountTextPl } from '../../core/currency.ts'
import type { CardView } from '../cards.ts'
import { selectBalances } from '../../db/sql/card-balances.ts'
import { decideAdjustment, listAdjustments } from '../adjustments.ts'
import { decideBulk, openBulkProposals, type BulkProposal, type Sum } from '../bulks.ts'
import { decideCardChange, openCardProposals, type CardChange, type CardProposal } from '../card-changes.ts'
import { isRefused, type Words } from '../refusal.ts'
import { change, decidedWithoutCode, MOST, type ApprovalRule, type Change, type Draft } from './item.ts'

export const ADJUSTMENTS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('cards.adjust') && !actor.rights.has('cards.adjust.approve')) return []
    const list = await listAdjustments(office, actor, { most: MOST })
    if (isRefused(list) || list.length === 0) return []
    const [rows = []] = await office.db.use((connection) =>
      connection.send(selectBalances(list.map(({ card }) => card.id))),
    )
    const ledgers = new Map(rows.map(([id, ledger]) => [Number(id), Number(ledger)]))
    return list.map(({ id, card, currency, amount, reason, askedBy, askedAt }) => {
      const before = ledgers.get(card.id) ?? 0
      return {
        id,
        right: 'cards.adjust.approve',
        subject: {
          en: `${amountText(amount, currency)} on card ${card.shown}`,
          pl: `${amountTextPl(amount, currency)} na karcie ${card.shown}`,
        },
        to: `/cards/${card.id}`,
        by: askedBy,
        at: Date.parse(`${askedAt.replace(' ', 'T')}Z`),
        reason,
        changes: [balance(before, before + amount, currency)],
        createsMoney: amount > 0,
      }
    })
  },
  decide: async (office, actor, { id, approve }) =>
    decidedWithoutCode(await decideAdjustment(office, actor, { id, approve })),
}

const balance = (before: number, after: number, currency: number): Change => ({
  name: { en: 'Ledger balance', pl: 'Saldo księgowe' },
  before: null,
  after: null,
  money: { before, after, currency },
})

const ACTS: Readonly<Record<CardChange['act'], Words>> = {
  duplicate: { en: 'Duplicate of card', pl: 'Duplikat karty' },
  extend: { en: 'Extension of card', pl: 'Przedłużenie karty' },
  unblock: { en: 'Unblocking of card', pl: 'Odblokowanie karty' },
  new_version: { en: 'New plastic of card', pl: 'Nowy plastik karty' },
}

const BLOCK: Words = { en: 'Block', pl: 'Blokada' }
const VALID: Words = { en: 'Valid until', pl: 'Ważna do' }
const NUMBER: Words = { en: 'Number', pl: 'Numer' }
const VERSION: Words = { en: 'Version', pl: 'Wersja' }
const MAKER: Words = { en: 'File for the maker', pl: 'Plik dla wytwórcy' }

function cardChanges(card: CardView, input: CardChange): Change[] {
  switch (input.act) {
    case 'unblock':
      return [change(BLOCK, card.block, null, 'block')]
    case 'extend':
      return [change(VALID, card.validUntil?.slice(0, 10) ?? null, input.until, 'day')]
    case 'duplicate':
      return [change(NUMBER, card.shown, input.shown)]
    case 'new_version':
      return [change(VERSION, String(card.version), String(input.version)), change(MAKER, null, input.maker)]
  }
}

const cardDraft = ({ id, subject, by, at, reason, change: input, card }: CardProposal): Draft => ({
  id,
  right: 'changes.approve',
  subject: { en: `${ACTS[input.act].en} ${card.shown}`, pl: `${ACTS[input.act].pl} ${card.shown}` },
  to: `/cards/${subject}`,
  by,
  at,
  reason,
  changes: [...cardChanges(card, input), balance(card.ledger, card.ledger, card.currency)],
  createsMoney: false,
})

export const CARD_CHANGES: ApprovalRule = {
  list: async (office) => (await openCardProposals(office)).map(cardDraft),
  decide: async (office, actor, input) => decidedWithoutCode(await decideCardChange(office, actor, input)),
}

const BULKS: Readonly<Record<'block' | 'unblock' | 'extend' | 'undo', Words>> = {
  block: { en: 'Block cards:', pl: 'Blokada kart:' },
  unblock: { en: 'Unblock cards:', pl: 'Odblokowanie kart:' },
  extend: { en: 'Extend cards:', pl: 'Przedłużenie kart:' },
  undo: { en: 'Undo a change of cards:', pl: 'Cofnięcie zmiany kart:' },
}

function bulkDraft({ id, by, at, reason, bulk, undo }: BulkProposal): Draft {
  const words = BULKS[undo ? 'undo' : bulk.action]
  const sums = JSON.parse(bulk.money) as Sum[]
  return {
    id,
    right: 'changes.approve',
    subject: { en: `${words.en} ${bulk.cards}`, pl: `${words.pl} ${bulk.cards}` },
    to: `/bulk/${bulk.id}`,
    by,
    at,
    reason,
    changes: [
      change({ en: 'Cards', pl: 'Karty' }, null, String(bulk.cards)),
      ...(bulk.block === null ? [] : [change(BLOCK, null, bulk.block, 'block')]),
      ...(bulk.until === null ? [] : [change(VALID, null, bulk.until, 'day')]),
      ...sums.map(({ value, currency }): Change => ({
        name: { en: 'Available on them', pl: 'Dostępne na nich' },
        before: null,
        after: null,
        money: { before: null, after: value, currency },
      })),
    ],
    createsMoney: false,
  }
}

export const BULK_CHANGES: ApprovalRule = {
  list: async (office) => (await openBulkProposals(office)).map(bulkDraft),
  decide: async (office, actor, input) => decidedWithoutCode(await decideBulk(office, actor, input)),
}

/** Approvals about issues and packs: limits, sale authorisations, pack sales, keys of card makers. */

import { LIMIT_NAMES } from '../../cards/issue-settings.ts'
import { insertRefusal } from '../../db/sql/proposals.ts'
import {
  selectIssuesToAuthorise,
  selectPacksToAuthorise,
  selectPacksToSell,
  toWaitingSale,
  type WaitingSale,
} from '../../db/sql/sale-approvals.ts'
import { withdrawSale } from '../../db/sql/pack-rows.ts'
import {
  type LimitChange,
  selectLimitValues,
  selectOpenProposals,
  toLimitChange,
  toOpenProposalView,
} from '../../db/sql/limits.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { authoriseIssue } from '../issue-authorisation.ts'
import { decideLimits } from '../limits.ts'
import { inTransaction, type Office } from '../office.ts'
import { approvePackSale } from '../pack-sale.ts'
import { authorisePack } from '../packs.ts'
import type { Refused, Words } from '../refusal.ts'
import { type Right } from '../rights-table.ts'
import { mayDo } from '../rights.ts'
import {
  change,
  decidedWithoutCode,
  MOST,
  type ApprovalRule,
  type Change,
  type DecideInput,
  type Draft,
} from './item.ts'

export const LIMITS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('issues.limits') && !actor.rights.has('issues.limits.approve')) return []
    return office.db.use(async (connection) => {
      const [rows = []] = await connection.send(selectOpenProposals)
      const all: Draft[] = []
      for (const { id, by, at, reason, issue } of rows.map(toOpenProposalView)) {
        const [values = []] = await connection.send(selectLimitValues(id))
        const currency = currencyOfIssue(office, issue)
        const changes = values.map(toLimitChange).map((limit) => limitChange(limit, currency))
        const subject = { en: `Limits of ${issue}`, pl: `Limity emisji ${issue}` }
        const right = 'issues.limits.approve'
        all.push({ id, right, subject, to: `/issues/${issue}`, by, at, reason, changes, createsMoney: false })
      }
      return all
    })
  },
  decide: async (office, actor, { id: proposal, approve, approval: { to } }) =>
    decidedWithoutCode(await decideLimits(office, actor, { issue: to?.split('/').at(-1) ?? '', approve, proposal })),
}

const currencyOfIssue = ({ registry }: Pick<Office, 'registry'>, code: string): number =>
  [...registry().issues.values()].find((issue) => issue.code === code)?.currency ?? 0

const LIMIT_WORDS: Readonly<Record<(typeof LIMIT_NAMES)[number], Words>> = {
  saleMinimum: { en: 'Sale from', pl: 'Sprzedaż od' },
  saleMaximum: { en: 'Sale to', pl: 'Sprzedaż do' },
  saleStep: { en: 'Sale in steps of', pl: 'Sprzedaż co' },
  topUpMinimum: { en: 'Top-up from', pl: 'Doładowanie od' },
  topUpMaximum: { en: 'Top-up to', pl: 'Doładowanie do' },
  topUpStep: { en: 'Top-up in steps of', pl: 'Doładowanie co' },
  topUpCount: { en: 'Top-ups at most', pl: 'Najwięcej doładowań' },
  maximumBalance: { en: 'Maximum balance', pl: 'Najwyższe saldo' },
  dailyAmount: { en: 'Taken in a day', pl: 'Wydatki dzienne' },
  dailyCount: { en: 'Times in a day', pl: 'Razy dziennie' },
  unreceiptedRefundMaximum: { en: 'Refund without receipt', pl: 'Zwrot bez paragonu' },
  unreceiptedRefundDaily: { en: 'Refund without receipt, a card a day', pl: 'Zwrot bez paragonu, karta dziennie' },
  unreceiptedRefundTerminalDaily: {
    en: 'Refund without receipt, a terminal a day',
    pl: 'Zwrot bez paragonu, terminal dziennie',
  },
  cashOutMaximum: { en: 'Cash-out up to', pl: 'Wypłata do' },
}
const COUNTS: ReadonlySet<string> = new Set(['topUpCount', 'dailyCount'])

function limitChange({ setting, from, to }: LimitChange, currency: number): Change {
  const name = LIMIT_NAMES.find((one) => one === setting)
  const words = name === undefined ? { en: setting, pl: setting } : LIMIT_WORDS[name]
  if (!COUNTS.has(setting))
    return { name: words, before: null, after: null, money: { before: from, after: to, currency } }
  return change(words, from === null ? null : String(from), to === null ? null : String(to))
}

type SaleRule = {
  readonly kind: 'issueAuthorisation' | 'packAuthorisation' | 'packSale'
  readonly right: Right
  /** The right of its proposers, who may see it. */
  readonly also: Right
  readonly select: (most: number) => string
  readonly subject: (sale: WaitingSale) => Words
  readonly to: (sale: WaitingSale) => string
  readonly approve: (office: Office, actor: Actor, sale: DecideInput) => Promise<unknown>
  readonly onRefusal: (id: number) => string | null
}

const saleDraft = (rule: SaleRule, sale: WaitingSale): Draft => ({
  id: sale.id,
  right: rule.right,
  subject: rule.subject(sale),
  to: rule.to(sale),
  by: sale.by,
  at: sale.at,
  reason: sale.reason,
  changes: changesOf(sale),
  createsMoney: true,
})

const ON_EACH_CARD: Words = { en: 'On each card', pl: 'Na każdą kartę' }

function changesOf({ cards, recipient, amount, currency }: WaitingSale): Change[] {
  const total = amount === null ? null : amount * cards
  const money = (name: Words, after: number): Change => ({
    name,
    before: null,
    after: null,
    money: { before: null, after, currency },
  })
  return [
    change({ en: 'Cards', pl: 'Karty' }, null, String(cards)),
    ...(recipient === '' ? [] : [change({ en: 'Recipient', pl: 'Odbiorca' }, null, recipient)]),
    ...(amount === null ? [] : [money(ON_EACH_CARD, amount)]),
    ...(total === null ? [] : [money({ en: 'In all', pl: 'Razem' }, total)]),
  ]
}

const saleApproval = (rule: SaleRule): ApprovalRule => ({
  async list(office, actor) {
    if (!actor.rights.has(rule.right) && !actor.rights.has(rule.also)) return []
    const [rows = []] = await office.db.use((connection) => connection.send(rule.select(MOST)))
    return rows.map(toWaitingSale).map((sale) => saleDraft(rule, sale))
  },
  decide: async (office, actor, input) =>
    decidedWithoutCode(await (input.approve ? rule.approve(office, actor, input) : refuse(office, actor, rule, input))),
})

/** A refusal is recorded, so that it is not proposed again here; the step remains on the page of the pack or issue. */
const refuse = (
  office: Office,
  actor: Actor,
  rule: SaleRule,
  { id: subject, reason, approval }: DecideInput,
): Promise<{ readonly id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const objection = approval.own ? null : mayDo(actor, rule.right)
    if (objection !== null) return objection
    const [id, decidedAt] = [office.nextId(), office.clock()]
    const { by, at } = approval
    const row = { id, kind: rule.kind, subject, input: '{}', reason, by, at, decidedBy: actor.login, decidedAt }
    await connection.send(insertRefusal(row))
    const also = rule.onRefusal(subject)
    if (also !== null) await connection.send(also)
    await putOnRecord(connection, office, actor, decidedAt, {
      action: `${rule.right}.refuse`,
      object: { kind: rule.kind === 'issueAuthorisation' ? 'issue' : 'pack', id: subject },
      details: { by, reason },
    })
    return { id }
  })

export const ISSUE_AUTHORISATIONS = saleApproval({
  kind: 'issueAuthorisation',
  right: 'issues.authorise',
  also: 'issues.activate',
  select: selectIssuesToAuthorise,
  subject: ({ issue }) => ({ en: `Issue ${issue} for sale`, pl: `Emisja ${issue} do sprzedaży` }),
  to: ({ issue }) => `/issues/${issue}`,
  approve: (office, actor, { approval: { to } }) =>
    authoriseIssue(office, actor, { issue: to?.split('/').at(-1) ?? '' }),
  onRefusal: () => null,
})

export const PACK_AUTHORISATIONS = saleApproval({
  kind: 'packAuthorisation',
  right: 'packs.authorise',
  also: 'packs.activate',
  select: selectPacksToAuthorise,
  subject: ({ id, issue }) => ({
    en: `Pack ${id} of ${issue} for sale`,
    pl: `Paczka ${id} emisji ${issue} do sprzedaży`,
  }),
  to: ({ id }) => `/packs/${id}`,
  approve: (office, actor, { id, reason }) => authorisePack(office, actor, { pack: id, reason: reasonOf(reason) }),
  onRefusal: () => null,
})

export const PACK_SALES = saleApproval({
  kind: 'packSale',
  right: 'packs.sell.approve',
  also: 'packs.sell',
  select: selectPacksToSell,
  subject: ({ id, issue, recipient }) => ({
    en: `Sale of pack ${id} of ${issue} to ${recipient}`,
    pl: `Sprzedaż paczki ${id} emisji ${issue}: ${recipient}`,
  }),
  to: ({ id }) => `/packs/${id}`,
  approve: (office, actor, { id, reason, approval: { by, changes } }) => {
    const amount = changes.find(({ name }) => name.en === ON_EACH_CARD.en)?.money?.after ?? null
    return approvePackSale(office, actor, { pack: id, reason: reasonOf(reason), shown: { amount, by } })
  },
  onRefusal: withdrawSale,
})

const reasonOf = (reason: string): string | null => (reason === '' ? null : reason)

import { listCards, countCards, seesSerial, type CardOrder, type FoundCard } from '../../office/card-lists.ts'
import { cardStory, showCardPage, type CardEntryRow, type CardPage } from '../../office/card-page.ts'
import { adjustCard } from '../../office/adjustments.ts'
import { changeCard } from '../../office/card-changes.ts'
import { blockCard, clearCard } from '../../office/cards.ts'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import { responseOf } from '../../office/result-codes.ts'
import { handleNamed } from '../../office/presenting.ts'
import { revealCard } from '../../office/reveal.ts'
import { wouldPay } from '../../office/would-pay.ts'
import type { Actor } from '../../office/actor.ts'
import type { Office } from '../../office/office.ts'
import type { Handlers } from '../call.ts'
import { cardCriteria } from '../criteria.ts'
import { dayOrNull, masked, money, storeNamed, time, timeOrNull } from '../format.ts'
import { storyRole, struck } from '../story.ts'

type CardRoutes = Pick<
  Handlers,
  | 'cards.list'
  | 'cards.count'
  | 'cards.show'
  | 'cards.story'
  | 'cards.wouldPay'
  | 'cards.block'
  | 'cards.unblock'
  | 'cards.duplicate'
  | 'cards.extend'
  | 'cards.adjust'
  | 'cards.clear'
  | 'cards.reveal'
>

export const cardAnswer = (office: Office, actor: Actor, card: FoundCard) => ({
  id: String(card.id),
  number: masked(card.firstSix, card.lastFour),
  issue: { code: card.issue, name: card.issueName },
  serial: seesSerial(actor, card) ? card.serial : null,
  state: card.state,
  block: card.block,
  ledger: money(card.ledger, card.currency),
  available: money(card.available, card.currency),
  pack: card.pack,
  soldAt: timeOrNull(card.soldAt),
  soldIn: card.soldIn === null ? null : storeNamed(office, card.soldIn),
  usedAt: timeOrNull(card.usedAt),
  validUntil: dayOrNull(card.validUntil),
  suspectedAt: timeOrNull(card.suspectedAt),
})

function pageAnswer(office: Office, actor: Actor, page: CardPage) {
  const { card, view, recipient } = page
  return {
    ...cardAnswer(office, actor, card),
    currency: money(0, card.currency).currency,
    expiry: view.expiry,
    version: view.version,
    hasEcode: view.hasEcode,
    recipient: recipient === null ? null : { ...recipient },
    packState: page.packState,
    replacedBy: view.replacedBy === null ? null : String(view.replacedBy),
    replaces: page.replaces === null ? null : String(page.replaces),
    employee: null,
    waiting: page.waiting.map(({ id, operation, amount, terminal, confirmBy }) => ({
      transaction: String(id),
      operation,
      amount: money(amount, card.currency),
      terminal,
      confirmBy: timeOrNull(confirmBy),
    })),
    openCases: page.openCases.map(String),
    actions: page.actions.map(({ action, refused: why, secondPerson }) => ({
      action,
      refused: why === null ? null : { ...why },
      secondPerson,
    })),
  }
}

const PAGES = { transaction: '/transactions/', case: '/cases/' } as const

const entryAnswer = (office: Office, currency: number, row: CardEntryRow, all: readonly CardEntryRow[]) => ({
  id: `${row.kind}-${row.id}`,
  at: time(row.at),
  kind: row.kind,
  what: row.what,
  role: row.kind === 'transaction' ? storyRole(row.role) : null,
  amount: row.amount === null ? null : money(row.amount, currency),
  asked: row.asked === null ? null : money(row.asked, currency),
  balance: row.balance === null ? null : money(row.balance, currency),
  result: row.result,
  response: row.result === null ? null : responseOf(row.result),
  state: row.state,
  struck: row.kind === 'transaction' && struck(row.state),
  store: row.store === null ? null : storeNamed(office, row.store),
  terminal: row.terminal,
  reference: row.reference === '' ? null : row.reference,
  who: row.who,
  reason: row.reason,
  detail: row.detail,
  to: row.kind === 'transaction' || row.kind === 'case' ? `${PAGES[row.kind]}${row.id}` : null,
  original: row.originalId === null ? null : `transaction-${row.originalId}`,
  followers: all
    .filter(({ kind, originalId }) => row.kind === 'transaction' && kind === 'transaction' && originalId === row.id)
    .map(({ id }) => `transaction-${id}`),
})

const done = (result: unknown): { done: boolean; approval: string | null } | Refused =>
  isRefused(result) ? result : { done: true, approval: null }
const waits = (result: { readonly waits: number | null } | Refused) =>
  isRefused(result)
    ? result
    : { done: result.waits === null, approval: result.waits === null ? null : `card-${result.waits}` }
const idOf = ({ id }: { readonly id: string }) => ({ id: Number(id) })
const byId = (id: string) => ({ by: 'id', id: Number(id) }) as const

export const cardRoutes: CardRoutes = {
  async 'cards.list'(call) {
    const { office, actor, query } = call
    const criteria = await cardCriteria(call, query)
    if (isRefused(criteria)) return criteria
    const order: CardOrder = query.order ?? 'sold'
    const { descending = true, limit = 50, cursor = null } = query
    const found = await listCards(office, actor, criteria, { order, descending, limit, cursor }, call.gone)
    if (isRefused(found)) return found
    const { items, next, lookedTo } = found
    return {
      items: items.map((card) => cardAnswer(office, actor, card)),
      next,
      lookedTo: lookedTo === null ? null : { soldAt: timeOrNull(lookedTo.soldAt) },
    }
  },
  async 'cards.count'(call) {
    const criteria = await cardCriteria(call, call.query)
    return isRefused(criteria) ? criteria : countCards(call.office, call.actor, criteria)
  },
  async 'cards.show'({ office, actor, params }) {
    const page = await showCardPage(office, actor, Number(params.id))
    return isRefused(page) ? page : pageAnswer(office, actor, page)
  },
  async 'cards.story'({ office, actor, params, query }) {
    const { limit = 100, cursor = null } = query
    const story = await cardStory(office, actor, { id: Number(params.id), limit, cursor })
    if (isRefused(story)) return story
    const { items, currency, next } = story
    return { items: items.map((row) => entryAnswer(office, currency, row, items)), next }
  },
  async 'cards.wouldPay'({ office, actor, params, query }) {
    const { amount, store = null } = query
    const verdict = await wouldPay(office, actor, { id: Number(params.id), amount, store })
    if (isRefused(verdict)) return verdict
    const { currency, approved, result, why, after } = verdict
    return {
      amount: money(amount, currency),
      approved,
      result,
      response: responseOf(result),
      why: { sentence: { ...why.sentence }, rule: { ...why.rule }, remedy: { ...why.remedy } },
      after: after === null ? null : money(after, currency),
    }
  },
  async 'cards.block'({ office, actor, params, body }) {
    return done(await blockCard(office, actor, { card: byId(params.id), block: body.kind, reason: body.reason }))
  },
  async 'cards.unblock'({ office, actor, params, body }) {
    return waits(await changeCard(office, actor, { ...idOf(params), ...body, change: { act: 'unblock' } }))
  },
  async 'cards.duplicate'({ office, actor, session, params, body }) {
    if (session === null) return refused('not_signed_in')
    const named = await handleNamed(office, session, body.onto)
    if (isRefused(named)) return named
    const onto = { numberHash: named.hash, otherHash: named.otherHash, newestKey: 0 }
    const change = { act: 'duplicate', onto, shown: named.shown } as const
    return waits(await changeCard(office, actor, { ...idOf(params), reason: body.reason, change }))
  },
  async 'cards.extend'({ office, actor, params, body: { until, reason } }) {
    return waits(await changeCard(office, actor, { ...idOf(params), reason, change: { act: 'extend', until } }))
  },
  async 'cards.adjust'({ office, actor, params, body }) {
    const id = await adjustCard(office, actor, { card: byId(params.id), ...body })
    return isRefused(id) ? id : { done: false, approval: `adjustment-${id}` }
  },
  async 'cards.clear'({ office, actor, params, body }) {
    return done(await clearCard(office, actor, { card: byId(params.id), ...body }))
  },
  'cards.reveal': ({ office, actor, params, body }) => revealCard(office, actor, { id: Number(params.id), ...body }),
}

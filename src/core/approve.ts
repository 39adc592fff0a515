import { blocked } from './blocks.ts'
import { mayHearBalance } from './by-number.ts'
import type { CardSettings } from './card.ts'
import { counted, dayCountsOf, refunded } from './day-limits.ts'
import type { Transfer } from './money.ts'
import type { Case } from './operation-case.ts'
import { monthsAfter } from './dates.ts'
import type { Operation } from './operations.ts'
import { accept, balancesOf, changeTo } from './outcome.ts'
import { isUnsold } from './pack.ts'
import type { Request } from './request.ts'
import { KIND } from './key.ts'
import type { Result } from './result.ts'
import { cardChange, settle } from './settle.ts'
import { CARD_EVENTS, type CardChange, type CardEvent, type Outcome, type Settlement } from './state.ts'
import { NEXT_REQUEST } from './transaction.ts'

/** Books an operation that passed all checks. */
export function approve(c: Case, result: Result): Outcome {
  const { state, request, ask, rule, card, issue, amount, payment } = c
  const { operation } = ask
  const pending = rule.confirmed && request.confirmation !== 'none' && request.key.kind !== KIND.advice
  const changes = changesOf(c, pending)
  const transfer = amount > 0 ? transferOf(c) : null
  const facts = {
    operation,
    cardId: card.id,
    transfer,
    sells: changes.some(({ set }) => set.state === 'sold'),
    originalId: payment?.id ?? null,
    balances: mayHearBalance(request, ask.presented, issue, result)
      ? balancesOf(state, card, changeTo(changes, card))
      : null,
    state: pending ? ('unconfirmed' as const) : ('confirmed' as const),
    confirmBy: pending ? confirmByOf(request) : null,
  }
  return accept(request, result, facts, {
    cards: changes,
    settlements: settlementsOf(c),
    events: eventsOf(c),
    dayCounts: dayCountsOf(c),
  })
}

/** A refunded amount counts on its receipt; an undone expiry cannot be undone again. */
const settlementsOf = ({ payment, expiry, rule, amount }: Case): Settlement[] => [
  ...(payment === null ? [] : [settle(payment, { returned: payment.returned + amount })]),
  ...(rule.amount !== 'expired' || expiry === null
    ? []
    : [settle(expiry, { state: 'cancelled' as const, undoneBy: 'clerk' as const })]),
]

/** The entries for the card's history. */
function eventsOf(c: Case): CardEvent[] {
  const { ask, card, request } = c
  const event = CARD_EVENTS.find((known) => known === ask.operation)
  if (event === undefined || (event === 'block' && blocked(c) === null)) return []
  const { office, block } = ask
  const details = { block, extension: office?.validUntil ?? null, new_version: textOf(office?.plastic?.version) }
  const detail = event in details ? details[event as keyof typeof details] : null
  return [{ cardId: card.id, event, who: office?.who ?? request.source, reason: office?.reason ?? null, detail }]
}

const textOf = (version: number | undefined): string | null => (version === undefined ? null : String(version))

/** Until when it must be confirmed. */
export const confirmByOf = (request: Request): number =>
  request.confirmation === 'next' ? NEXT_REQUEST : request.at + request.confirmTimeoutMs

function transferOf({ rule, ask, card, amount, successor }: Case): Transfer | null {
  if (rule.card === 'leaves') return null
  const other = rule.card === 'moves' ? (successor?.id ?? null) : ask.contra
  if (other === null) throw new Error(`${ask.operation} was approved without an account to book against`)
  return rule.card === 'gives' ? { debit: other, credit: card.id, amount } : { debit: card.id, credit: other, amount }
}

/**
 * A debit lowers both balances at once; a credit raises the available one only when confirmed (docs/spec/terminal.md,
 * section 5).
 */
function changesOf(c: Case, pending: boolean): CardChange[] {
  const { rule, card, amount, successor, ask } = c
  const given = { ledger: amount, available: pending ? 0 : amount }
  switch (rule.card) {
    case 'leaves': {
      const set = LEAVES[ask.operation]?.(c) ?? null
      return set === null ? [] : [cardChange(card, { set })]
    }
    case 'gives':
      return [
        cardChange(card, {
          ...given,
          set: { ...sold(c), ...refunded(c), ...toppedUp(c), ...extended(c), ...unbound(c) },
        }),
      ]
    case 'takes':
      return [
        cardChange(card, { ledger: -amount, available: -amount, set: { ...counted(c), ...ended(c), ...unbound(c) } }),
      ]
    case 'moves':
      if (successor === null) throw new Error('a duplicate was approved without its new card')
      return [
        cardChange(card, { ledger: -amount, available: -amount, set: { state: 'replaced', replacedBy: successor.id } }),
        cardChange(successor, {
          ...given,
          set: { state: 'sold', validUntil: card.validUntil, soldAt: card.soldAt, wasSold: true },
        }),
      ]
  }
}

/** The changes made by operations that move no money. */
const LEAVES: { readonly [operation in Operation]?: (c: Case) => Partial<CardSettings> | null } = {
  block: blocked,
  unblock: () => ({ block: null, blockStore: null }),
  clear: () => ({ suspectedAt: null }),
  new_version: ({ ask }) => ask.office?.plastic ?? {},
}

function sold({ rule, ask, card, issue, request }: Case): Partial<CardSettings> {
  if (!isUnsold(card)) return {}
  const validUntil = issue.validityMonths === null ? card.validUntil : monthsAfter(request.today, issue.validityMonths)
  return {
    state: 'sold',
    validUntil,
    soldAt: request.at,
    wasSold: true,
    ...(ask.newEcodeHash === undefined ? {} : { ecodeHash: ask.newEcodeHash }),
    ...(rule.wants === 'packed' ? { bound: true } : {}),
  }
}

/** A card that its holder has used is no more in the parcel that it was sold with. */
const unbound = ({ rule, card }: Case): Partial<CardSettings> => (card.bound && rule.confirmed ? { bound: false } : {})

const extended = ({ rule, ask }: Case): Partial<CardSettings> =>
  rule.wants === 'extendable' && ask.office !== null ? { state: 'sold', validUntil: ask.office.validUntil } : {}

const toppedUp = ({ rule, card, issue }: Case): Partial<CardSettings> =>
  rule.amount === 'top_up' && issue.topUpCount !== null ? { topUps: card.topUps + 1 } : {}

const ended = ({ rule }: Case): Partial<CardSettings> => (rule.wants === 'overdue' ? { state: 'expired' } : {})

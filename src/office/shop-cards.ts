/** Cards as web shops see them: balance, and tokens in place of a number and eCode. */

import type { OperationAsk } from '../core/request.ts'
import { isApproved } from '../core/result.ts'
import { currencyOf } from '../core/currency.ts'
import { isCardAccount } from '../db/sql/originals.ts'
import { selectCardTransfers, toCardTransfer, type CardTransfer } from '../db/sql/card-transfers.ts'
import { dateIn } from './clock.ts'
import { sealToken, TOKEN_LIFETIME_MS } from './card-token.ts'
import { RESPONSE_CODES } from '../messages/response-code.ts'
import { balanceView, type BalanceView, type ShopDecline, timeView } from './shop-answers.ts'
import { type CardReference, presentedBy, readWebCard, type WebCard } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { declineOf, isShopNo, type ShopNo } from './shop-refusal.ts'
import { NOTHING_BESIDE } from './shop-payments.ts'
import { ownKey, shopRequest } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

export type CardView = {
  readonly last4: string
  readonly issue: { readonly code: string; readonly name: string }
  readonly state: 'active' | 'blocked' | 'expired'
  readonly balance: BalanceView
  readonly validUntil: string | null
  readonly topUp: { readonly minimum: number; readonly maximum: number; readonly step: number } | null
}

/** The balance of a card, also of blocked and expired ones. */
export async function showCard(office: WebOffice, caller: ShopCaller, card: CardReference): Promise<CardView | ShopNo> {
  const found = await authenticatedCard(office, caller, card)
  return isShopNo(found) ? found : cardViewOf(office, caller, found)
}

/** Something that stands for number and eCode for a quarter of an hour, in this shop. */
export async function makeToken(
  office: WebOffice,
  caller: ShopCaller,
  card: CardReference,
): Promise<{ readonly token: string; readonly expiresAt: string; readonly card: CardView } | ShopNo> {
  const found = await authenticatedCard(office, caller, card)
  if (isShopNo(found)) return found
  const expiresAt = office.clock() + TOKEN_LIFETIME_MS
  const { id, ecodeHash, soldAt } = found
  if (ecodeHash === null) throw new Error(`card ${id} was believed by an eCode that it does not have`)
  const token = sealToken(office.keys(), { shop: caller.shop.code, cardId: id, ecodeHash, soldAt, expiresAt })
  return { token, expiresAt: timeView(expiresAt), card: await cardViewOf(office, caller, found) }
}

const NOT_RECOGNISED: ShopDecline = {
  declined: 'card_unsold',
  responseCode: RESPONSE_CODES.card_unsold.code,
  reason: RESPONSE_CODES.card_unsold.reason,
  balance: null,
  range: null,
  from: null,
  replay: null,
}

/** A balance inquiry to the engine: it counts wrong tries and marks cards that were never sold. */
export async function authenticatedCard(
  office: WebOffice,
  caller: ShopCaller,
  card: CardReference,
): Promise<WebCard | ShopNo> {
  const presented = await presentedBy(office, caller, card)
  const ask: OperationAsk = {
    ...NOTHING_BESIDE,
    operation: 'balance',
    presented,
    amount: null,
    currency: null,
    contra: null,
  }
  const request = shopRequest(office, caller, ownKey(caller, 'inquiry', office.nextId()), {
    contentHash: '0'.repeat(32),
    attached: [],
    confirmWithinSeconds: null,
    amount: null,
    currency: null,
    shown: presented.shown,
    cancelWindowMs: null,
    ask,
  })
  const outcome = await office.submit(request)
  if (!isApproved(outcome.result)) {
    const telling = { presented: true, kept: null, replay: null }
    const decline = await declineOf(office, { outcome, row: outcome.row }, telling)
    if (decline !== null) return decline
  }
  const found = outcome.row?.cardId == null ? null : await readWebCard(office, outcome.row.cardId)
  if (found === null) throw new Error('a balance inquiry was approved without a card')
  // A virtual card whose sale was undone does not exist for callers.
  if (found.state === 'closed') return NOT_RECOGNISED
  return found
}

export async function cardViewOf(
  office: WebOffice,
  { shop }: Pick<ShopCaller, 'shop'>,
  card: WebCard,
): Promise<CardView> {
  const issue = office.issue(card.issueId)
  const zone = office.registry().stores.get(shop.store)?.timeZone ?? office.timeZone
  const isExpired =
    card.state === 'expired' || (card.validUntil !== null && dateIn(zone, office.clock()) > card.validUntil)
  return {
    last4: card.last4,
    issue: await office.issueName(card.issueId),
    state: isExpired ? 'expired' : card.block === null ? 'active' : 'blocked',
    balance: balanceView({ ledger: card.ledger, available: card.available, currency: issue.currency }),
    validUntil: card.validUntil,
    topUp: issue.topUp,
  }
}

export type HistoryEntry = {
  readonly at: string
  /** An operation, or `undo`. */
  readonly kind: string
  /** Minor units, signed from the card's side. */
  readonly value: number
  readonly currency: string
  readonly ledgerAfter: number
  /** The name of the shop's own store; null: elsewhere. */
  readonly where: string | null
}

export type History = { readonly items: readonly HistoryEntry[]; readonly next: string | null }

/** Every transfer of the card and of those that it replaced, the newest first. Null: the cursor is none of ours. */
export async function showHistory(
  office: WebOffice,
  caller: ShopCaller,
  input: { readonly card: CardReference; readonly limit: number; readonly cursor: string | null },
): Promise<History | ShopNo | null> {
  const skip = input.cursor === null ? 0 : /^[1-9]\d{0,5}$/u.test(input.cursor) ? Number(input.cursor) : null
  if (skip === null) return null
  const card = await authenticatedCard(office, caller, input.card)
  if (isShopNo(card)) return card
  const { store } = caller.shop
  const here = office.registry().stores.get(store)?.name ?? null
  const entries = await entriesOf(office, card, (at) => (at === store ? here : null))
  const items = entries.slice(skip, skip + input.limit)
  return { items, next: skip + input.limit < entries.length ? String(skip + input.limit) : null }
}

/** A card has some dozens of transfers in its life: all are read, so that each balance follows from those before it. */
export async function entriesOf(
  office: WebOffice,
  card: WebCard,
  whereOf: (store: string) => string | null,
): Promise<HistoryEntry[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectCardTransfers(card.id)))
  const transfers = rows.map(toCardTransfer).flatMap(sidesOf)
  const { letters } = currencyOf(office.issue(card.issueId).currency)
  let ledger = 0
  return transfers
    .map(({ transfer, value }) => {
      ledger += value
      return {
        at: timeView(transfer.at),
        kind: UNDOES.has(transfer.role) ? 'undo' : transfer.operation,
        value,
        currency: letters,
        ledgerAfter: ledger,
        where: whereOf(transfer.store),
      }
    })
    .reverse()
}

/** A confirmation that moves money gives a part back. */
const UNDOES: ReadonlySet<string> = new Set(['cancels', 'reverses', 'confirms'])

/** A duplicate takes from the old card and gives to the new one. */
function sidesOf(transfer: CardTransfer): { readonly transfer: CardTransfer; readonly value: number }[] {
  const { debit, credit, amount } = transfer
  return [
    ...(isCardAccount(debit) ? [{ transfer, value: -amount }] : []),
    ...(isCardAccount(credit) ? [{ transfer, value: amount }] : []),
  ]
}

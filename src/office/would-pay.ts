/** Tells what a payment by a card would be answered now, without making one. */

import type { Card } from '../core/card.ts'
import { decide } from '../core/decide.ts'
import { ownRequest } from '../core/own-request.ts'
import { TERMINAL } from '../core/channel.ts'
import { accountName, type Store } from '../core/registry.ts'
import type { Request } from '../core/request.ts'
import { clerkKey } from '../core/key.ts'
import { isApproved, type Result } from '../core/result.ts'
import { selectCard, toCard } from '../db/sql/cards.ts'
import type { CardView } from '../db/sql/card-views.ts'
import { integer } from '../db/sql/literal.ts'
import { selectPackStates, toPack } from '../db/sql/packs.ts'
import type { Actor } from './actor.ts'
import { cardFor } from './card-finding.ts'
import { dateIn } from './clock.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanations.ts'
import { stateWithoutHistory } from '../core/state-without-history.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

export type Verdict = {
  readonly approved: boolean
  readonly result: Result
  readonly currency: number
  /** The available balance afterwards; null where nothing would be taken. */
  readonly after: number | null
  readonly why: Explanation
}

/**
 * The present answer to a payment by this card's stripe: the engine's own rules on the card as it is, without a trace
 * in the books.
 */
export async function wouldPay(
  office: Office,
  actor: Actor,
  { id, amount, store }: { readonly id: number; readonly amount: number; readonly store: string | null },
): Promise<Verdict | Refused> {
  const view = await cardFor(office, actor, 'cards.find', { by: 'id', id })
  if (isRefused(view)) return view
  const [[row] = [], packs = []] = await office.db.use((connection) =>
    connection.send(`${selectCard} WHERE id = ${integer(id)};${selectPackStates([view.packId ?? 0])}`),
  )
  if (row === undefined) return refused('no_such_card', { card: id })
  const card = toCard(row)
  const { issues, stores } = office.registry()
  const { currency } = view
  const shop = stores.get(store ?? '') ?? [...stores.values()].find((one) => one.currency === currency && one.open)
  const request = paymentByStripe(office, { view, card, amount, shop: shop ?? null })
  const state = stateWithoutHistory(issues, [{ card, numberHash: view.numberHash }], packs.map(toPack))
  const { result } = decide(state, request)
  const approved = isApproved(result)
  const why = explain(result, {
    operation: 'payment',
    asked: amount,
    taken: approved ? amount : null,
    available: view.available,
    ledger: view.ledger,
    currency,
    issue: issues.get(view.issueId) ?? null,
    block: view.block,
    until: view.validUntil,
    terminal: '',
    store: shop?.code ?? '',
    reference: '',
  })
  return { approved, result, currency, after: approved ? view.available - amount : null, why }
}

type Payment = {
  readonly view: CardView
  readonly card: Card
  readonly amount: number
  readonly shop: Store | null
}

/** As the card's own stripe asks for it at a terminal of the shop. */
function paymentByStripe(office: Office, { view, card, amount, shop }: Payment): Request {
  const { currency } = view
  const store = shop?.code ?? ''
  const at = office.clock()
  return ownRequest({
    id: Number.MAX_SAFE_INTEGER,
    spareId: Number.MAX_SAFE_INTEGER - 1,
    key: { ...clerkKey(0), store },
    by: 'office',
    requester: TERMINAL,
    at,
    day: dateIn(shop?.timeZone ?? office.timeZone, at),
    processingCode: '',
    amount,
    currency,
    trace: '',
    ask: {
      act: 'operation',
      operation: 'payment',
      presented: {
        numberHash: view.numberHash,
        otherHash: null,
        newestKey: view.numberKey,
        shown: view.shown,
        luhn: true,
        by: 'stripe',
        stripe: { expiry: card.expiry, version: card.version, genuine: true },
        ecodeHash: null,
      },
      nominal: false,
      amount,
      currency,
      contra: office.registry().accounts.get(accountName('store_payable', store, currency)) ?? null,
      partial: false,
      ontoNew: false,
      block: null,
      successor: null,
      receipt: null,
      office: null,
    },
  })
}

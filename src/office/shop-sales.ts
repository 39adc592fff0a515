import { randomBytes } from 'node:crypto'
import { code128Text } from '../cards/barcode.ts'
import { ecodeFrom, issueEcodeKey } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import { openNumber } from '../cards/seal.ts'
import { webKey } from '../cards/web-key.ts'
import { currencyLettered, currencyOf } from '../core/currency.ts'
import type { Issue } from '../core/issue.ts'
import type { OperationAsk } from '../core/request.ts'
import { isApproved } from '../core/result.ts'
import { lockShop } from '../db/sql/shops.ts'
import {
  countOpenSales,
  destroySeeds,
  forgetOrphans,
  releaseWebSale,
  selectSealedNumber,
  selectWebSale,
  toWebSale,
  type WebSale,
} from '../db/sql/web-sales.ts'
import { topUpView, type TopUpView } from './shop-answers.ts'
import { presentedCard } from './presented-card.ts'
import { readWebCard } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { type Answered, type Asked, booked, confirm, type Money, NOTHING_BESIDE } from './shop-payments.ts'
import { isShopNo, refuseShop, type ShopNo, type ShopRefusal } from './shop-refusal.ts'
import { contraOf, decideForShop, type ShopDecision } from './shop-request.ts'
import { takeVirtualCard } from './virtual-cards.ts'
import type { WebOffice } from './web-office.ts'

/** A sale waits for its confirmation for at most 15 minutes; this many may wait at a time (docs/spec/abuse.md, 13). */
export const SALE_WITHIN_SECONDS = 900
const OPEN_SALES = 20

/** The data that only the answer to the sale contains, and its replay until the sale is confirmed. */
export type SoldCard = {
  readonly number: string
  readonly ecode: string
  readonly barcode: string
  readonly last4: string
  readonly issue: { readonly code: string; readonly name: string }
}
export type SaleView = Omit<TopUpView, 'card'> & { readonly card: SoldCard | TopUpView['card'] }

export type SaleInput = {
  readonly asked: Asked
  readonly issue: string
  /** Null: the issue's nominal. */
  readonly amount: Money | null
  readonly orderId: string | null
  readonly confirmWithinSeconds: number | null
}

/** Sells one card of an activated virtual issue. Number and eCode are shown until the second step confirms that they came. */
export async function sell(
  office: WebOffice,
  caller: ShopCaller,
  input: SaleInput,
): Promise<Answered<SaleView> | ShopNo> {
  const issue = [...office.registry().issues.values()].find(({ code, virtual }) => virtual && code === input.issue)
  if (issue === undefined) return refuseShop('no_such_issue', { pointer: '/issue' })
  const amount = amountOf(issue, input.amount)
  if ('refusedAs' in amount) return amount
  const sale = await takeCard(office, caller, issue, input.asked.idempotencyKey)
  if ('refusedAs' in sale) return sale
  const card = await readWebCard(office, sale.cardId)
  if (card === null) throw new Error(`card ${sale.cardId} was taken for a sale and is not in the database`)
  const shown = sale.seed === null ? null : await shownOf(office, sale)
  const ask: OperationAsk = {
    ...NOTHING_BESIDE,
    operation: 'sale',
    presented: presentedCard(card),
    amount: amount.value,
    currency: issue.currency,
    contra: contraOf(office, caller, 'store_receivable', issue.currency),
    ...(shown === null ? {} : { newEcodeHash: ecodeHashHex(office.keys(), shown.ecode) }),
  }
  const decision = await decideForShop(office, caller, {
    ...input.asked,
    operation: 'sale',
    orderId: input.orderId,
    confirmWithinSeconds: Math.min(input.confirmWithinSeconds ?? SALE_WITHIN_SECONDS, SALE_WITHIN_SECONDS),
    about: null,
    amount: amount.value,
    currency: issue.currency,
    shown: '',
    cancelWindowMs: null,
    counts: { kind: 'load', amount: amount.value },
    ask,
  })
  await giveBack(office, sale.digest, decision)
  const done = await booked(office, decision)
  if (isShopNo(done)) return done
  const view = await topUpView(office, 'sale', done.row, done.kept, 'created')
  const isOpen = done.row.state === 'unconfirmed'
  const sold = isOpen && shown !== null ? { ...shown, ...view.card } : view.card
  return { view: { ...view, card: sold }, replayed: done.replayed, kept: done.kept }
}

/**
 * A refusal that is kept under its key stays one: the card is free for another request. Where nothing was decided, the same
 * request may come again, and has its card for a quarter of an hour.
 */
async function giveBack(office: WebOffice, digest: string, decision: ShopDecision | 'over'): Promise<void> {
  if (decision === 'over' || decision.replayed || decision.row === null || isApproved(decision.outcome.result)) return
  await office.db.use((connection) => connection.send(releaseWebSale(digest)))
}

function amountOf(issue: Issue, said: Money | null): { readonly value: number } | ShopRefusal {
  if (said === null)
    return issue.nominal === null ? refuseShop('amount_missing', { pointer: '/amount' }) : { value: issue.nominal }
  if (currencyOf(issue.currency).letters === said.currency) return { value: said.value }
  const isUnknown = currencyLettered(said.currency) === null
  return refuseShop(isUnknown ? 'unknown_currency' : 'other_currency', { pointer: '/amount/currency' })
}

/** The card that this request has taken already, or the next free one: taken before it is sold, so that no two get the same. */
async function takeCard(
  office: WebOffice,
  { shop }: ShopCaller,
  issue: Issue,
  idempotencyKey: string,
): Promise<WebSale | ShopRefusal> {
  const { digest = '' } = webKey(office.keys(), { shop: shop.code, store: shop.store, idempotencyKey })
  // Under the lock of the shop's row, so that sales at once do not pass the bound together.
  return office.db.transaction(async (connection) => {
    const [, [mine] = []] = await connection.send(`${lockShop(shop.code)};${selectWebSale(digest)}`)
    if (mine !== undefined) return toWebSale(mine)
    if (issue.state !== 'activated') return refuseShop('sold_out')
    const at = office.clock()
    await connection.send(`${destroySeeds(shop.code)};${forgetOrphans(shop.code, at - SALE_WITHIN_SECONDS * 1000)}`)
    const [[open] = []] = await connection.send(countOpenSales(shop.code))
    if (Number(open?.[0]) >= OPEN_SALES) return refuseShop('limit_exceeded')
    const taker = { issueId: issue.id, shop: shop.code, digest, seed: randomBytes(32).toString('hex') }
    return (await takeVirtualCard(connection, taker, at)) ?? refuseShop('sold_out')
  })
}

/** Number, eCode and barcode, made from the seed of this sale. */
async function shownOf(office: WebOffice, { cardId, seed }: WebSale): Promise<Omit<SoldCard, 'last4' | 'issue'>> {
  const keys = office.keys()
  const [[row] = []] = await office.db.use((connection) => connection.send(selectSealedNumber(cardId)))
  if (row === undefined || seed === null)
    throw new Error(`card ${cardId} was taken for a sale and is not in the database`)
  const number = openNumber(keys, row[0] as Buffer)
  return {
    number,
    ecode: ecodeFrom(issueEcodeKey(keys, Buffer.from(seed, 'hex')), number),
    barcode: code128Text(number),
  }
}

/** The second step: the shop has number and eCode, which from now on are never shown again. */
export async function confirmSale(office: WebOffice, caller: ShopCaller, id: string): Promise<true | ShopNo> {
  const row = await confirm(office, caller, { kind: 'sale', id, amount: null })
  if (isShopNo(row)) return row
  await office.db.use((connection) => connection.send(destroySeeds(caller.shop.code)))
  return true
}

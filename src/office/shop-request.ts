import { hash } from 'node:crypto'
import { webKey, webReference } from '../cards/web-key.ts'
import type { Json } from '../core/attached.ts'
import type { Amount, ContraAccount } from '../core/money.ts'
import { accountName } from '../core/registry.ts'
import type { Ask, Request } from '../core/request.ts'
import { type Key, KIND } from '../core/key.ts'
import { isApproved } from '../core/result.ts'
import type { Outcome } from '../core/state.ts'
import type { Transaction } from '../core/transaction.ts'
import { selectWebRequest, toWebRequest } from '../db/sql/web-requests.ts'
import { approvalCodeOf } from '../messages/approval-code.ts'
import { dateIn } from './clock.ts'
import type { ShopCaller } from './shop-caller.ts'
import { type Counted, countForShop, uncountForShop } from './shop-limits.ts'
import type { WebOffice } from './web-office.ts'

/** The operations under an Idempotency-Key. */
export type KeptOperation =
  | 'payment'
  | 'top_up'
  | 'sale'
  | 'refund'
  | 'cancel_payment'
  | 'cancel_top_up'
  | 'cancel_sale'

/** Rules of the issue that a refusal names: those of then, however often it is repeated. */
export type Figures = {
  /** The amounts that the issue allows, where the amount was refused. */
  readonly range: { readonly minimum: Amount; readonly maximum: Amount; readonly step: Amount } | null
  /** RFC 3339: when the card opens for e-commerce, where it is not yet. */
  readonly from: string | null
}

/** The data stored with a shop's request, so that its answer can be repeated as long as the row exists. */
export type KeptRequest = {
  readonly shop: string
  readonly operation: KeptOperation
  readonly method: string
  readonly path: string
  readonly orderId: string | null
  /** Seconds; null: final at once. */
  readonly confirmWithin: number | null
  /** Of the row that it is about (a refund's payment); null: none. */
  readonly about: number | null
  readonly requestId: string
  readonly language: 'en' | 'pl'
  /** The rules of the issue that its refusal named; absent: none, or not answered yet. */
  readonly figures?: Figures
}

/** A request under an Idempotency-Key, as a door has read it. */
export type ShopInput = {
  readonly idempotencyKey: string
  readonly method: string
  readonly path: string
  /** The body after defaults, without what names the card: one part of what makes two requests the same. */
  readonly content: Json
  readonly operation: KeptOperation
  readonly orderId: string | null
  /** Null: final at once. */
  readonly confirmWithinSeconds: number | null
  readonly about: number | null
  readonly amount: Amount | null
  /** ISO 4217 number. */
  readonly currency: number | null
  /** The masked card number; empty if the request names none. */
  readonly shown: string
  readonly cancelWindowMs: number | null
  /** The amount that counts towards the shop's limits; null: none. */
  readonly counts: Counted | null
  readonly ask: Ask
}

export type ShopDecision = {
  readonly outcome: Pick<Outcome, 'result' | 'row'>
  /** The row that the answer is made of: of the first request where this is a repeat. */
  readonly row: Transaction | null
  readonly kept: KeptRequest
  readonly replayed: boolean
}

/**
 * Asks the engine once for whatever a shop asks under a key, and finds out whether this was a repeat.
 *
 * @returns `over` where a limit of the shop has run out: nothing is asked, and the key may come again
 */
export async function decideForShop(
  office: WebOffice,
  caller: ShopCaller,
  input: ShopInput,
): Promise<ShopDecision | 'over'> {
  const kept: KeptRequest = {
    shop: caller.shop.code,
    operation: input.operation,
    method: input.method,
    path: input.path,
    orderId: input.orderId,
    confirmWithin: input.confirmWithinSeconds,
    about: input.about,
    requestId: caller.requestId,
    language: caller.language,
  }
  const key = webKey(office.keys(), {
    shop: caller.shop.code,
    store: caller.shop.store,
    idempotencyKey: input.idempotencyKey,
  })
  const request = shopRequest(office, caller, key, {
    contentHash: contentOf(input),
    attached: [{ kind: 'web_request', where: 'stored', row: kept }],
    confirmWithinSeconds: input.confirmWithinSeconds,
    amount: input.amount,
    currency: input.currency,
    shown: input.shown,
    cancelWindowMs: input.cancelWindowMs,
    ask: input.ask,
  })
  const { digest = '' } = key
  const counting = input.counts === null ? 'known' : await countForShop(office, caller.shop, digest, input.counts)
  if (counting === 'over') return 'over'
  // Where it throws, the outcome is not known: the count stays.
  const outcome = await office.submit(request)
  const { row } = outcome
  const isNew = row !== null && row.id === request.id && isApproved(outcome.result)
  if (counting === 'counted' && !isNew) await uncountForShop(office, digest)
  if (row === null || row.id === request.id) return { outcome, row, kept, replayed: false }
  const before = await keptWith(office, caller, row.id)
  return { outcome, row, kept: before ?? kept, replayed: true }
}

async function keptWith(office: WebOffice, { shop }: ShopCaller, id: number): Promise<KeptRequest | null> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectWebRequest(shop.code, id)))
  return row === undefined ? null : keptOf(toWebRequest(row).data)
}

/** Written by `decideForShop` alone. */
export const keptOf = (data: unknown): KeptRequest => data as KeptRequest

type Particulars = Pick<
  ShopInput,
  'confirmWithinSeconds' | 'amount' | 'currency' | 'shown' | 'cancelWindowMs' | 'ask'
> & {
  readonly contentHash: string
  readonly attached: Request['attached']
  /** How long after the original a late confirmation is still booked, ms. */
  readonly lateConfirmWindowMs?: number
}

/** A request of a shop to the engine. */
export function shopRequest(office: WebOffice, caller: ShopCaller, key: Key, said: Particulars): Request {
  const { shop } = caller
  const id = office.nextId()
  const at = office.clock()
  const today = dateIn(office.registry().stores.get(shop.store)?.timeZone ?? office.timeZone, at)
  const isPending = said.confirmWithinSeconds !== null
  return {
    id,
    spareId: office.nextId(),
    key,
    content: said.contentHash,
    requester: { channel: 'web', who: shop.code },
    source: caller.source,
    at,
    today,
    businessDate: today,
    confirmation: isPending ? 'explicit' : 'none',
    confirmTimeoutMs: (said.confirmWithinSeconds ?? 0) * 1000,
    lateConfirmWindowMs: said.lateConfirmWindowMs ?? 0,
    cancelWindowMs: said.cancelWindowMs,
    labels: {
      processingCode: '',
      localTime: '',
      rrn: webReference(id),
      approvalCode: approvalCodeOf(id),
      entryMode: '',
      amount: said.amount,
      currency: said.currency,
      echo: null,
      line: 'web',
      trace: `web-${id}`,
    },
    ask: said.ask,
    attached: said.attached,
  }
}

/** A key for requests without an Idempotency-Key: confirmations and reversals may be repeated freely. */
export const ownKey = ({ shop }: ShopCaller, kind: 'inquiry' | 'confirmation' | 'reversal', id: number): Key => ({
  store: shop.store,
  terminal: shop.code,
  kind: KIND[kind],
  stan: 0,
  transmitted: id,
})

export const contraOf = (
  office: WebOffice,
  { shop }: ShopCaller,
  kind: ContraAccount,
  currency: number,
): number | null => office.registry().accounts.get(accountName(kind, shop.store, currency)) ?? null

/** 32 hex digits of what must not change under one key; which card it is, the engine compares by itself. */
const contentOf = ({ method, path, content, shown }: ShopInput): string =>
  hash('sha256', canonical([method, path, content, shown])).slice(0, 32)

/** JSON, and the same text for the same value, whatever the order of its members. */
function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) text += `${text === '' ? '' : ','}${canonical(one)}`
    return `[${text}]`
  }
  const members = value as Readonly<Record<string, Json>>
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonical(members[name] ?? null)}`
  return `{${text}}`
}

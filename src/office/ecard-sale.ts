import { createHash, randomBytes } from 'node:crypto'
import { newEcode } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import { ecardKey } from '../core/key.ts'
import { ownRequest, type OwnRequest } from '../core/own-request.ts'
import type { Ask, Request } from '../core/request.ts'
import { isApproved, type Result } from '../core/result.ts'
import { openAccount } from '../db/accounts.ts'
import { beginEcardSale, dropEcardSale, setEcardSale } from '../db/sql/ecards.ts'
import { releaseWebSale, selectWebSale, toWebSale } from '../db/sql/web-sales.ts'
import type { CardView } from '../db/sql/card-views.ts'
import { auditOf, requesterOf } from './audit-row.ts'
import { cardNamed } from './card-finding.ts'
import { askEngine } from './clerk-request.ts'
import { dateIn } from './clock.ts'
import type { Ecard } from './ecards.ts'
import type { Office } from './office.ts'
import { isRefused } from './refusal.ts'
import { presentedCard } from './presented-card.ts'
import { NOTHING_BESIDE } from './shop-payments.ts'
import { takeVirtualCard } from './virtual-cards.ts'

/** As long as a web shop's sale may wait for its confirmation (docs/spec/abuse.md, 13). */
export const SALE_WITHIN_MS = 900_000
const CANCEL_WITHIN_MS = 24 * 3_600_000
/** Marks e-cards among the cards held for sales, in the place of a shop. */
const HOLDER = 'ECARD'

/** A card with a new eCode, which is only in memory. */
export type FreshCard = { readonly saleId: number; readonly card: CardView; readonly ecode: string }
export type Declined = { readonly declined: Result | 'sold_out' }

/** The person who approved it: everything done for it is recorded under this login. */
export const approver = ({ decidedBy }: Ecard) => ({ login: decidedBy ?? '', channel: 'menu' }) as const

/**
 * Sells the next free card, unconfirmed, with an eCode of its own. Begun before and broken off, it is the same sale of the
 * same card, and gets another eCode.
 */
export async function sellCardOf(office: Office, ecard: Ecard): Promise<FreshCard | Declined> {
  const isBegun = ecard.cardId !== null && ecard.saleId === null
  const attempt = isBegun ? ecard.attempt : ecard.attempt + 1
  const digest = digestOf(ecard.id, attempt)
  const cardId = await takeCard(office, ecard, attempt, digest)
  if (cardId === null) return { declined: 'sold_out' }
  const card = await cardOf(office, cardId)
  const ecode = newEcode(randomBytes)
  const request = await saleRequest(office, ecard, attempt, card, ecodeHashHex(office.keys(), ecode))
  const { result, row } = await office.submit(request)
  if (!isApproved(result) || row === null) {
    // The outcome is unknown, so it is asked again under the same key.
    if (BUSY.has(result)) throw new Error(`e-card ${ecard.id}: its sale is ${result}`)
    // If the sale was reversed meanwhile, its card is closed; if it was refused, others may use the card.
    const release = result === 'original_reversed' ? [] : [releaseWebSale(digest)]
    await office.db.use((connection) => connection.send([...release, dropEcardSale(ecard.id)].join(';')))
    return { declined: result }
  }
  await office.db.use((connection) => connection.send(setEcardSale(ecard.id, row.id, row.at)))
  return row.id === request.id ? { saleId: row.id, card, ecode } : renewedCardOf(office, ecard, row.id, cardId)
}

const BUSY: ReadonlySet<Result> = new Set(['overloaded', 'malfunction'])

/** Gives a sold card another eCode; the previous one is invalid from now on. */
export async function renewedCardOf(
  office: Office,
  ecard: Ecard,
  saleId: number,
  cardId: number,
): Promise<FreshCard | Declined> {
  const card = await cardOf(office, cardId)
  const ecode = newEcode(randomBytes)
  const plastic = { version: card.version + 1, ecodeHash: ecodeHashHex(office.keys(), ecode) }
  const declined = await askEngine(office, approver(ecard), office.clock(), {
    right: 'ecards.sell',
    operation: 'new_version',
    card,
    reason: `e-card ${ecard.id}`,
    office: { plastic },
  })
  return declined === null ? { saleId, card: await cardOf(office, cardId), ecode } : { declined: 'issue_not_permitted' }
}

async function cardOf(office: Office, id: number): Promise<CardView> {
  const card = await cardNamed(office, { by: 'id', id })
  if (isRefused(card)) throw new Error(`card ${id} of an e-card is not in the database`)
  return card
}

/** The digest under which a sale of an e-card is stored, among those of web shops. */
const digestOf = (id: number, attempt: number): string =>
  createHash('sha256').update(`ecard ${id} ${attempt}`).digest('hex')

const takeCard = (
  { db, clock }: Office,
  { id, issueId }: Ecard,
  attempt: number,
  digest: string,
): Promise<number | null> =>
  db.transaction(async (connection) => {
    const [[mine] = []] = await connection.send(selectWebSale(digest))
    const taker = { issueId, shop: HOLDER, digest, seed: null }
    const sale = mine === undefined ? await takeVirtualCard(connection, taker, clock()) : toWebSale(mine)
    if (sale === null) return null
    await connection.send(beginEcardSale(id, attempt, sale.cardId))
    return sale.cardId
  })

const CONTRA = {
  store: { account: 'store_receivable', operation: 'sale' },
  counterparty: { account: 'counterparty_receivable', operation: 'ecard_sale' },
} as const satisfies Record<Ecard['buyer']['kind'], object>

async function saleRequest(
  office: Office,
  ecard: Ecard,
  attempt: number,
  card: CardView,
  newEcodeHash: string,
): Promise<Request> {
  const { buyer, amount, currency, id } = ecard
  const { account, operation } = CONTRA[buyer.kind]
  const contra = await openAccount(office.db.access, account, buyer.code, currency)
  const request = requestOf(office, ecard, {
    key: ecardKey(storeOf(ecard), 'office', id, attempt),
    action: 'ecards.sale',
    amount,
    ask: {
      ...NOTHING_BESIDE,
      operation,
      presented: presentedCard(card),
      amount,
      currency,
      contra,
      newEcodeHash,
    },
  })
  return { ...request, confirmation: 'explicit', confirmTimeoutMs: SALE_WITHIN_MS }
}

/** A sale is booked in its store; a sale that a counterparty pays for, in the reserved store of Akart. */
const storeOf = ({ buyer }: Ecard): string => (buyer.kind === 'store' ? buyer.code : 'AKART')

type Particulars = Pick<OwnRequest, 'key' | 'amount'> & { readonly action: string; readonly ask: Ask }

function requestOf(office: Office, ecard: Ecard, { key, action, amount, ask }: Particulars): Request {
  const { id, currency, buyer } = ecard
  const at = office.clock()
  const store = buyer.kind === 'store' ? office.registry().stores.get(buyer.code) : undefined
  const act = {
    action,
    object: { kind: 'ecard', id },
    store: store?.code ?? null,
    details: { amount, buyer: buyer.code },
  }
  return ownRequest({
    id: office.nextId(),
    spareId: office.nextId(),
    key,
    by: 'office',
    requester: requesterOf(approver(ecard)),
    at,
    day: dateIn(store?.timeZone ?? office.timeZone, at),
    processingCode: '',
    amount,
    currency,
    trace: `ecard-${id}`.slice(0, 24),
    ask,
    attached: [auditOf(approver(ecard), act)],
  })
}

/** Confirms the sale after the mail server has taken the mail. False: it timed out meanwhile and was reversed. */
export async function confirmCardOf(office: Office, ecard: Ecard, saleId: number, attempt: number): Promise<boolean> {
  const { result } = await office.submit(
    requestOf(office, ecard, {
      key: ecardKey(storeOf(ecard), 'confirmation', ecard.id, attempt),
      action: 'ecards.confirm',
      amount: null,
      ask: { act: 'confirmation', original: { id: saleId } },
    }),
  )
  if (BUSY.has(result)) throw new Error(`e-card ${ecard.id}: its confirmation is ${result}`)
  return isApproved(result)
}

/** The mail was not sent: the sale is undone, and the card is closed, because its eCode was drawn. */
export async function undoSaleOf(office: Office, ecard: Ecard, saleId: number): Promise<void> {
  const request = requestOf(office, ecard, {
    key: ecardKey(storeOf(ecard), 'cancellation', ecard.id, ecard.attempt),
    action: 'ecards.cancel',
    amount: null,
    ask: { act: 'cancellation', original: { id: saleId }, amount: null, presented: null, sending: null },
  })
  const { result } = await office.submit({ ...request, cancelWindowMs: CANCEL_WITHIN_MS })
  if (BUSY.has(result)) throw new Error(`e-card ${ecard.id}: its cancellation is ${result}`)
  await office.db.use((connection) => connection.send(dropEcardSale(ecard.id)))
}

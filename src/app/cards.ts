import { setUpError } from '../config/set-up-error.ts'
import type { Block } from '../core/card.ts'
import type { ContraAccount } from '../core/money.ts'
import { adjustmentKey, clerkKey, type Key, type NumberHashes, type Office } from '../core/request.ts'
import { earliestClock, expireOverdue, type ExpiryRun } from '../jobs/expiry.ts'
import { isApproved } from '../core/result.ts'
import type { Operation } from '../core/operations.ts'
import { TEXTS } from '../messages/texts.ts'
import { ISSUER, openAccount } from '../db/accounts.ts'
import {
  type Adjustment,
  askAdjustment,
  decideAdjustment,
  readAdjustment,
  readOpenAdjustments,
} from '../office/adjustments.ts'
import {
  type CardHistory,
  type CardName,
  type CardView,
  readCard,
  readExpiry,
  readHistory,
} from '../office/card-reading.ts'
import { officeRequest } from '../office/office-request.ts'
import type { ShownCard } from '../db/sql/shown-cards.ts'
import { readNumber, readSerial } from './card-list.ts'
import { atDesk, type OfficeDesk } from './office.ts'
import { onDatabase } from './on-database.ts'
import { keysOfHome } from './home-keys.ts'

export type { Adjustment, CardHistory, CardView, ExpiryRun }

/** Who does it and why. */
export type By = { readonly who: string; readonly reason: string }

/** `6299…` or `OPEN:17`, the card of serial 17 of issue OPEN. */
export const nameOf = (keys: OfficeDesk['keys'], text: string): CardName => {
  const [issue = '', serial, ...more] = text.split(':')
  if (serial !== undefined && more.length === 0) {
    return { by: 'serial', issue, serial: readSerial(serial, `card ${text}`) }
  }
  const { shown, ...hashes } = readNumber(keys, text, 'the card')
  return { by: 'number', hashes, shown }
}

export const cardNamed = (desk: OfficeDesk, text: string): Promise<CardView> =>
  readCard(desk.access, nameOf(desk.keys, text))

const LATEST = 20

export const showCard = (home: string, text: string): Promise<{ card: CardView; history: CardHistory }> =>
  onDatabase(home, async (access) => {
    const card = await readCard(access, nameOf(await keysOfHome(access, home), text))
    return { card, history: await readHistory(access, card.id, LATEST) }
  })

/** What a clerk asks the engine for. */
type Wish = {
  readonly operation: Operation
  readonly card: ShownCard & { readonly currency: number }
  readonly by: By
  readonly key?: Key
  readonly amount?: number
  readonly against?: ContraAccount
  readonly block?: Block
  readonly successor?: NumberHashes
  readonly office?: Partial<Office>
}

/** @throws a set-up error with the engine's reason where it refuses */
export async function ask(desk: OfficeDesk, wish: Wish): Promise<void> {
  const { operation, card, by, against } = wish
  const id = desk.nextId()
  const contra = against === undefined ? undefined : await openAccount(desk.access, against, ISSUER, card.currency)
  const office: Office = { validUntil: null, expiry: null, plastic: null, ...by, ...wish.office }
  const request = officeRequest(
    {
      operation,
      requester: { channel: 'cli', who: by.who },
      key: wish.key ?? clerkKey(id),
      card,
      currency: card.currency,
      office,
      ...(contra === undefined ? {} : { contra }),
      ...(wish.amount === undefined ? {} : { amount: wish.amount }),
      ...(wish.block === undefined ? {} : { block: wish.block }),
      ...(wish.successor === undefined ? {} : { successor: wish.successor }),
    },
    { id, spareId: desk.nextId(), now: Date.now(), today: todayAt(desk) },
  )
  const { result } = await desk.submit(request)
  if (!isApproved(result)) throw setUpError(`refused: ${TEXTS[result]?.en ?? result}`)
}

const todayAt = (desk: OfficeDesk): string => earliestClock(timeZonesOf(desk), Date.now()).slice(0, 10)

const timeZonesOf = (desk: OfficeDesk): string[] => [...desk.registry().stores.values()].map(({ timeZone }) => timeZone)

const withCard = (home: string, text: string, wish: (card: CardView) => Omit<Wish, 'card'>): Promise<CardView> =>
  atDesk(home, async (desk) => {
    const card = await cardNamed(desk, text)
    await ask(desk, { card, ...wish(card) })
    return card
  })

export const blockCard = (home: string, text: string, block: Block, by: By): Promise<CardView> =>
  withCard(home, text, () => ({ operation: 'block', block, by }))

export const unblockCard = (home: string, text: string, by: By): Promise<CardView> =>
  withCard(home, text, () => ({ operation: 'unblock', by }))

/** It may be sold again: nobody is waiting to drain it. */
export const clearCard = (home: string, text: string, by: By): Promise<CardView> =>
  withCard(home, text, () => ({ operation: 'clear', by }))

/** The card's account gets another number: `onto`, a card that may be sold. */
export const duplicateCard = (home: string, text: string, onto: string, by: By): Promise<CardView> =>
  atDesk(home, async (desk) => {
    const card = await cardNamed(desk, text)
    const successor = await cardNamed(desk, onto)
    const { numberHash, numberKey } = successor
    await ask(desk, {
      operation: 'duplicate',
      card,
      by,
      successor: { numberHash, otherHash: null, newestKey: numberKey },
    })
    return successor
  })

/** A new last day; an expired card gets back what its expiry took. */
export const extendCard = (home: string, text: string, until: string, by: By): Promise<CardView> =>
  atDesk(home, async (desk) => {
    if (until < todayAt(desk)) throw setUpError(`${until} is past`)
    const card = await cardNamed(desk, text)
    const expiry = card.state === 'expired' ? await readExpiry(desk.access, card.id) : null
    await ask(desk, {
      operation: 'extension',
      card,
      by,
      against: 'issuer_breakage',
      office: { validUntil: until, expiry },
    })
    return readCard(desk.access, nameOf(desk.keys, text))
  })

/** What the nightly job does, now. Null: a process is at it. */
export const expireNow = (home: string): Promise<ExpiryRun | null> =>
  atDesk(home, async (desk) => {
    const currencyOf = (issueId: number): number | null => desk.registry().issues.get(issueId)?.currency ?? null
    const { access, submit, nextId } = desk
    return expireOverdue({ access, submit, nextId, now: Date.now, currencyOf }, todayAt(desk))
  })

/** Asks for a correction; nothing moves before another person approves it. Returns its number. */
export const adjustCard = (home: string, text: string, amount: number, { who, reason }: By): Promise<number> =>
  onDatabase(home, async (access) => {
    const card = await readCard(access, nameOf(await keysOfHome(access, home), text))
    return askAdjustment(access, card.id, amount, reason, { who, at: Date.now(), reason: null })
  })

export const listAdjustments = (home: string, most: number): Promise<Adjustment[]> =>
  onDatabase(home, (access) => readOpenAdjustments(access, most))

/**
 * Writes the second person's decision down, then books it under the adjustment's own key: said again after a kill, it is
 * booked once.
 *
 * @throws a set-up error for the person who asked, and with the engine's reason where the card cannot bear it
 */
export const decideOnAdjustment = (home: string, id: number, approved: boolean, who: string): Promise<Adjustment> =>
  atDesk(home, async (desk) => {
    const adjustment = await readAdjustment(desk.access, id)
    const { amount, reason, card, currency, askedBy } = adjustment
    if (approved && who === askedBy) throw setUpError(`${who} asked for it: a second person has to approve`)
    await decideAdjustment(desk.access, id, approved, { who, at: Date.now(), reason: null })
    if (!approved) return adjustment
    await ask(desk, {
      operation: amount > 0 ? 'adjustment_credit' : 'adjustment_debit',
      card: { ...card, currency },
      by: { who, reason },
      key: adjustmentKey(id),
      amount: Math.abs(amount),
      against: 'issuer_adjustments',
    })
    return adjustment
  })

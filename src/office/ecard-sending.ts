/** The job that sells and mails e-cards. */

import { openNumber } from '../cards/seal.ts'
import {
  claimEcard,
  confirmEcardSale,
  dropEcardSale,
  failEcard,
  putEcardOff,
  selectDueEcard,
  selectSaleState,
  setEcardSent,
} from '../db/sql/ecards.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { dateIn } from './clock.ts'
import {
  confirmCardOf,
  type Declined,
  type FreshCard,
  renewedCardOf,
  SALE_WITHIN_MS,
  sellCardOf,
  undoSaleOf,
} from './ecard-sale.ts'
import type { Voucher } from './ecard-voucher.ts'
import { type Ecard, ecardWith } from './ecards.ts'
import type { Mail, SendMail } from './mail.ts'
import type { Office } from './office.ts'
import { isRefused } from './refusal.ts'

export type EcardDoor = {
  readonly send: SendMail
  /** Throws where the mail server cannot be reached: then no card is sold for nothing. */
  readonly reach: () => Promise<void>
  /** Renders the voucher while it is sent. */
  readonly write: (voucher: Voucher & { readonly to: string }) => Promise<Mail>
}

const AT_A_TIME = 20
/** A lease longer than the mailer's time-outs. */
const CLAIM_MS = 180_000
/** Before the confirm timer takes it back. */
const UNDO_AFTER_MS = SALE_WITHIN_MS - 120_000
const GIVE_UP_AFTER_MS = 24 * 3_600_000
const MINUTE_MS = 60_000
/** ms to wait after each try in vain; then an hour each time. */
const PAUSES_MS = [MINUTE_MS / 2, MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS, 15 * MINUTE_MS]
const HOUR_MS = 3_600_000

const JOB: Actor = { login: 'ecards', name: 'ecards', rights: new Map(), stores: 'all', channel: 'job' }

/**
 * Sells and mails approved e-cards, and mails again on request. A sale is confirmed once the mail server accepted the
 * mail. It can be resumed after a kill: an unconfirmed sale gets another eCode and another mail, so that of two mails
 * about one card the later one is valid.
 */
export async function sendEcards(office: Office, door: EcardDoor): Promise<number> {
  let sent = 0
  for (let done = 0; done < AT_A_TIME; done++) {
    const id = await claimed(office)
    if (id === null) break
    if (await sendOne(office, door, id)) sent++
  }
  return sent
}

/** Takes an e-card for a time; if this process is killed, another one continues after it. */
const claimed = ({ db, clock }: Office): Promise<number | null> =>
  db.transaction(async (connection) => {
    const [[row] = []] = await connection.send(selectDueEcard(clock()))
    if (row === undefined) return null
    const id = Number(row[0])
    await connection.send(claimEcard(id, clock() + CLAIM_MS))
    return id
  })

async function sendOne(office: Office, door: EcardDoor, id: number): Promise<boolean> {
  const ecard = await office.db.use((connection) => ecardWith(connection, id))
  if (isRefused(ecard) || ecard.state !== 'sending') return false
  if (office.clock() - (ecard.since ?? 0) > GIVE_UP_AFTER_MS) {
    await giveUp(office, ecard, ecard.problem)
    return false
  }
  try {
    await door.reach()
  } catch (error) {
    await putOff(office, ecard, error)
    return false
  }
  const fresh = await freshCardOf(office, ecard)
  if (fresh === 'confirmed') return true
  if ('declined' in fresh) {
    await declinedBy(office, ecard, fresh)
    return false
  }
  const now = await office.db.use((connection) => ecardWith(connection, id))
  if (isRefused(now)) return false
  try {
    await door.send(await door.write(voucherOf(office, ecard, fresh)))
  } catch (error) {
    if (isForGood(error)) await giveUp(office, now, messageOf(error))
    else await putOff(office, now, error)
    return false
  }
  return taken(office, now, fresh)
}

/** A sold card with a new eCode. `confirmed`: it was mailed and confirmed, but not recorded as such. */
async function freshCardOf(office: Office, ecard: Ecard): Promise<FreshCard | Declined | 'confirmed'> {
  const { id, saleId, cardId, confirmed, bookedAt } = ecard
  if (saleId === null || cardId === null) return sellCardOf(office, ecard)
  if (confirmed) return renewedCardOf(office, ecard, saleId, cardId)
  const [[row] = []] = await office.db.use((connection) => connection.send(selectSaleState(saleId)))
  const state = String(row?.[0])
  if (state === 'confirmed') {
    await markSent(office, ecard)
    return 'confirmed'
  }
  if (state === 'unconfirmed' && office.clock() - (bookedAt ?? 0) < UNDO_AFTER_MS) {
    return renewedCardOf(office, ecard, saleId, cardId)
  }
  if (state === 'unconfirmed') await undoSaleOf(office, ecard, saleId)
  else await office.db.use((connection) => connection.send(dropEcardSale(id)))
  return sellCardOf(office, { ...ecard, saleId: null, cardId: null })
}

async function taken(office: Office, ecard: Ecard, { saleId }: FreshCard): Promise<boolean> {
  const { id, confirmed, attempt } = ecard
  if (!confirmed) {
    if (!(await confirmCardOf(office, ecard, saleId, attempt))) {
      await office.db.use((connection) =>
        connection.send(`${dropEcardSale(id)};${putEcardOff(id, ecard.tries + 1, office.clock(), 'taken_back')}`),
      )
      return false
    }
    await office.db.use((connection) => connection.send(confirmEcardSale(id)))
  }
  await markSent(office, ecard)
  return true
}

const markSent = (office: Office, { id, cardId, buyer }: Ecard): Promise<void> =>
  office.db.transaction(async (connection) => {
    const at = office.clock()
    await connection.send(setEcardSent(id, at))
    const act = { action: 'ecards.sent', object: { kind: 'ecard', id }, details: { card: cardId, buyer: buyer.code } }
    await putOnRecord(connection, office, JOB, at, act)
  })

/** A code for which AkartMenu has a text. */
const AGAIN: Readonly<Record<string, string>> = {
  sold_out: 'sold_out',
  original_reversed: 'taken_back',
}

/** The engine refused it, or there is no card left. Another try would change nothing unless cards are added. */
async function declinedBy(office: Office, ecard: Ecard, { declined }: Declined): Promise<void> {
  const again = AGAIN[declined]
  if (again !== undefined) return putOff(office, ecard, new Error(again))
  return giveUp(office, ecard, declined)
}

async function putOff(office: Office, { id, tries }: Ecard, error: unknown): Promise<void> {
  const dueAt = office.clock() + (PAUSES_MS[tries] ?? HOUR_MS)
  await office.db.use((connection) => connection.send(putEcardOff(id, tries + 1, dueAt, messageOf(error))))
  office.log.warn('an e-card could not be mailed and is tried again', { ecard: id, why: messageOf(error) })
}

async function giveUp(office: Office, ecard: Ecard, problem: string | null): Promise<void> {
  const { id, saleId, confirmed } = ecard
  if (saleId !== null && !confirmed) await undoSaleOf(office, ecard, saleId)
  await office.db.transaction(async (connection) => {
    await connection.send(failEcard(id, problem))
    const act = { action: 'ecards.failed', object: { kind: 'ecard', id }, details: { why: problem } }
    await putOnRecord(connection, office, JOB, office.clock(), act)
  })
}

/** The mail server's error, without addresses. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 200)

/** The server will not take this mail to this address however often it comes (RFC 5321, 4.2.1: 5yz). */
function isForGood(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  return isAboutMail && (responseCode === undefined || Number(responseCode) >= 500)
}

function voucherOf(office: Office, ecard: Ecard, { card, ecode }: FreshCard): Voucher & { readonly to: string } {
  const { email: to, language, issueName: issue, amount, currency } = ecard
  const number = openNumber(office.keys(), card.sealed)
  const validUntil = card.validUntil?.slice(0, 10) ?? null
  const day = dateIn(office.timeZone, office.clock())
  return { to, language, issue, amount, currency, number, ecode, validUntil, day }
}

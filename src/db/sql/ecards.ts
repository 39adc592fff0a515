import { shownNumber } from '../../cards/number.ts'
import { fromInstant, instant, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const ECARD_STATES = ['proposed', 'refused', 'sending', 'sent', 'failed'] as const
export const BUYERS = ['store', 'counterparty'] as const

/** A card that AkartMenu sells by e-mail. */
export type Ecard = {
  readonly id: number
  readonly issueId: number
  readonly issue: string
  readonly issueName: string
  readonly amount: number
  readonly currency: number
  readonly buyer: { readonly kind: (typeof BUYERS)[number]; readonly code: string }
  readonly email: string
  readonly language: 'en' | 'pl'
  readonly state: (typeof ECARD_STATES)[number]
  readonly proposedBy: string
  readonly proposedAt: number
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  /** How many sales were begun. */
  readonly attempt: number
  readonly cardId: number | null
  /** First six and last four. */
  readonly shown: string | null
  readonly saleId: number | null
  readonly bookedAt: number | null
  readonly confirmed: boolean
  /** Mails that the mail server took. */
  readonly mails: number
  /** Of the mail that is to be sent. */
  readonly tries: number
  readonly dueAt: number | null
  /** Since when it is to be sent. */
  readonly since: number | null
  readonly sentAt: number | null
  readonly problem: string | null
}

const SELECT = `SELECT e.id, e.issue_id, i.code, i.name, e.amount, i.currency, e.buyer_kind, e.buyer_code, e.email, e.language,
  e.state, e.proposed_by, e.proposed_at, e.decided_by, e.decided_at, e.attempt, e.card_id, c.first_six, c.last_four, e.sale_id,
  e.booked_at, e.confirmed, e.mails, e.tries, e.due_at, e.since, e.sent_at, e.problem
  FROM ecards e JOIN issues i ON i.id = e.issue_id LEFT JOIN cards c ON c.id = e.card_id`

export const selectEcard = (id: number): string => `${SELECT} WHERE e.id = ${integer(id)}`
export const lockEcard = (id: number): string => `SELECT id FROM ecards WHERE id = ${integer(id)} FOR UPDATE`

/** The newest first, before a number. */
export const selectEcards = (before: number | null, most: number): string =>
  `${SELECT} WHERE ${before === null ? 'TRUE' : `e.id < ${integer(before)}`} ORDER BY e.id DESC LIMIT ${integer(most)}`

/** The e-card whose mail has waited longest; locked, skipping those that another process holds. */
export const selectDueEcard = (now: number): string =>
  `SELECT id FROM ecards WHERE due_at <= ${instant(now)} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`
/** Reserves it until then. */
export const claimEcard = (id: number, until: number): string =>
  `UPDATE ecards SET due_at = ${instant(until)} WHERE id = ${integer(id)}`

const at = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))

export function toEcard(row: Row): Ecard {
  const [
    id, issueId, issue, issueName, amount, currency, kind, code, email, language, state, proposedBy, proposedAt, decidedBy,
    decidedAt, attempt, cardId, firstSix, lastFour, saleId, bookedAt, confirmed, mails, tries, dueAt, since, sentAt, problem,
  ] = row as [
    number, number, string, string, number, number, string, string, string, string, string, string, string, string | null,
    string | null, number, number | null, string | null, string | null, number | null, string | null, number, number, number,
    string | null, string | null, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    issueId,
    issue,
    issueName,
    amount,
    currency,
    buyer: { kind: oneOf(BUYERS, kind), code },
    email,
    language: oneOf(['en', 'pl'] as const, language),
    state: oneOf(ECARD_STATES, state),
    proposedBy,
    proposedAt: fromInstant(proposedAt),
    decidedBy,
    decidedAt: at(decidedAt),
    attempt,
    cardId,
    shown: shownNumber(firstSix, lastFour),
    saleId,
    bookedAt: at(bookedAt),
    confirmed: confirmed === 1,
    mails,
    tries,
    dueAt: at(dueAt),
    since: at(since),
    sentAt: at(sentAt),
    problem,
  }
}

export type NewEcard = Pick<
  Ecard,
  'id' | 'issueId' | 'amount' | 'buyer' | 'email' | 'language' | 'proposedBy' | 'proposedAt'
>

export const insertEcard = (e: NewEcard): string =>
  `INSERT INTO ecards (id, issue_id, amount, buyer_kind, buyer_code, email, language, state, proposed_by, proposed_at) VALUES
   (${integer(e.id)},${integer(e.issueId)},${integer(e.amount)},${text(e.buyer.kind)},${text(e.buyer.code)},${text(e.email)},
   ${text(e.language)},'proposed',${text(e.proposedBy)},${instant(e.proposedAt)})`

export const refuseEcard = (id: number, who: string, when: number): string =>
  `UPDATE ecards SET state = 'refused', decided_by = ${text(who)}, decided_at = ${instant(when)} WHERE id = ${integer(id)}`

/** Approves the e-card: a job then sells its card and mails it. */
export const approveEcard = (id: number, who: string, when: number): string =>
  `UPDATE ecards SET state = 'sending', decided_by = ${text(who)}, decided_at = ${instant(when)}, due_at = ${instant(when)},
   since = ${instant(when)} WHERE id = ${integer(id)}`

/** Mails it once more, with a new eCode. */
export const resendEcard = (id: number, email: string, when: number): string =>
  `UPDATE ecards SET state = 'sending', email = ${text(email)}, tries = 0, problem = NULL, due_at = ${instant(when)},
   since = ${instant(when)} WHERE id = ${integer(id)}`

/** A sale is about to be asked for, of this card. */
export const beginEcardSale = (id: number, attempt: number, cardId: number): string =>
  `UPDATE ecards SET attempt = ${integer(attempt)}, card_id = ${integer(cardId)}, sale_id = NULL, booked_at = NULL
   WHERE id = ${integer(id)}`
export const setEcardSale = (id: number, saleId: number, when: number): string =>
  `UPDATE ecards SET sale_id = ${integer(saleId)}, booked_at = ${instant(when)} WHERE id = ${integer(id)}`
/** Forgets the card after its sale was undone, so that the next try sells another one. */
export const dropEcardSale = (id: number): string =>
  `UPDATE ecards SET card_id = NULL, sale_id = NULL, booked_at = NULL WHERE id = ${integer(id)}`
export const confirmEcardSale = (id: number): string => `UPDATE ecards SET confirmed = 1 WHERE id = ${integer(id)}`

export const setEcardSent = (id: number, when: number): string =>
  `UPDATE ecards SET state = 'sent', confirmed = 1, mails = mails + 1, due_at = NULL, sent_at = ${instant(when)}, problem = NULL
   WHERE id = ${integer(id)}`
export const putEcardOff = (id: number, tries: number, dueAt: number, problem: string): string =>
  `UPDATE ecards SET tries = ${integer(tries)}, due_at = ${instant(dueAt)}, problem = ${text(problem.slice(0, 200))}
   WHERE id = ${integer(id)}`
/** Ends it as failed; a card sold before stays sold. */
export const failEcard = (id: number, problem: string | null): string =>
  `UPDATE ecards SET state = IF(confirmed = 1 AND mails > 0, 'sent', 'failed'), due_at = NULL,
   problem = ${textOrNull(problem === null ? null : problem.slice(0, 200))} WHERE id = ${integer(id)}`

export const selectSaleState = (saleId: number | null): string =>
  `SELECT state FROM transactions WHERE id = ${integerOrNull(saleId)}`

import { AMOUNT_RULES } from '../core/amounts.ts'
import type { Issue } from '../core/issue.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { lockOpenCounterparty } from '../db/sql/counterparties.ts'
import {
  approveEcard,
  type Ecard,
  insertEcard,
  lockEcard,
  refuseEcard,
  resendEcard,
  selectEcard,
  selectEcards,
  toEcard,
} from '../db/sql/ecards.ts'
import { TEXTS } from '../messages/texts.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { cardNamed } from './card-finding.ts'
import { creditObjection } from './counterparty/credit.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { Ecard }

/** Each mail has a new eCode; more mails than this are not a service to the customer. */
const MOST_MAILS = 20

/** A second person's decision about an e-card: its sale, or another address. */
export type EcardChange = { readonly act: 'sell' } | { readonly act: 'address'; readonly email: string }

/** As much of an address as the audit keeps: it is never deleted. */
export const maskedAddress = (email: string): string => email.replace(/^(.).*@/u, '$1***@')

/** Newest first. Persons who sell or approve e-cards see all. */
export async function listEcards(
  office: Office,
  actor: Actor,
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<readonly Ecard[] | Refused> {
  const no = mayDo(actor, 'ecards.sell')
  if (no !== null && mayDo(actor, 'ecards.sell.approve') !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectEcards(before, most)))
  return rows.map(toEcard)
}

/** Issues that can be sold by e-mail: active virtual ones. */
export const ecardIssues = ({ registry }: Pick<Office, 'registry'>): Issue[] =>
  [...registry().issues.values()].filter(({ virtual, state }) => virtual && state === 'activated')

export type EcardInput = {
  readonly issue: string
  /** Null: the issue's nominal. */
  readonly amount: number | null
  readonly buyer: Ecard['buyer']
  readonly email: string
  readonly language: 'en' | 'pl'
  readonly reason: string
  /** A mail server is configured. */
  readonly mails: boolean
}

/** One person asks for a card to be sold by e-mail. Returns the e-card and the number of the proposal. */
export async function sellEcard(
  office: Office,
  actor: Actor,
  { issue: code, amount, buyer, email, language, reason, mails }: EcardInput,
): Promise<{ readonly id: number; readonly proposal: number } | Refused> {
  const no = mayDo(actor, 'ecards.sell')
  if (no !== null) return no
  if (!mails) return refused('mail_not_set_up')
  const issue = ecardIssues(office).find((one) => one.code === code)
  if (issue === undefined) return refused('issue_not_for_ecards', { issue: code })
  const each = amount ?? issue.nominal
  if (each === null) return refused('issue_without_nominal', { issue: code })
  const [id, at] = [office.nextId(), office.clock()]
  return inTransaction(office, async (connection) => {
    const ecard = {
      id,
      issueId: issue.id,
      amount: each,
      buyer,
      email,
      language,
      proposedBy: actor.login,
      proposedAt: at,
    }
    const against = await againstSale(office, connection, issue, ecard)
    if (against !== null) return against
    await connection.send(insertEcard(ecard))
    const proposal = await propose(connection, office, actor, {
      kind: 'ecard',
      subject: id,
      input: { act: 'sell' },
      reason,
      details: { issue: code, amount: each, buyer: buyer.code, to: maskedAddress(email) },
      ...(buyer.kind === 'store' ? { store: buyer.code } : {}),
    })
    return isRefused(proposal) ? proposal : { id, proposal }
  })
}

/** Checks everything that could refuse the sale later; repeated at the approval. */
async function againstSale(
  office: Office,
  connection: WorkerConnection,
  issue: Issue,
  { amount, buyer }: Pick<Ecard, 'amount' | 'buyer'>,
): Promise<Refused | null> {
  const fault = AMOUNT_RULES.sale({ amount, issue })
  if (fault !== null) {
    return refused('sale_amount_not_permitted', { issue: issue.code, amount, why: TEXTS[fault] ?? fault })
  }
  if (amount > issue.maximumBalance) {
    return refused('exceeds_card_maximum', { issue: issue.code, most: issue.maximumBalance })
  }
  if (buyer.kind === 'store') {
    const store = office.registry().stores.get(buyer.code)
    if (store?.open !== true) return refused('ecard_buyer_closed', { code: buyer.code })
    if (store.currency !== issue.currency) return refused('ecard_currency', { code: buyer.code, issue: issue.code })
    const isSold = issue.sellingStores === null || issue.sellingStores.has(buyer.code)
    if (isSold) return null
    const why = TEXTS.store_not_permitted ?? 'store_not_permitted'
    return refused('sale_amount_not_permitted', { issue: issue.code, amount, why })
  }
  const [[open] = []] = await connection.send(lockOpenCounterparty(buyer.code))
  if (open === undefined) return refused('ecard_buyer_closed', { code: buyer.code })
  return creditObjection(connection, office, { counterparty: buyer.code, currency: issue.currency, amount })
}

export async function ecardWith(connection: WorkerConnection, id: number): Promise<Ecard | Refused> {
  const [[row] = []] = await connection.send(selectEcard(id))
  return row === undefined ? refused('no_such_ecard', { id }) : toEcard(row)
}

async function lockedEcard(connection: WorkerConnection, id: number): Promise<Ecard | Refused> {
  await connection.send(lockEcard(id))
  return ecardWith(connection, id)
}

/** `email` null: the address that it has. */
export type ResendInput = {
  readonly id: number
  readonly email: string | null
  readonly reason: string
  readonly mails: boolean
}

/**
 * Mails a sold card again with a new eCode, which invalidates the former one. One person may do it to the same address;
 * another address needs a second person. Returns the number of the proposal; null: it is being sent.
 */
export async function sendEcardAgain(
  office: Office,
  actor: Actor,
  { id, email: wanted, reason, mails }: ResendInput,
): Promise<{ readonly waits: number | null } | Refused> {
  const no = mayDo(actor, 'ecards.sell')
  if (no !== null) return no
  if (!mails) return refused('mail_not_set_up')
  return inTransaction(office, async (connection) => {
    const ecard = await lockedEcard(connection, id)
    if (isRefused(ecard)) return ecard
    const against = await againstResending(office, ecard)
    if (against !== null) return against
    const email = wanted ?? ecard.email
    if (email.toLowerCase() === ecard.email.toLowerCase()) {
      await resend(office, connection, actor, ecard, ecard.email, { reason })
      return { waits: null }
    }
    const waits = await propose(connection, office, actor, {
      kind: 'ecard',
      subject: id,
      input: { act: 'address', email },
      reason,
      details: { from: maskedAddress(ecard.email), to: maskedAddress(email) },
    })
    return isRefused(waits) ? waits : { waits }
  })
}

async function againstResending(
  office: Office,
  { id, state, confirmed, cardId, mails }: Ecard,
): Promise<Refused | null> {
  if (state !== 'sent' || !confirmed || cardId === null) return refused('ecard_not_sent', { id })
  if (mails >= MOST_MAILS) return refused('ecard_sent_too_often', { id, most: MOST_MAILS })
  const card = await cardNamed(office, { by: 'id', id: cardId })
  return isRefused(card) || card.state !== 'sold' ? refused('ecard_card_gone', { id }) : null
}

async function resend(
  office: Office,
  connection: WorkerConnection,
  actor: Actor,
  { id }: Pick<Ecard, 'id'>,
  email: string,
  details: { readonly reason: string },
): Promise<void> {
  const at = office.clock()
  await connection.send(resendEcard(id, email, at))
  const object = { kind: 'ecard', id }
  const act = { action: 'ecards.resend', object, details: { ...details, to: maskedAddress(email) } }
  await putOnRecord(connection, office, actor, at, act)
}

export type EcardProposal = ProposalRow & { readonly ecard: Ecard; readonly change: EcardChange }

export async function openEcardProposals(office: Pick<Office, 'db'>): Promise<EcardProposal[]> {
  const all: EcardProposal[] = []
  for (const proposal of await openProposals(office, 'ecard')) {
    const ecard = await office.db.use((connection) => ecardWith(connection, proposal.subject))
    if (!isRefused(ecard)) all.push({ ...proposal, ecard, change: changeOf(proposal) })
  }
  return all
}

/** Written by the use cases above alone. */
const changeOf = ({ input }: ProposalRow): EcardChange => JSON.parse(input) as EcardChange

/** The second person's word: a job sells the card and sends the mail. */
export const decideEcard = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'ecard', ...input }, async (connection, proposal, at) => {
    const ecard = await lockedEcard(connection, proposal.subject)
    if (isRefused(ecard)) return ecard
    const change = changeOf(proposal)
    if (change.act === 'sell') {
      if (!input.approve) {
        await connection.send(refuseEcard(ecard.id, actor.login, at))
        return null
      }
      const issue = ecardIssues(office).find(({ id }) => id === ecard.issueId)
      if (issue === undefined) return refused('issue_not_for_ecards', { issue: ecard.issue })
      const against = await againstSale(office, connection, issue, ecard)
      if (against !== null) return against
      await connection.send(approveEcard(ecard.id, actor.login, at))
      return null
    }
    if (!input.approve) return null
    const against = await againstResending(office, ecard)
    if (against !== null) return against
    await resend(office, connection, actor, ecard, change.email, { reason: proposal.reason })
    return null
  })

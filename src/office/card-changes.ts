import { currencyOf } from '../core/currency.ts'
import { clerkKey } from '../core/key.ts'
import { type NumberHashes } from '../core/request.ts'
import { selectActs, selectDetailsOf } from '../db/sql/audit.ts'
import { fromInstant } from '../db/sql/literal.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { cardFor, cardNamed } from './card-finding.ts'
import { extensionOf, type CardView } from './cards.ts'
import { askEngine, type ClerkInput } from './clerk-request.ts'
import { dateIn } from './clock.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import type { Right } from './rights-table.ts'
import { settingOf } from './settings.ts'

/**
 * Changes that give the holder access to a card again, by which an insider could get somebody else's money
 * (docs/spec/abuse.md, 3).
 */
export type CardChange =
  | { readonly act: 'unblock' }
  | { readonly act: 'extend'; readonly until: string }
  | { readonly act: 'duplicate'; readonly onto: NumberHashes; readonly shown: string }
  /** The approval permits one plastic of this version, made by the proposer; it carries the data of the file. */
  | { readonly act: 'new_version'; readonly version: number; readonly maker: string }

export const RIGHTS_OF = {
  unblock: 'cards.unblock',
  extend: 'cards.extend',
  duplicate: 'cards.duplicate',
  new_version: 'cards.duplicate',
} as const satisfies Record<CardChange['act'], Right>

export type ChangeInput = { readonly id: number; readonly reason: string; readonly change: CardChange }

const DAY_MS = 24 * 3_600_000
const HANDS_OFF_MS = 30 * DAY_MS
const ALONE = 'cards.alone'

/**
 * Does it at once where the card was given back by its holder or lies before the clerk with its secret; else a second
 * person decides. Returns the proposal's number, null where it is done.
 */
export async function changeCard(
  office: Office,
  actor: Actor,
  { id, reason, change }: ChangeInput,
): Promise<{ readonly waits: number | null } | Refused> {
  const card = await cardFor(office, actor, RIGHTS_OF[change.act], { by: 'id', id })
  if (isRefused(card)) return card
  const past = againstDate(office, change)
  if (past !== null) return past
  if (isHarmless(card, change)) {
    const declined = await carryOut(office, actor, card, { id, reason, change })
    return declined ?? { waits: null }
  }
  const handled = await handledBy(office, actor, id)
  if (handled !== null) return handled
  if (await mayAlone(office, actor, card)) {
    const declined = await carryOut(office, actor, card, { id, reason, change })
    return declined ?? { waits: null }
  }
  const waits = await proposeChange(office, actor, card, { reason, change })
  return isRefused(waits) ? waits : { waits }
}

export const proposeChange = (
  office: Office,
  actor: Actor,
  { id: subject, available: amount }: CardView,
  { reason, change }: Omit<ChangeInput, 'id'>,
): Promise<number | Refused> =>
  inTransaction(office, (connection) =>
    propose(connection, office, actor, {
      kind: 'card',
      subject,
      input: { ...change },
      reason,
      details: { act: change.act, amount },
    }),
  )

/** Whether a second person is needed, as far as a card's page can tell in advance. */
export const asksSecond = (actor: Actor, card: Pick<CardView, 'id' | 'block'>, act: CardChange['act']): boolean =>
  !isHarmless(card, { act }) && actor.presented?.get(card.id) !== true

/** Blocked at the customer's request or on suspicion: a person who may block may also undo that. */
const isHarmless = ({ block }: Pick<CardView, 'block'>, { act }: Pick<CardChange, 'act'>): boolean =>
  act === 'unblock' && block !== 'lost' && block !== 'stolen'

const againstDate = ({ timeZone, clock }: Office, change: CardChange): Refused | null =>
  change.act === 'extend' && change.until < dateIn(timeZone, clock())
    ? refused('date_past', { date: change.until })
    : null

/** A person who revealed the whole number or removed a suspicion may not do this for 30 days. */
export async function handledBy(
  office: Pick<Office, 'db' | 'clock'>,
  actor: Actor,
  id: number,
): Promise<Refused | null> {
  const since = office.clock() - HANDS_OFF_MS
  const sql = selectActs(actor.login, ['cards.reveal', 'cards.clear'], { kind: 'card', id: String(id) }, since)
  const [[found] = []] = await office.db.use((connection) => connection.send(sql))
  return found === undefined ? null : refused('card_handled_by_you')
}

/**
 * Permitted alone if the card's secret was presented, up to the clerk's daily limit. The act is counted before it is
 * done.
 */
const mayAlone = async (office: Office, actor: Actor, card: CardView): Promise<boolean> => {
  if (actor.presented?.get(card.id) !== true) return false
  const at = office.clock()
  const today = dateIn(office.timeZone, at)
  return office.db.transaction(async (connection) => {
    const most = (await settingOf(connection, 'cardLimit')) * 10 ** currencyOf(card.currency).exponent
    const [rows = []] = await connection.send(selectDetailsOf(actor.login, ALONE, at - DAY_MS))
    const spent = rows
      .filter(([when]) => dateIn(office.timeZone, fromInstant(String(when))) === today)
      .map(([, details]) => JSON.parse(String(details)) as { amount: number; currency: number })
      .reduce((sum, { amount, currency }) => sum + (currency === card.currency ? amount : 0), 0)
    if (spent + card.available > most) return false
    const details = { amount: card.available, currency: card.currency }
    await putOnRecord(connection, office, actor, at, { action: ALONE, object: { kind: 'card', id: card.id }, details })
    return true
  })
}

/** @param key makes it happen once, however often it is approved */
async function carryOut(
  office: Office,
  actor: Actor,
  card: CardView,
  { reason, change }: ChangeInput,
  key?: number,
): Promise<Refused | null> {
  const input: Omit<ClerkInput, 'operation'> = {
    right: RIGHTS_OF[change.act],
    card,
    reason,
    ...(key === undefined ? {} : { key: clerkKey(key) }),
  }
  const at = office.clock()
  switch (change.act) {
    case 'unblock':
      return askEngine(office, actor, at, { ...input, operation: 'unblock' })
    case 'extend':
      return askEngine(office, actor, at, { ...input, ...(await extensionOf(office, card, change.until)) })
    case 'duplicate':
      return askEngine(office, actor, at, { ...input, operation: 'duplicate', successor: change.onto })
    case 'new_version':
      return null
  }
}

export type CardProposal = ProposalRow & { readonly change: CardChange; readonly card: CardView }

export async function openCardProposals(office: Office): Promise<CardProposal[]> {
  const all: CardProposal[] = []
  for (const proposal of await openProposals(office, 'card')) {
    const card = await cardNamed(office, { by: 'id', id: proposal.subject })
    if (!isRefused(card)) all.push({ ...proposal, change: changeOf(proposal), card })
  }
  return all
}

const changeOf = ({ input }: ProposalRow): CardChange => JSON.parse(input) as CardChange

/**
 * The engine is called within the decision, under the proposal's own key, so that repeating it after a kill acts once.
 */
export const decideCardChange = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'card', ...input }, async (_connection, proposal) => {
    if (!input.approve) return null
    const card = await cardNamed(office, { by: 'id', id: proposal.subject })
    if (isRefused(card)) return card
    const change = changeOf(proposal)
    const { reason, subject } = proposal
    return againstDate(office, change) ?? carryOut(office, actor, card, { id: subject, reason, change }, proposal.id)
  })

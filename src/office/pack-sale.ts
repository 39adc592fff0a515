import { AMOUNT_RULES } from '../core/amounts.ts'
import type { Issue } from '../core/issue.ts'
import { openAccount } from '../db/accounts.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { countPastDay, countStaged } from '../db/sql/pack-cards.ts'
import { insertPackEvent, type PackRow, updatePack } from '../db/sql/pack-rows.ts'
import { TEXTS } from '../messages/texts.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { dependenceObjection } from './grants.ts'
import { putOnRecord } from './audit-row.ts'
import { dateIn } from './clock.ts'
import { creditObjection } from './counterparty/credit.ts'
import { inTransaction, type Office } from './office.ts'
import { againstState, lockedPack, type PackInput, packRow, soldOf, stepPack, writeEvent } from './pack-step.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/**
 * Proposes the sale of a pack to its counterparty with `amount` on each card; null: the issue's nominal. A new proposal
 * replaces the former one. Everything that could refuse a load later refuses the proposal. Returns the amount per card.
 */
export async function askPackSale(
  office: Office,
  actor: Actor,
  { pack: id, reason = null, amount }: PackInput & { readonly amount: number | null },
): Promise<number | Refused> {
  const no = mayDo(actor, 'packs.sell')
  if (no !== null) return no
  const eventId = office.nextId()
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const pack = await lockedPack(connection, id)
    if (isRefused(pack)) return pack
    const issue = issueOf(office, pack)
    if (isRefused(issue)) return issue
    const each = amount ?? issue.nominal
    if (each === null) return refused('issue_without_nominal', { issue: pack.issue })
    const against = await againstSale(office, connection, pack, each, issue, at)
    if (against !== null) return against
    await connection.send(updatePack(id, pack.state, { saleAmount: each, saleAskedBy: actor.login }))
    const [event, detail, action] = ['sale_asked', inAll(pack, each), 'packs.sell'] as const
    await writeEvent(office, actor, connection, { eventId, at, pack, event, reason, detail, action })
    return each
  })
}

/** The sale that the second person saw; a new proposal changes it. */
type ShownSale = { readonly amount: number | null; readonly by: string }

/**
 * A second person's approval: from now on the loads are booked (`bookPackLoads`, or the job of a running server). All
 * conditions are checked a last time. If a version was shown, only that version is approved.
 */
export async function approvePackSale(
  office: Office,
  actor: Actor,
  input: PackInput & { readonly shown?: ShownSale },
): Promise<PackRow | Refused> {
  const no = mayDo(actor, 'packs.sell.approve')
  if (no !== null) return no
  const at = office.clock()
  const found = await office.db.use((connection) => packRow(connection, input.pack))
  if (isRefused(found)) return found
  // It was approved before, and its loads were interrupted.
  if (found.state === 'selling') return againstShown(found, input.shown) ?? found
  await openAccount(office.db.access, 'counterparty_receivable', found.recipient.code, found.currency)
  const step = { right: 'packs.sell.approve', step: 'sell', at } as const
  return stepPack(office, actor, step, input, async (pack, connection) => {
    const { id, saleAmount, saleAskedBy } = pack
    if (saleAmount === null) return refused('sale_not_asked', { pack: id })
    const changed = againstShown(pack, input.shown)
    if (changed !== null) return changed
    if (saleAskedBy !== null && isSamePerson(actor, saleAskedBy)) return refused('own_request', { who: actor.login })
    const dependent = await dependenceObjection(connection, office, actor, saleAskedBy ?? '', at)
    if (dependent !== null) return dependent
    const issue = issueOf(office, pack)
    if (isRefused(issue)) return issue
    const against = await againstSale(office, connection, pack, saleAmount, issue, at)
    if (against !== null) return against
    return { event: 'sale_approved', marks: { saleApprovedBy: actor.login }, detail: inAll(pack, saleAmount) }
  })
}

const againstShown = ({ saleAmount, saleAskedBy }: PackRow, shown: ShownSale | undefined): Refused | null =>
  shown === undefined || (shown.amount === saleAmount && shown.by === saleAskedBy) ? null : refused('changed_since')

const inAll = ({ cards }: PackRow, amount: number): string =>
  `${cards} cards with ${amount} each, ${cards * amount} in all (minor units)`

function issueOf({ registry }: Pick<Office, 'registry'>, { issueId, issue: code }: PackRow): Issue | Refused {
  return registry().issues.get(issueId) ?? refused('no_such_issue', { issue: code })
}

/** Everything that could refuse a load refuses the sale, so that all loads are booked or none. */
async function againstSale(
  office: Pick<Office, 'timeZone' | 'db'>,
  connection: WorkerConnection,
  pack: PackRow,
  amount: number,
  issue: Issue,
  at: number,
): Promise<Refused | null> {
  const { id, recipient, saleAuthorisation, authorisedBy } = pack
  if (recipient.kind !== 'counterparty') return refused('pack_for_store', { pack: id })
  const inWrongState = againstState(pack, ['active'])
  if (inWrongState !== null) return inWrongState
  if (saleAuthorisation && authorisedBy === null) return refused('pack_not_authorised', { pack: id })
  const fault = AMOUNT_RULES.sale({ amount, issue })
  if (fault !== null) {
    return refused('sale_amount_not_permitted', { issue: pack.issue, amount, why: TEXTS[fault] ?? fault })
  }
  if (amount > issue.maximumBalance) {
    return refused('exceeds_card_maximum', { issue: pack.issue, most: issue.maximumBalance })
  }
  const sold = await soldOf(connection, id)
  if (sold > 0) return refused('pack_cards_sold', { sold, pack: id })
  const [[staged] = []] = await connection.send(countStaged(id))
  const loading = Number(staged?.[0])
  if (loading > 0) return refused('pack_cards_staged', { cards: loading, pack: id })
  const [[past] = []] = await connection.send(countPastDay(id, dateIn(office.timeZone, at)))
  const cards = Number(past?.[0])
  if (cards > 0) return refused('pack_cards_past_day', { cards, pack: id })
  const { cards: all, currency } = pack
  return creditObjection(connection, office, { counterparty: recipient.code, currency, amount: all * amount })
}

/** After the last load: from here on all its cards are good. */
export async function finishPackSale(office: Pick<Office, 'db' | 'nextId'>, id: number, at: number): Promise<void> {
  const eventId = office.nextId()
  await office.db.transaction(async (connection) => {
    const pack = await lockedPack(connection, id)
    if (isRefused(pack)) throw new Error(`pack ${id} is not there`)
    if (pack.state === 'sold') return // another process was faster
    if (pack.state !== 'selling') throw new Error(`pack ${id} is ${pack.state} while its loads are booked`)
    const sold = await soldOf(connection, id)
    if (sold !== pack.cards) throw new Error(`pack ${id}: ${sold} of ${pack.cards} cards have their load`)
    await connection.send(updatePack(id, 'sold', {}))
    const event = { event: 'sold', who: pack.saleApprovedBy ?? '', at, reason: null, detail: null } as const
    await connection.send(insertPackEvent({ ...event, id: eventId, packId: id }))
    const details = { cards: pack.cards, approvedBy: pack.saleApprovedBy }
    await putOnRecord(connection, office, JOB, at, { action: 'packs.sold', object: { kind: 'pack', id }, details })
  })
}

const JOB: Actor = { login: 'pack-sale', name: 'pack-sale', rights: new Map(), stores: 'all', channel: 'job' }

import { setUpError } from '../config/set-up-error.ts'
import { AMOUNT_RULES } from '../core/amounts.ts'
import type { Issue } from '../core/issue.ts'
import { isUnsold } from '../core/pack.ts'
import type { CardState } from '../core/card.ts'
import type { Access } from '../db/access.ts'
import { openAccount } from '../db/accounts.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { cardsByState, type Doer, eventOf, lockedPack, mustBeIn, stepPack } from './pack-records.ts'
import { countPastDay, selectSerialsOfPack } from '../db/sql/pack-cards.ts'
import { insertPackEvent, type PackRow, updatePack } from '../db/sql/pack-rows.ts'
import { onConnection, unitOfWork } from '../db/unit-of-work.ts'

export const dispatchPack = (access: Access, id: number, doer: Doer): Promise<PackRow> =>
  stepPack(access, id, 'dispatch', doer, () => ({ event: 'dispatched', marks: {}, detail: null }))

/** What was scanned against what is in the pack, by serial. */
export type Differences = { readonly missing: readonly number[]; readonly surplus: readonly number[] }

export async function differencesOf(
  connection: WorkerConnection,
  id: number,
  scanned: ReadonlySet<number>,
): Promise<Differences> {
  const [rows = []] = await connection.send(selectSerialsOfPack(id))
  const packed = new Set(rows.map(([serial]) => Number(serial)))
  return {
    missing: [...packed].filter((serial) => !scanned.has(serial)),
    surplus: [...scanned].filter((serial) => !packed.has(serial)),
  }
}

export const receivePack = (access: Access, id: number, doer: Doer, detail: string): Promise<PackRow> =>
  stepPack(access, id, 'receive', doer, () => ({ event: 'received', marks: {}, detail }))

/** Its cards can be sold from here on, all at once; where the issue wants a second person, after that one's word. */
export const activatePack = (access: Access, id: number, doer: Doer): Promise<PackRow> =>
  stepPack(access, id, 'activate', doer, (pack) => {
    if (pack.issueState !== 'activated') {
      throw setUpError(`issue ${pack.issue} is ${pack.issueState}; activate it first: akart issue activate`)
    }
    return { event: 'activated', marks: { activatedBy: doer.who }, detail: null }
  })

export const authorisePack = (access: Access, id: number, doer: Doer): Promise<PackRow> =>
  stepPack(access, id, 'authorise', doer, (pack) => {
    if (!pack.saleAuthorisation) throw setUpError(`issue ${pack.issue} does not ask for it: pack ${id} can be sold`)
    if (pack.authorisedBy !== null) throw setUpError(`pack ${id} was authorised by ${pack.authorisedBy}`)
    mustBeAnother(doer, pack.activatedBy, 'activated it')
    return { event: 'authorised', marks: { authorisedBy: doer.who }, detail: null }
  })

/** Nobody approves their own request. */
function mustBeAnother({ who }: Doer, first: string | null, did: string): void {
  if (who === first) throw setUpError(`${who} ${did}: a second person has to`)
}

/** Back from its recipient, whole; its cards may then go into another pack. */
export const returnPack = (access: Access, id: number, doer: Doer): Promise<PackRow> =>
  stepPack(access, id, 'return', doer, async (_pack, connection) => {
    const sold = await soldOf(connection, id)
    if (sold > 0) throw setUpError(`${sold} cards of pack ${id} are sold; only an unsold pack can be returned`)
    return { event: 'returned', marks: {}, detail: null }
  })

/** Stolen: 43 for each of its cards that is not in a buyer's hands, at once and for good. */
export const killPack = (access: Access, id: number, doer: Doer): Promise<PackRow> =>
  stepPack(access, id, 'kill', doer, async (pack, connection) => {
    const sold = await soldOf(connection, id)
    const left = pack.state === 'sold' ? 'those used since stay good' : `${sold} sold before stay good`
    return { event: 'killed', marks: {}, detail: `${pack.cards} cards, ${left}` }
  })

async function soldOf(connection: WorkerConnection, id: number): Promise<number> {
  const states = await cardsByState(connection, id)
  return [...states].reduce((sum, [state, count]) => sum + (isUnsold({ state: state as CardState }) ? 0 : count), 0)
}

/**
 * Asks for a pack to be sold to its counterparty with `amount` on each card. Asking again replaces what was asked before.
 *
 * @throws a set-up error for everything that could refuse one of the loads later
 */
export async function askPackSale(access: Access, id: number, amount: number, issue: Issue, doer: Doer): Promise<void> {
  const eventId = await takeIds(access, 'row', 1)
  await unitOfWork(access, async (connection) => {
    const pack = await lockedPack(connection, id)
    await mustBeSellable(connection, pack, amount, issue, doer)
    await connection.send(updatePack(id, pack.state, { saleAmount: amount, saleAskedBy: doer.who }))
    await connection.send(
      insertPackEvent({ ...eventOf(doer), id: eventId, packId: id, event: 'sale_asked', detail: inAll(pack, amount) }),
    )
  })
}

/** A second person's word: from here on the loads are booked. Everything is judged once more, and never again. */
export async function approvePackSale(access: Access, id: number, issue: Issue, doer: Doer): Promise<PackRow> {
  await openAccountOf(access, id)
  return stepPack(access, id, 'sell', doer, async (pack, connection) => {
    const { saleAmount, saleAskedBy } = pack
    if (saleAmount === null) throw setUpError(`nobody has asked for pack ${id} to be sold: akart pack sell`)
    mustBeAnother(doer, saleAskedBy, 'asked for it')
    await mustBeSellable(connection, pack, saleAmount, issue, doer)
    return { event: 'sale_approved', marks: { saleApprovedBy: doer.who }, detail: inAll(pack, saleAmount) }
  })
}

const inAll = ({ cards }: PackRow, amount: number): string =>
  `${cards} cards with ${amount} each, ${cards * amount} in all (minor units)`

/** What could refuse one load refuses the sale: then all of them can be booked, or none is. */
async function mustBeSellable(
  connection: WorkerConnection,
  pack: PackRow,
  amount: number,
  issue: Issue,
  doer: Doer,
): Promise<void> {
  const { id, recipient, saleAuthorisation, authorisedBy } = pack
  if (recipient.kind !== 'counterparty') throw setUpError(`pack ${id} is for a store, whose tills sell its cards`)
  mustBeIn(pack, ['active'])
  if (saleAuthorisation && authorisedBy === null) throw setUpError(`pack ${id} is not authorised for sale`)
  const fault = AMOUNT_RULES.sale({ amount, issue })
  if (fault !== null) throw setUpError(`issue ${pack.issue} takes no sale of ${amount} minor units: ${fault}`)
  if (amount > issue.maximumBalance) throw setUpError(`a card of ${pack.issue} holds ${issue.maximumBalance} at most`)
  const sold = await soldOf(connection, id)
  if (sold > 0) throw setUpError(`${sold} cards of pack ${id} are sold already`)
  const today = new Date(doer.at).toISOString().slice(0, 10)
  const [[past] = []] = await connection.send(countPastDay(id, today))
  if (Number(past?.[0]) > 0) throw setUpError(`${String(past?.[0])} cards of pack ${id} are past their last day`)
}

/** The account that the loads are booked against. */
async function openAccountOf(access: Access, id: number): Promise<void> {
  const { recipient, currency } = await onConnection(access, (connection) => lockedPack(connection, id))
  await openAccount(access, 'counterparty_receivable', recipient.code, currency)
}

/** After the last load: from here on all its cards are good. */
export async function finishPackSale(access: Access, id: number, at: number): Promise<void> {
  const eventId = await takeIds(access, 'row', 1)
  await unitOfWork(access, async (connection) => {
    const pack = await lockedPack(connection, id)
    if (pack.state === 'sold') return // another process was faster
    mustBeIn(pack, ['selling'])
    const sold = await soldOf(connection, id)
    if (sold !== pack.cards) throw new Error(`pack ${id}: ${sold} of ${pack.cards} cards have their load`)
    await connection.send(updatePack(id, 'sold', {}))
    const doer = { who: pack.saleApprovedBy ?? '', at, reason: null }
    await connection.send(insertPackEvent({ ...eventOf(doer), id: eventId, packId: id, event: 'sold', detail: null }))
  })
}

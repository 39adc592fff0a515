import { adjustmentKey } from '../core/key.ts'
import {
  type Adjustment,
  insertAdjustment,
  lockAdjustment,
  selectAdjustment,
  selectOpenAdjustments,
  toAdjustment,
  updateDecision,
} from '../db/sql/adjustments.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { cardFor } from './card-finding.ts'
import type { CardInput } from './cards.ts'
import { askEngine } from './clerk-request.ts'
import { dependenceObjection } from './grants.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { Adjustment }

/** Asks for a correction, in minor units, below zero to take; nothing moves before another person approves it. Returns its number. */
export async function adjustCard(
  office: Office,
  actor: Actor,
  { card: ref, reason, amount }: CardInput & { readonly amount: number },
): Promise<number | Refused> {
  const card = await cardFor(office, actor, 'cards.adjust', ref)
  if (isRefused(card)) return card
  const id = office.nextId()
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(insertAdjustment({ id, cardId: card.id, amount, reason, who: actor.login, at }))
    const object = { kind: 'card', id: card.id }
    await putOnRecord(connection, office, actor, at, {
      action: 'cards.adjust',
      object,
      details: { id, amount, reason },
    })
    return id
  })
}

/** Undecided adjustments, oldest first. */
export async function listAdjustments(
  office: Office,
  actor: Actor,
  { most }: { readonly most: number },
): Promise<readonly Adjustment[] | Refused> {
  const no = mayDo(actor, 'cards.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectOpenAdjustments(most)))
  return rows.map(toAdjustment)
}

/**
 * Records the second person's decision, then books it under the adjustment's own key, so that repeating it after a kill
 * books it once. The proposer may refuse the proposal but never approve it.
 */
export async function decideAdjustment(
  office: Office,
  actor: Actor,
  { id, approve }: { readonly id: number; readonly approve: boolean },
): Promise<Adjustment | Refused> {
  const no = mayDo(actor, 'cards.adjust.approve')
  if (no !== null) return no
  const at = office.clock()
  const adjustment = await inTransaction(office, async (connection) => {
    if (!Number.isSafeInteger(id)) return refused('no_such_adjustment', { id })
    await connection.send(lockAdjustment(id))
    const [[row] = []] = await connection.send(selectAdjustment(id))
    if (row === undefined) return refused('no_such_adjustment', { id })
    const asked = toAdjustment(row)
    if (approve && isSamePerson(actor, asked.askedBy)) return refused('own_request', { who: actor.login })
    if (asked.approved !== null && asked.approved !== approve) return alreadyDecided(asked)
    if (asked.approved === null) {
      const dependent = approve ? await dependenceObjection(connection, office, actor, asked.askedBy, at) : null
      if (dependent !== null) return dependent
      await connection.send(updateDecision(id, approve, actor.login, at))
      const action = approve ? 'cards.adjust.approve' : 'cards.adjust.refuse'
      const details = { id, amount: asked.amount, askedBy: asked.askedBy }
      const object = { kind: 'card', id: asked.card.id }
      await putOnRecord(connection, office, actor, at, { action, object, details })
    }
    return asked
  })
  if (isRefused(adjustment) || !approve) return adjustment
  const { amount, reason, card, currency } = adjustment
  const declined = await askEngine(office, actor, at, {
    right: 'cards.adjust.approve',
    operation: amount > 0 ? 'adjustment_credit' : 'adjustment_debit',
    card: { ...card, currency },
    reason,
    key: adjustmentKey(id),
    amount: Math.abs(amount),
    against: 'issuer_adjustments',
  })
  return declined ?? adjustment
}

const alreadyDecided = ({ id, approved, decidedBy }: Adjustment): Refused =>
  refused('adjustment_decided', {
    id,
    who: decidedBy ?? '–',
    decision: approved === true ? { en: 'approved', pl: 'zatwierdzona' } : { en: 'refused', pl: 'odrzucona' },
  })

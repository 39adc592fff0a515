/** Bulk actions on many cards: the preview freezes the cards, a job executes it, and the whole can be undone. */

import type { Block } from '../core/card.ts'
import type { WorkerConnection } from '../db/connection.ts'
import {
  countBulkResults,
  insertBulk,
  insertBulkCards,
  lockBulk,
  selectBulk,
  selectBulkCards,
  selectCandidates,
  setBulkReason,
  setBulkState,
  toBulk,
  toBulkCard,
  toCandidate,
  type BulkAction,
  type BulkCandidate,
  type BulkCard,
  type BulkRow,
} from '../db/sql/bulks.ts'
import { insertJob } from '../db/sql/jobs.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { withinReach, type CardCriteria, type Page } from './card-lists.ts'
import { dateIn } from './clock.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'
import { type Right } from './rights-table.ts'
import { mayDo } from './rights.ts'
import { settingOf } from './settings.ts'

export type { BulkAction, BulkRow }

/** The kinds of its jobs. */
export const BULK_JOB = 'bulk'
export const BULK_UNDO_JOB = 'bulk_undo'

/** A larger selection must be split into several actions. */
const MOST = 100_000
const INSERTED_AT_ONCE = 1_000
const HANDS_OFF_MS = 30 * 24 * 3_600_000

const RIGHTS_OF = {
  block: 'cards.block',
  unblock: 'cards.unblock',
  extend: 'cards.extend',
} as const satisfies Record<BulkAction, Right>

export type BulkInput = {
  readonly action: BulkAction
  readonly kind: Block | null
  readonly until: string | null
  readonly criteria: CardCriteria
}

export type Sum = { readonly currency: number; readonly value: number }
export type Skipped = { readonly why: Words; readonly cards: number }

/** Why a card is left out; null: it is taken. */
const AGAINST: Readonly<Record<BulkAction, (card: BulkCandidate) => Words | null>> = {
  block: ({ block }) => (block === null ? null : { en: 'blocked already', pl: 'już zablokowane' }),
  unblock: ({ block, handled }) =>
    block === null ? { en: 'not blocked', pl: 'niezablokowane' } : handled && isGone(block) ? HANDLED : null,
  extend: ({ state, validUntil, handled }) =>
    validUntil === null || (state !== 'sold' && state !== 'expired')
      ? { en: 'without a last day', pl: 'bez ostatniego dnia ważności' }
      : handled
        ? HANDLED
        : null,
}

const HANDLED: Words = {
  en: 'revealed or cleared by you within 30 days',
  pl: 'odsłonięte lub wyczyszczone przez Ciebie w ciągu 30 dni',
}
const isGone = (block: Block | null): boolean => block === 'lost' || block === 'stolen'

/** Freezes the list of cards and returns the effects. */
export async function previewBulk(office: Office, actor: Actor, input: BulkInput): Promise<BulkRow | Refused> {
  const objection = mayDo(actor, 'cards.bulk') ?? mayDo(actor, RIGHTS_OF[input.action]) ?? againstInput(office, input)
  if (objection !== null) return objection
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const sql = selectCandidates(withinReach(actor, input.criteria), actor.login, at - HANDS_OFF_MS, MOST + 1)
    const [rows = []] = await connection.send(sql)
    if (rows.length > MOST) return refused('bulk_too_long', { most: MOST })
    const found = rows.map(toCandidate)
    const taken = found.filter((card) => AGAINST[input.action](card) === null)
    const second = input.action === 'extend' || (input.action === 'unblock' && taken.some(({ block }) => isGone(block)))
    const bulk: BulkRow = {
      id: office.nextId(),
      action: input.action,
      block: input.action === 'block' ? input.kind : null,
      until: input.action === 'extend' ? input.until : null,
      state: 'previewed',
      cards: taken.length,
      money: JSON.stringify(sumsOf(taken)),
      skipped: JSON.stringify(skippedOf(found, input.action)),
      second: second || taken.length > (await settingOf(connection, 'bulkLimit')),
      by: actor.login,
      at,
      reason: null,
    }
    await connection.send(insertBulk(bulk))
    for (let first = 0; first < taken.length; first += INSERTED_AT_ONCE)
      await connection.send(insertBulkCards(bulk.id, first + 1, taken.slice(first, first + INSERTED_AT_ONCE)))
    return bulk
  })
}

function againstInput({ timeZone, clock }: Office, { action, kind, until }: BulkInput): Refused | null {
  if (action === 'block' && kind === null) return refused('bulk_incomplete')
  if (action !== 'extend') return null
  if (until === null) return refused('bulk_incomplete')
  return until < dateIn(timeZone, clock()) ? refused('date_past', { date: until }) : null
}

function sumsOf(cards: readonly BulkCandidate[]): Sum[] {
  const sums = new Map<number, number>()
  for (const { currency, available } of cards) sums.set(currency, (sums.get(currency) ?? 0) + available)
  return [...sums].map(([currency, value]) => ({ currency, value }))
}

function skippedOf(cards: readonly BulkCandidate[], action: BulkAction): Skipped[] {
  const counts = new Map<string, { why: Words; cards: number }>()
  for (const card of cards) {
    const why = AGAINST[action](card)
    if (why !== null) counts.set(why.en, { why, cards: (counts.get(why.en)?.cards ?? 0) + 1 })
  }
  return [...counts.values()]
}

export type BulkReason = { readonly id: number; readonly reason: string }

/**
 * Starts a previewed action, or proposes it to a second person. Returns the number of the proposal; null if it started.
 */
export const runBulk = (
  office: Office,
  actor: Actor,
  { id, reason }: BulkReason,
): Promise<{ readonly waits: number | null } | Refused> =>
  inTransaction(office, async (connection) => {
    const bulk = await lockedBulk(connection, id)
    if (isRefused(bulk)) return bulk
    const objection = mayDo(actor, 'cards.bulk') ?? mayDo(actor, RIGHTS_OF[bulk.action])
    if (objection !== null) return objection
    if (bulk.by !== actor.login) return refused('no_such_bulk', { id })
    if (bulk.state !== 'previewed') return refused('bulk_not_now', { id })
    if (bulk.cards === 0) return refused('bulk_empty')
    await connection.send(setBulkReason(id, reason))
    return beginOrPropose(connection, office, actor, { bulk, undo: false, reason })
  })

/** Gives each card its own earlier state again, where nothing happened to it since. */
export const undoBulk = (
  office: Office,
  actor: Actor,
  { id, reason }: BulkReason,
): Promise<{ readonly waits: number | null } | Refused> =>
  inTransaction(office, async (connection) => {
    const bulk = await lockedBulk(connection, id)
    if (isRefused(bulk)) return bulk
    const objection = mayDo(actor, 'cards.bulk') ?? mayDo(actor, RIGHTS_OF[OPPOSITES[bulk.action]])
    if (objection !== null) return objection
    if (bulk.state !== 'done') return refused('bulk_not_now', { id })
    return beginOrPropose(connection, office, actor, { bulk, undo: true, reason })
  })

const OPPOSITES: Readonly<Record<BulkAction, BulkAction>> = { block: 'unblock', unblock: 'block', extend: 'extend' }

type Step = { readonly bulk: BulkRow; readonly undo: boolean; readonly reason: string }

async function beginOrPropose(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  step: Step,
): Promise<{ readonly waits: number | null } | Refused> {
  const { bulk, undo, reason } = step
  const many = bulk.cards > (await settingOf(connection, 'bulkLimit'))
  // A block for a loss that is taken back is as good as an unblocking.
  if (!many && !(undo ? isGone(bulk.block) : bulk.second)) {
    await begin(connection, office, actor, step)
    return { waits: null }
  }
  const waits = await propose(connection, office, actor, {
    kind: 'bulk',
    subject: bulk.id,
    input: { undo },
    reason,
    details: { action: bulk.action, cards: bulk.cards, undo },
  })
  if (isRefused(waits)) return waits
  if (!undo) await connection.send(setBulkState(bulk.id, 'proposed'))
  return { waits }
}

async function begin(connection: WorkerConnection, office: Office, actor: Actor, { bulk, undo, reason }: Step) {
  const job = { id: office.nextId(), kind: undo ? BULK_UNDO_JOB : BULK_JOB, subject: bulk.id, total: bulk.cards }
  const parameters = JSON.stringify({ reason })
  await connection.send(
    `${setBulkState(bulk.id, undo ? 'undoing' : 'running')};${insertJob({ ...job, parameters, who: bulk.by })}`,
  )
  await putOnRecord(connection, office, actor, office.clock(), {
    action: undo ? 'cards.bulk.undo' : 'cards.bulk',
    object: { kind: 'bulk', id: bulk.id },
    details: { action: bulk.action, cards: bulk.cards, reason, job: job.id },
  })
}

async function lockedBulk(connection: WorkerConnection, id: number): Promise<BulkRow | Refused> {
  const [[row] = []] = await connection.send(lockBulk(id))
  return row === undefined ? refused('no_such_bulk', { id }) : toBulk(row)
}

export type BulkView = {
  readonly bulk: BulkRow
  readonly done: number
  readonly failed: number
  readonly rows: Page<BulkCard>
}

export async function showBulk(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { id, after, limit }: { readonly id: number; readonly after: number; readonly limit: number },
): Promise<BulkView | Refused> {
  const objection = actor.rights.has('changes.approve') ? null : mayDo(actor, 'cards.bulk')
  if (objection !== null) return objection
  const sql = `${selectBulk(id)};${countBulkResults(id)};${selectBulkCards(id, after, limit + 1)}`
  const [[row] = [], [counts] = [], cards = []] = await office.db.use((connection) => connection.send(sql))
  if (row === undefined) return refused('no_such_bulk', { id })
  const items = cards.slice(0, limit).map(toBulkCard)
  const last = items.at(-1)
  return {
    bulk: toBulk(row),
    done: Number(counts?.[0]),
    failed: Number(counts?.[1]),
    rows: { items, next: cards.length > limit && last !== undefined ? String(last.position) : null },
  }
}

export type BulkProposal = ProposalRow & { readonly bulk: BulkRow; readonly undo: boolean }

export async function openBulkProposals(office: Pick<Office, 'db'>): Promise<BulkProposal[]> {
  const all: BulkProposal[] = []
  for (const proposal of await openProposals(office, 'bulk')) {
    const [[row] = []] = await office.db.use((connection) => connection.send(selectBulk(proposal.subject)))
    if (row !== undefined) all.push({ ...proposal, bulk: toBulk(row), undo: isUndo(proposal) })
  }
  return all
}

const isUndo = ({ input }: ProposalRow): boolean => (JSON.parse(input) as { undo: boolean }).undo

export const decideBulk = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'bulk', ...input }, async (connection, proposal) => {
    const bulk = await lockedBulk(connection, proposal.subject)
    if (isRefused(bulk)) return bulk
    const undo = isUndo(proposal)
    if (bulk.state !== (undo ? 'done' : 'proposed')) return refused('bulk_not_now', { id: bulk.id })
    if (input.approve) await begin(connection, office, actor, { bulk, undo, reason: proposal.reason })
    else if (!undo) await connection.send(setBulkState(bulk.id, 'refused'))
    return null
  })

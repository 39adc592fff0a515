/** Proposals of the kinds without a table of their own: proposed by one person, decided by another. */

import {
  decideProposalRow,
  insertProposal,
  lockProposal,
  selectProposalOf,
  selectOpenProposals,
  toProposal,
  type ProposalRow,
} from '../db/sql/proposals.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Json } from '../core/attached.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { putOnRecord, type Act } from './audit-row.ts'
import { dependenceObjection } from './grants.ts'
import { inTransaction, type Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { type Right } from './rights-table.ts'
import { mayDo } from './rights.ts'

export type { ProposalRow }

export const PROPOSAL_KINDS = [
  'case',
  'card',
  'bulk',
  'journal',
  'setting',
  'terminal',
  'payment',
  'creditLimit',
  'employer',
  'settlement',
  'apiKey',
  'shop',
  'ecard',
  'erasure',
] as const
export type ProposalKind = (typeof PROPOSAL_KINDS)[number]

/** The deciders of each kind, and its audit entries. */
const RULES = {
  case: { right: 'cases.approve', noun: 'cases', object: 'case' },
  journal: { right: 'cases.approve', noun: 'journals', object: 'journal' },
  card: { right: 'changes.approve', noun: 'cards', object: 'card' },
  bulk: { right: 'changes.approve', noun: 'bulks', object: 'bulk' },
  setting: { right: 'changes.approve', noun: 'settings', object: 'setting' },
  apiKey: { right: 'changes.approve', noun: 'api-keys', object: 'api-key' },
  ecard: { right: 'ecards.sell.approve', noun: 'ecards', object: 'ecard' },
  shop: { right: 'changes.approve', noun: 'shops', object: 'shop' },
  terminal: { right: 'changes.approve', noun: 'terminals', object: 'terminal' },
  payment: { right: 'counterparties.payments.approve', noun: 'payments', object: 'payment' },
  settlement: { right: 'settlement.close', noun: 'settlements', object: 'settlement' },
  erasure: { right: 'changes.approve', noun: 'persons', object: 'person' },
  employer: { right: 'changes.approve', noun: 'employers', object: 'employer' },
  creditLimit: { right: 'changes.approve', noun: 'creditLimits', object: 'creditLimit' },
} as const satisfies Record<ProposalKind, { right: Right; noun: string; object: string }>

export const proposalRight = (kind: ProposalKind): Right => RULES[kind].right

export type NewProposal = {
  readonly kind: ProposalKind
  readonly subject: number
  readonly input: Json
  readonly reason: string
  /** For the audit, beside the proposal's number and reason. */
  readonly details: Act['details']
  readonly store?: string
}

/** Writes down what a second person shall decide. Returns its number; one proposal of a kind about a thing is open at a time. */
export async function propose(
  connection: WorkerConnection,
  office: Pick<Office, 'nextId' | 'clock'>,
  actor: Actor,
  { kind, subject, input, reason, details, store }: NewProposal,
): Promise<number | Refused> {
  const [[open] = []] = await connection.send(selectProposalOf(kind, subject))
  if (open !== undefined) return refused('already_proposed', { who: toProposal(open).by })
  const [id, at] = [office.nextId(), office.clock()]
  const row = { id, kind, subject, input: JSON.stringify(input), reason, by: actor.login, at }
  await connection.send(insertProposal(row))
  const { noun, object } = RULES[kind]
  await putOnRecord(connection, office, actor, at, {
    action: `${noun}.propose`,
    object: { kind: object, id: subject },
    store: store ?? null,
    details: { ...details, proposal: id, reason },
  })
  return id
}

export async function openProposals(office: Pick<Office, 'db'>, kind: ProposalKind): Promise<ProposalRow[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectOpenProposals(kind)))
  return rows.map(toProposal)
}

export type ProposalDecision = {
  readonly kind: ProposalKind
  readonly id: number
  readonly approve: boolean
  readonly reason: string
}

/**
 * A second person's decision, recorded before anything is done. The proposer may withdraw the proposal but never
 * approve it. `also`: changes in the same transaction.
 */
export const decideProposal = (
  office: Office,
  actor: Actor,
  { kind, id, approve, reason }: ProposalDecision,
  also: (connection: WorkerConnection, proposal: ProposalRow, at: number) => Promise<Refused | null> = () =>
    Promise.resolve(null),
): Promise<ProposalRow | Refused> =>
  inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockProposal(id))
    const proposal = row === undefined ? null : toProposal(row)
    if (proposal === null || proposal.kind !== kind) return refused('no_such_approval', { id })
    if (proposal.decidedBy !== null) return refused('already_decided', { who: proposal.decidedBy })
    const own = isSamePerson(actor, proposal.by)
    const { right, noun, object } = RULES[kind]
    const objection = approve || !own ? mayDo(actor, right) : null
    if (objection !== null) return objection
    if (approve && own) return refused('own_request', { who: proposal.by })
    const at = office.clock()
    const dependent = approve ? await dependenceObjection(connection, office, actor, proposal.by, at) : null
    if (dependent !== null) return dependent
    await connection.send(decideProposalRow(id, actor.login, at, approve))
    await putOnRecord(connection, office, actor, at, {
      action: `${noun}.${approve ? 'approve' : 'refuse'}`,
      object: { kind: object, id: proposal.subject },
      details: { proposal: id, by: proposal.by, reason },
    })
    return (await also(connection, proposal, at)) ?? proposal
  })

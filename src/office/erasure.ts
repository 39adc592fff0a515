/** Erasure of a person's data: names and addresses are replaced for good; books and audit keep their numbers. */

import { createHash } from 'node:crypto'
import {
  countMailedTo,
  countOpenRows,
  eraseAddress,
  eraseEmployee,
  eraseUser,
  forgetProposal,
} from '../db/sql/erasure.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { lockUser, toUser } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { maskedAddress } from './ecards.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { employeeOf } from './welfare/employees.ts'

/** The person to erase. */
export type PersonRef =
  | { readonly person: 'employee'; readonly employer: string; readonly number: string }
  | { readonly person: 'user'; readonly login: string }
  | { readonly person: 'address'; readonly address: string }

/** As a proposal keeps it. */
type Kept =
  | { readonly person: 'employee'; readonly employer: string; readonly number: string }
  | { readonly person: 'user'; readonly login: string }
  | { readonly person: 'address'; readonly digest: string }

/** The subject of an erasure: `id` names it in the audit, `shown` to the second person. */
type Target = { readonly id: number; readonly shown: string; readonly erase: string }

const digestOf = (text: string): string => createHash('sha256').update(text.toLowerCase()).digest('hex')
/** 48 bits of a digest: proposals are about a number. */
const numberOf = (digest: string): number => Number.parseInt(digest.slice(0, 12), 16)

const keptOf = (ref: PersonRef): Kept =>
  ref.person === 'address' ? { person: 'address', digest: digestOf(ref.address.trim()) } : ref

/** Asks for an erasure; another person approves it. @returns the number of the proposal */
export async function proposeErasure(
  office: Office,
  actor: Actor,
  { reason, ...ref }: PersonRef & { readonly reason: string },
): Promise<number | Refused> {
  const no = mayDo(actor, 'users.edit')
  if (no !== null) return no
  const kept = keptOf(ref)
  return inTransaction(office, async (connection) => {
    const target = await targetOf(connection, kept)
    if (isRefused(target)) return target
    const { id: subject } = target
    return propose(connection, office, actor, {
      kind: 'erasure',
      subject,
      input: kept,
      reason,
      details: { person: kept.person },
    })
  })
}

/** The second person's word; on approval the data are gone in the same transaction. */
export const decideErasure = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'erasure', ...input }, async (connection, proposal) => {
    if (!input.approve) return forget(connection, proposal.id)
    const target = await targetOf(connection, erasureOf(proposal))
    if (isRefused(target)) return target
    await connection.send(target.erase)
    return forget(connection, proposal.id)
  })

async function forget(connection: WorkerConnection, id: number): Promise<null> {
  await connection.send(forgetProposal(id))
  return null
}

const erasureOf = ({ input }: Pick<ProposalRow, 'input'>): Kept => JSON.parse(input) as Kept

export type ErasureProposal = ProposalRow & { readonly shown: string }

export const openErasures = async (office: Pick<Office, 'db'>): Promise<ErasureProposal[]> => {
  const open = await openProposals(office, 'erasure')
  return Promise.all(
    open.map(async (proposal) => {
      const target = await office.db.use((connection) => targetOf(connection, erasureOf(proposal)))
      return { ...proposal, shown: isRefused(target) ? '–' : target.shown }
    }),
  )
}

const targetOf = (connection: WorkerConnection, kept: Kept): Promise<Target | Refused> =>
  TARGETS[kept.person](connection, kept as never)

const TARGETS = {
  async employee(connection, { employer, number }) {
    const employee = await employeeOf(connection, { employer, number })
    if (isRefused(employee)) return employee
    const { id, state, name } = employee
    if (state !== 'left') return refused('erasure_waits', { person: number })
    const [[open] = []] = await connection.send(countOpenRows(employee))
    if (Number(open?.[0]) > 0) return refused('erasure_waits', { person: number })
    return { id, shown: `${employer} ${number} ${name}`, erase: eraseEmployee(employee) }
  },
  async user(connection, { login }) {
    const [[row] = []] = await connection.send(lockUser(login))
    if (row === undefined) return refused('no_such_user', { login })
    const { state, name } = toUser(row)
    if (state !== 'disabled') return refused('erasure_waits', { person: login })
    return { id: numberOf(digestOf(login)), shown: `${login} ${name}`, erase: eraseUser(login) }
  },
  async address(connection, { digest }) {
    const [[row] = []] = await connection.send(countMailedTo(digest))
    const [count, open, email] = (row ?? [0, 0, null]) as [number, number, string | null]
    if (Number(count) === 0 || email === null) return refused('no_such_person')
    const shown = maskedAddress(email)
    if (Number(open) > 0) return refused('erasure_waits', { person: shown })
    return { id: numberOf(digest), shown: `${shown} (${count})`, erase: eraseAddress(digest) }
  },
} as const satisfies {
  readonly [Person in Kept['person']]: (
    connection: WorkerConnection,
    kept: Extract<Kept, { person: Person }>,
  ) => Promise<Target | Refused>
}
